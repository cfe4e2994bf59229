"""Forms of access: asking for it, answering, deciding, the operator's own domains."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.core.rights import Role, role_title
from assay.portal.forms.fields import Line, Text

_ALLOWED, _REFUSED = "allowed", "refused"


class AccessForm(forms.Form):
    """Who asks, for which partner, and why."""

    name = Line(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = Line(
        label=_("Your address at work"),
        max_length=254,
        help_text=_("At your company's own domain. We send a link to it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    partner = Line(
        label=_("Partner"),
        max_length=120,
        help_text=_("Its name as the public pages have it, or its key."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    app = Line(
        label=_("App"),
        max_length=200,
        required=False,
        help_text=_("One that you work on, if any: it helps the support team."),
    )
    why = Text(
        label=_("Why you need access"),
        max_length=2000,
        help_text=_("What you do there, and who in the team knows you."),
        widget=forms.Textarea({"rows": 4}),
    )
    chosen = forms.SlugField(max_length=80, required=False, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What the asker answers."""

    words = Text(label=_("Your answer"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class DecideForm(forms.Form):
    """What staff decide, ask or refuse, in words that the asker reads."""

    words = Text(
        label=_("Question or reason"),
        max_length=2000,
        help_text=_("The asker reads it, and it stays on record."),
        widget=forms.Textarea({"rows": 4}),
    )
    role = forms.ChoiceField(
        label=_("Role, if granted"),
        choices=[(role.value, role_title(role)) for role in Role],
        initial=Role.VIEWER,
        help_text=_("Owners change it later. An owner only where there is none."),
    )


class DomainForm(forms.Form):
    """A domain for the operator's own lists."""

    domain = Line(
        label=_("Domain"),
        max_length=253,
        help_text=_("Such as company.com. It counts for everything below it too."),
    )
    list = forms.ChoiceField(
        label=_("Addresses there are"),
        choices=[(_ALLOWED, _("allowed")), (_REFUSED, _("refused"))],
        widget=forms.RadioSelect,
        initial=_ALLOWED,
    )
    reason = Line(label=_("Reason"), max_length=400)

    @property
    def allowed(self) -> bool:
        """Whether the domain goes on the list of allowed ones."""
        return bool(self.cleaned_data["list"] == _ALLOWED)


class TryForm(forms.Form):
    """An address to try."""

    address = forms.CharField(label=_("Try an address"), max_length=300, required=False)

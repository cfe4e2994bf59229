"""Forms of risk: what a partner answers, what staff agreed with it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.portal.forms.fields import Text


class RiskAnswerForm(forms.Form):
    """What a partner will do, or asks."""

    text = Text(
        label=_("What will you do, or what do you need from us?"),
        max_length=4000,
        help_text=_("The program team is told, and your team reads it here."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AgreementForm(forms.Form):
    """What was agreed with a partner."""

    text = Text(
        label=_("What was agreed"),
        max_length=4000,
        help_text=_("The partner reads it, and is told."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

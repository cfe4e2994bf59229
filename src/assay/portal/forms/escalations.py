"""Forms of escalations: what is asked, what is answered, what is disputed and decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assay.core.clock import told_moment
from assay.core.escalations import Severity
from assay.core.issues import Refused
from assay.gateways.attachments import ENDINGS, MEGABYTE
from assay.jobs.escalations.open_escalation import (
    MOST_OF_A_CUSTOMER,
    MOST_OF_A_SUBJECT,
    MOST_WORDS,
    Asked,
)
from assay.jobs.escalations.parts import MOST_BYTES, MOST_FILES, SentFile
from assay.portal.forms.content import WallClock
from assay.portal.forms.fields import Line, Text

SEVERITIES = (
    (Severity.LOW.value, _("Low: a question")),
    (Severity.NORMAL.value, _("Normal: something is wrong")),
    (Severity.HIGH.value, _("High: work is held up")),
    (Severity.URGENT.value, _("Urgent: work stands still")),
)
SEVERITY_WORDS = {
    Severity.LOW.value: _("Low"),
    Severity.NORMAL.value: _("Normal"),
    Severity.HIGH.value: _("High"),
    Severity.URGENT.value: _("Urgent"),
}
_MOST_REASON = 2000


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that go with what is written, none or a few."""

    widget = _SeveralFiles(
        attrs={"multiple": True, "accept": ",".join(f".{ending}" for ending in ENDINGS)}
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Files"),
            required=False,
            help_text=_("At most %(files)s, of at most %(size)s MB each: .%(endings)s.")
            % {
                "files": MOST_FILES,
                "size": MOST_BYTES // MEGABYTE,
                "endings": ", .".join(ENDINGS),
            },
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check every file."""
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in sent]


def sent_files(form: forms.Form) -> Sequence[SentFile]:
    """Return the files of a form that is valid."""
    return [SentFile(content=one, name=one.name) for one in form.cleaned_data["attachments"]]


class OpenForm(forms.Form):
    """An escalation to open."""

    partner = Line(
        label=_("Partner"),
        max_length=120,
        help_text=_("Its key, or the last part of its address here, such as demo-partner-001."),
    )
    app = Line(
        label=_("App"),
        max_length=200,
        required=False,
        help_text=_("The key of one of the partner’s apps, if it is about one."),
    )
    customer = Line(label=_("Customer"), max_length=MOST_OF_A_CUSTOMER)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=SEVERITIES, initial=Severity.NORMAL.value
    )
    subject = Line(label=_("In one line"), max_length=MOST_OF_A_SUBJECT)
    text = Text(
        label=_("What happened"),
        max_length=MOST_WORDS,
        help_text=_("Leave out what the partner must not know of the customer."),
    )
    attachments = FilesField()

    def asked(self) -> Asked:
        """Return what is asked."""
        said = self.cleaned_data
        return Asked(
            subject=said["subject"],
            text=said["text"],
            customer=said["customer"],
            severity=Severity(said["severity"]),
            app=said["app"],
        )


class WriteForm(forms.Form):
    """A message in an escalation."""

    text = Text(label=_("Message"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField()


class ZonedForm(forms.Form):
    """A form with a moment, told by the clocks of the partner."""

    def __init__(self, *arguments: Any, zone: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.zone = zone or "UTC"

    def moment_of(self, field: str) -> datetime:
        """Return a time of the partner's clocks as a moment; raises ValidationError."""
        told: datetime = self.cleaned_data[field]
        try:
            return told_moment(told.isoformat(), self.zone, named=field)
        except Refused as refused:
            words = refused.issues[0].message
            raise ValidationError(words[:1].upper() + words[1:] + ".") from None


class DisputeForm(ZonedForm):
    """A dispute on a response time."""

    claimed = WallClock(label=_("When you first answered"))
    reason = Text(
        label=_("Why this time counts"),
        max_length=_MOST_REASON,
        help_text=_("By which way you answered, and where it can be seen."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    file = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("A file that shows it, such as the mail or a picture of the ticket."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )

    def __init__(self, *arguments: Any, zone: str, **options: Any) -> None:
        super().__init__(*arguments, zone=zone, **options)
        words = gettext("By the clocks of your profile’s address (%(zone)s).")
        self.fields["claimed"].help_text = words % {"zone": self.zone}

    def clean_claimed(self) -> datetime:
        """Return the moment."""
        return self.moment_of("claimed")


class DecideForm(ZonedForm):
    """The decision on a dispute."""

    answered = WallClock(label=_("When the first answer was"))
    reason = Text(
        label=_("Reason"),
        max_length=_MOST_REASON,
        help_text=_("The partner reads it, and it stays on record."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *arguments: Any, zone: str, claimed: datetime, **options: Any) -> None:
        local = claimed.astimezone(ZoneInfo(zone or "UTC")).replace(tzinfo=None)
        options["initial"] = {"answered": local}
        super().__init__(*arguments, zone=zone, **options)
        words = gettext("By the partner’s clocks (%(zone)s). Counts if you grant it.")
        self.fields["answered"].help_text = words % {"zone": self.zone}

    def clean_answered(self) -> datetime:
        """Return the moment."""
        return self.moment_of("answered")


class TokenForm(forms.Form):
    """A token for a machine."""

    name = Line(
        label=_("Name"),
        max_length=80,
        help_text=_("Which machine uses it, such as “help desk”."),
    )

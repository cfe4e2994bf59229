"""Forms of security programs: evidence, decisions, awards, changes of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.core.program import Amounts
from assay.core.security import MOST_TEXT, Evidence, EvidenceKind, SecurityProgram
from assay.jobs.security.evidence import SentFile
from assay.jobs.security.rule_changes import RuleChange
from assay.portal.forms.fields import Address, AppKey, Text

MOST_REASON = 2000
MOST_AWARD = 10_000_000  # units of the currency


class Day(forms.DateField):
    """A day, chosen from a calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


class EvidenceForm(forms.Form):
    """What an applicant shows: a field for each piece of evidence that is asked."""

    def __init__(
        self,
        *arguments: Any,
        program: SecurityProgram,
        shown: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.program = program
        held = shown or {}
        files = {asked.key for asked in program.evidence if asked.kind is EvidenceKind.FILE}
        given = {key: value for key, value in held.items() if key not in files}
        options["initial"] = given
        super().__init__(*arguments, **options)
        for asked in program.evidence:
            self.fields[asked.key] = _field(asked, is_held=bool(held.get(asked.key)))

    def shown(self) -> dict[str, Any]:
        """Return what is shown, files with their names."""
        said = dict(self.cleaned_data)
        for asked in self.program.evidence:
            sent = said.get(asked.key)
            if asked.kind is EvidenceKind.FILE:
                said[asked.key] = None if sent is None else SentFile(sent.file, sent.name)
        return said


def _field(asked: Evidence, *, is_held: bool) -> forms.Field:
    match asked.kind:
        case EvidenceKind.FILE:
            again = _("Leave it empty to keep the file you sent before.") if is_held else ""
            return forms.FileField(label=asked.title, required=not is_held, help_text=again)
        case EvidenceKind.URL:
            return Address(label=asked.title)
        case EvidenceKind.DATE:
            return Day(label=asked.title)
        case EvidenceKind.YES:
            return forms.BooleanField(label=asked.title)
        case _:
            rows = forms.Textarea(attrs={"rows": 4})
            return Text(label=asked.title, max_length=MOST_TEXT, widget=rows)


class ReasonForm(forms.Form):
    """What staff or a partner decide, and why."""

    reason = Text(
        label=_("Reason"),
        max_length=MOST_REASON,
        required=False,
        help_text=_("The other side reads it. Needed to ask back and to refuse."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LeaveForm(forms.Form):
    """Why a partner leaves."""

    reason = Text(
        label=_("Why"),
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndForm(forms.Form):
    """When staff end an enrolment, and why."""

    on = Day(label=_("Ends on"), help_text=_("Its last day."))
    reason = Text(
        label=_("Reason"),
        max_length=MOST_REASON,
        help_text=_("The partner reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AwardForm(forms.Form):
    """One submission with its award."""

    app = AppKey(label=_("App key"), max_length=200)
    key = AppKey(
        label=_("Submission"),
        max_length=120,
        help_text=_("Its number at the bug bounty platform. Entered again, it is corrected."),
    )
    severity = forms.ChoiceField(label=_("Severity"))
    submitted_on = Day(label=_("Submitted on"))
    awarded = forms.DecimalField(
        label=_("Award"),
        min_value=0,
        max_value=MOST_AWARD,
        max_digits=10,
        decimal_places=2,
        required=False,
        help_text=_("In the program's currency; empty where none was paid."),
    )

    def __init__(self, *arguments: Any, amounts: Amounts, on: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(value, value) for value in amounts.on(on)]
        self.fields["severity"] = forms.ChoiceField(label=_("Severity"), choices=choices)


class MinimumForm(forms.Form):
    """Dated amounts from another day on: one amount for each value."""

    on = Day(label=_("From"), help_text=_("What is submitted on this day or later must meet it."))

    def __init__(
        self, *arguments: Any, name: str, amounts: Amounts, on: date, **options: Any
    ) -> None:
        self.name = name
        self.values = tuple(amounts.on(on))
        given = {value: int(amount) for value, amount in amounts.on(on).items()}
        options["initial"] = given
        super().__init__(*arguments, **options)
        for value in self.values:
            self.fields[value] = forms.IntegerField(label=value, min_value=0, max_value=MOST_AWARD)

    def change(self) -> RuleChange:
        """Return what is to change."""
        said = self.cleaned_data
        cells = {value: said[value] for value in self.values}
        return RuleChange(on=said["on"], amounts=self.name, cells=cells)


class ProgramEndForm(forms.Form):
    """The day from which a security program is no more."""

    on = Day(label=_("Ends on"), help_text=_("Enrolments that still hold end on this day."))

    def __init__(self, *arguments: Any, key: str, **options: Any) -> None:
        self.key = key
        super().__init__(*arguments, **options)

    def change(self) -> RuleChange:
        """Return what is to change."""
        return RuleChange(on=self.cleaned_data["on"], ends=self.key)


class ConfirmForm(forms.Form):
    """Why the rules change."""

    reason = Text(
        label=_("Reason"),
        max_length=MOST_REASON,
        help_text=_("It is kept on record, and those whose standing changes read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

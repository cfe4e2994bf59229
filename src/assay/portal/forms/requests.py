"""Forms of rounds: opening one, asking in it, deciding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assay.core.program import BenefitKind, Program
from assay.jobs.requests.rounds import MOST_PLACES, RoundPlan
from assay.portal.forms.fields import Line, Text


class RoundForm(forms.Form):
    """What a round is to be. Days are those of the program's time zone, whole."""

    benefit = forms.ChoiceField(label=_("Benefit"))
    title = Line(label=_("Title"), max_length=160)
    description = Text(
        label=_("What is asked for"),
        max_length=8000,
        required=False,
        help_text=_("Markdown. Say what partners should write."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    opens_on = forms.DateField(label=_("Opens on"), widget=forms.DateInput(attrs={"type": "date"}))
    closes_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    capacity = forms.IntegerField(
        label=_("Places, or tickets in all"), min_value=1, max_value=MOST_PLACES
    )

    def __init__(self, program: Program, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.program = program
        self.fields["benefit"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.clause} {row.title}")
            for key, row in program.benefits.items()
            if row.kind is BenefitKind.LEVEL
        ]
        for name, tier in program.tiers.items():
            self.fields[f"quota_{name}"] = forms.IntegerField(
                label=_("Tickets for %(tier)s at most") % {"tier": tier.title},
                min_value=0,
                max_value=MOST_PLACES,
                required=False,
                help_text=_("Leave every one empty where the round gives no tickets."),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a round that closes before it opens."""
        cells: dict[str, Any] = super().clean() or {}
        if "opens_on" in cells and "closes_on" in cells and cells["closes_on"] < cells["opens_on"]:
            self.add_error("closes_on", ValidationError(_("A round closes after it opens.")))
        return cells

    def plan(self) -> RoundPlan:
        """Return the round as it was filled in."""
        cells = self.cleaned_data
        zone = ZoneInfo(self.program.time_zone)

        def begin(day: Any) -> datetime:
            return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)

        return RoundPlan(
            benefit=cells["benefit"],
            title=cells["title"],
            description=cells["description"],
            capacity=cells["capacity"],
            opens_at=begin(cells["opens_on"]),
            closes_at=begin(cells["closes_on"] + timedelta(days=1)),
            quotas=self._quotas(cells),
        )

    def _quotas(self, cells: Mapping[str, Any]) -> dict[str, int]:
        found = {name: cells.get(f"quota_{name}") for name in self.program.tiers}
        return {name: quota for name, quota in found.items() if quota}


class AskForm(forms.Form):
    """What a partner asks for."""

    text = Text(
        label=_("What you ask for, and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    wanted = forms.IntegerField(label=_("Tickets"), min_value=1, max_value=MOST_PLACES, initial=1)

    def __init__(self, *arguments: Any, gives_tickets: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not gives_tickets:
            del self.fields["wanted"]


class RequestDecisionForm(forms.Form):
    """A word to the decision on a request; refusing needs one."""

    reason = Text(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("The partner reads it. Needed to refuse."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

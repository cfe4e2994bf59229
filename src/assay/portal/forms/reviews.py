"""Forms of reviews: reasons, overrides and their decision, the day to rehearse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.jobs.reviews.overrides import Wish
from assay.portal.forms.fields import Text
from assay.store.models import Override

LONGEST = 2000


class WhyForm(forms.Form):
    """A reason."""

    why = Text(
        label=_("Reason"),
        max_length=1000,
        help_text=_("It stays on record."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OverrideForm(forms.Form):
    """Another tier than the computed one, until when, and why."""

    kind = forms.ChoiceField(
        label=_("As"),
        choices=[
            (Override.Kind.WAIVER, _("A waiver: until a day, then the computed tier")),
            (Override.Kind.CORRECTION, _("A correction: until the next review")),
        ],
    )
    tier = forms.ChoiceField(label=_("Tier to grant"))
    last_on = forms.DateField(
        label=_("Last day of the waiver"),
        required=False,
        help_text=_("A correction has none."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = Text(
        label=_("Reason"),
        max_length=LONGEST,
        help_text=_("A second person reads it, and it stays on record."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *arguments: Any, tiers: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["tier"].choices = list(tiers)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask a waiver for its last day, and a correction for none."""
        told: dict[str, Any] = super().clean() or {}
        is_waiver = told.get("kind") == Override.Kind.WAIVER
        if is_waiver and not told.get("last_on") and "last_on" not in self.errors:
            self.add_error("last_on", _("Give the last day on which it holds."))
        if told.get("last_on") == date.max:
            self.add_error("last_on", _("Give an earlier day."))
        return told

    def wish(self) -> Wish:
        """Return what is asked for; the form is valid."""
        told = self.cleaned_data
        kind = Override.Kind(told["kind"])
        last = told["last_on"] if kind == Override.Kind.WAIVER else None
        return Wish(
            kind=kind,
            tier=told["tier"],
            until_on=last and last + timedelta(days=1),
            reason=told["reason"],
        )


class AnswerForm(forms.Form):
    """What a second person says to an override."""

    words = Text(
        label=_("Why"),
        max_length=LONGEST,
        required=False,
        help_text=_("Needed to refuse."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

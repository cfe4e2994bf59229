"""Lists of reviews: reviews, decisions against the year before, what is unknown, overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_tables2
from django import forms
from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assay.core.issues import Refused
from assay.core.program import Program
from assay.core.reviewing import Move
from assay.jobs.programs.program_versions import program_labelled
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked
from assay.portal.lists import Day, Figure, Filters, List, Moment
from assay.portal.templatetags.figures import money, number
from assay.portal.templatetags.marks import tier as tier_mark
from assay.store.models import Override, Review
from assay.store.queries.reviews.staff_reviews import (
    StaffReview,
    review_of,
)
from assay.words.standing import NO_TIER, tier_title

STATES = {
    Review.State.OPEN: gettext_lazy("Open"),
    Review.State.CLOSED: gettext_lazy("Closed"),
    Review.State.ABANDONED: gettext_lazy("Given up"),
}
OVERRIDE_STATES = {
    Override.State.ASKED: gettext_lazy("Waits for a second person"),
    Override.State.APPROVED: gettext_lazy("Approved"),
    Override.State.REFUSED: gettext_lazy("Refused"),
    Override.State.WITHDRAWN: gettext_lazy("Taken back"),
}
KINDS = {
    Override.Kind.WAIVER: gettext_lazy("Waiver"),
    Override.Kind.CORRECTION: gettext_lazy("Correction"),
}
_LEAST = Decimal("0.1")  # per cent: what is missed is never told as nothing
MOVES = {
    Move.ENTERS: gettext_lazy("Enters"),
    Move.UP: gettext_lazy("Up"),
    Move.STAYS: gettext_lazy("Stays"),
    Move.DOWN: gettext_lazy("Down"),
}


class Reviews(List):
    """A row a review."""

    on = Day(verbose_name=gettext_lazy("Review of"))
    state = django_tables2.Column(verbose_name=gettext_lazy("State"))
    program = django_tables2.Column(verbose_name=gettext_lazy("Program"))
    decided = Figure(verbose_name=gettext_lazy("Partners"))
    opened_at = Moment(verbose_name=gettext_lazy("Opened"))
    closed_at = Moment(verbose_name=gettext_lazy("Closed"), default="—")
    effective_on = Day(verbose_name=gettext_lazy("In effect from"), default="—")
    caption = gettext_lazy("Reviews")
    empty_title = gettext_lazy("No review yet")
    empty_hint = gettext_lazy("The calendar opens one on the program's day; you can open one too.")

    class Meta:
        """The newest first."""

        order_by = "-on"

    def render_on(self, value: date, record: Mapping[str, Any], table: List) -> SafeString:
        """Lead to the review."""
        shown = Day().render(value, table)
        return format_html(
            '<a href="{}">{}</a>', reverse("staff_review", args=[record["pk"]]), shown
        )

    def value_on(self, value: date) -> date:
        """Give the day to a file."""
        return value

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(STATES[Review.State(value)])


class ReviewFilters(Filters):
    """Which reviews are shown."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *STATES.items()],
    )

    def narrow(self, rows: Any) -> Any:
        """Keep the reviews in one state."""
        state = self.cleaned_data["state"]
        return rows.filter(state=state) if state else rows


class Moves(List):
    """A row a decision of a review, against the one before."""

    name = django_tables2.Column(
        accessor="partner__name", verbose_name=gettext_lazy("Partner"), order_by=("partner__name",)
    )
    key = django_tables2.Column(
        accessor="partner__key", verbose_name=gettext_lazy("Key"), visible=False
    )
    was = django_tables2.Column(
        verbose_name=gettext_lazy("Before"), order_by=("was_rank", "partner__name"), empty_values=()
    )
    tier = django_tables2.Column(
        verbose_name=gettext_lazy("Computed"), order_by=("rank", "partner__name")
    )
    granted = django_tables2.Column(
        verbose_name=gettext_lazy("Granted"), order_by=("granted_rank", "partner__name")
    )
    move = django_tables2.Column(
        verbose_name=gettext_lazy("Moves"), order_by=("step", "partner__name")
    )
    sales = Figure(verbose_name=gettext_lazy("Gross sales"))
    sales_before = Figure(verbose_name=gettext_lazy("The year before"))
    missed = django_tables2.Column(
        verbose_name=gettext_lazy("Misses"), order_by=("missed_by", "partner__name"), default="—"
    )
    unknown = Figure(verbose_name=gettext_lazy("Not known"))
    caption = gettext_lazy("Decisions of the review")
    empty_title = gettext_lazy("No decision is like this")
    empty_hint = gettext_lazy("Show everything, or widen the filter.")

    @cached_property
    def _reading(self) -> dict[str, Any]:
        return {"reader": self.request.reader}

    @property
    def _shown(self) -> Shown:
        return _shown_in(self)

    def render_name(self, value: str, record: Mapping[str, Any]) -> SafeString:
        """Lead to the decision."""
        address = reverse("staff_review_decision", args=[self._shown.review.number, record["pk"]])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_name(self, value: str) -> str:
        """Give the name alone."""
        return value

    def render_was(self, value: str | None) -> str:
        """Draw the tier before; a dash for who was not there."""
        return "—" if value is None else self._mark(value)

    def value_was(self, value: str | None) -> str:
        """Give the title."""
        return "" if value is None else self._shown.title(value)

    def render_tier(self, value: str) -> str:
        """Draw the computed tier."""
        return self._mark(value)

    def value_tier(self, value: str) -> str:
        """Give the title."""
        return self._shown.title(value)

    def render_granted(self, value: str, record: Mapping[str, Any]) -> str:
        """Draw what is granted, and say where somebody asks for another."""
        if record["override_state"] is None:
            return self._mark(value)
        said = OVERRIDE_STATES[Override.State(record["override_state"])]
        return format_html('{} <span class="pill">{}</span>', self._mark(value), said)

    def value_granted(self, value: str) -> str:
        """Give the title."""
        return self._shown.title(value)

    def render_move(self, value: str) -> str:
        """Say the move in words; a fall stands out."""
        said = MOVES[Move(value)]
        return (
            format_html('<span class="risk">{}</span>', said) if value == Move.DOWN else str(said)
        )

    def value_move(self, value: str) -> str:
        """Give the word."""
        return str(MOVES[Move(value)])

    def render_sales(self, value: Decimal, record: Mapping[str, Any]) -> str:
        """Write the amount; where a missing fact may raise it, say at least."""
        written = money(self._reading, value.quantize(Decimal(1)), self._shown.program.currency)
        return f"≥ {written}" if record["sales_are_least"] else written

    def value_sales(self, value: Decimal) -> Decimal:
        """Give the amount itself."""
        return value

    def render_sales_before(self, value: Decimal) -> str:
        """Write the amount."""
        return money(self._reading, value.quantize(Decimal(1)), self._shown.program.currency)

    def value_sales_before(self, value: Decimal) -> Decimal:
        """Give the amount itself."""
        return value

    def render_missed(self, value: str, record: Mapping[str, Any]) -> str:
        """Say which tier is missed, and by how much of what it asks."""
        title = self._shown.title(value)
        if record["missed_by"] is None:
            return _("%(tier)s: not known") % {"tier": title}
        percent = max(record["missed_by"] * 100, _LEAST).quantize(_LEAST)
        part = number(self._reading, percent)
        return _("%(tier)s by %(part)s %%") % {"tier": title, "part": part}

    def value_missed(self, value: str, record: Mapping[str, Any]) -> str:
        """Give the title, and the part that is missing."""
        return f"{self._shown.title(value)} {record['missed_by'] or ''}".strip()

    def render_unknown(self, value: int) -> str:
        """Say how many requirements are not known; nothing where all are."""
        return number(self._reading, value) if value else ""

    def value_unknown(self, value: int) -> int:
        """Give the count."""
        return value

    def _mark(self, value: str) -> str:
        return tier_mark(value, self._shown.review.on) if value != NO_TIER else _("No tier")


def _tiers() -> list[tuple[str, Any]]:
    tiers = program_of(settings.PROGRAM).tiers.values()
    held = [(tier.name, tier.title) for tier in reversed([*tiers])]
    return [("", gettext_lazy("All")), *held, (NO_TIER, gettext_lazy("No tier"))]


class MoveFilters(Filters):
    """Which decisions are shown."""

    q = forms.CharField(label=gettext_lazy("Partner"), max_length=100, required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Granted"), required=False, choices=_tiers)
    move = forms.ChoiceField(
        label=gettext_lazy("Moves"),
        required=False,
        choices=[("", gettext_lazy("All")), *MOVES.items()],
    )
    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("Everything")),
            ("movers", gettext_lazy("Who moves")),
            ("missed", gettext_lazy("Who missed a tier by a known distance")),
            ("unknown", gettext_lazy("Facts missing")),
            ("overrides", gettext_lazy("Waivers and corrections")),
        ],
    )

    def narrow(self, rows: Any) -> Any:
        """Return the decisions that pass."""
        asked = self.cleaned_data
        if text := asked["q"].strip():
            rows = rows.filter(partner__name__icontains=text) | rows.filter(
                partner__key__icontains=text
            )
        if asked["tier"]:
            rows = rows.filter(granted=asked["tier"])
        if asked["move"]:
            rows = rows.filter(move=asked["move"])
        if asked["show"] == "movers":
            return rows.exclude(move=Move.STAYS.value)
        return rows.filter(**_SHOWN.get(asked["show"], {}))


_SHOWN: Mapping[str, dict[str, Any]] = {
    "missed": {"missed_by__gt": 0},
    "unknown": {"unknown__gt": 0},
    "overrides": {"override_state__isnull": False},
}


class Unknowns(List):
    """A row a partner and requirement that missing facts leave open."""

    name = django_tables2.Column(verbose_name=gettext_lazy("Partner"))
    requirement = django_tables2.Column(
        verbose_name=gettext_lazy("Requirement"), attrs={"td": {"class": "roomy"}}
    )
    tiers = django_tables2.Column(verbose_name=gettext_lazy("Of"), orderable=False)
    missing = django_tables2.Column(
        verbose_name=gettext_lazy("What is missing"),
        orderable=False,
        attrs={"td": {"class": "roomy"}},
    )
    caption = gettext_lazy("What is not known")
    empty_title = gettext_lazy("Everything is known")
    empty_hint = gettext_lazy("No requirement of any partner waits for a fact.")

    def render_name(self, value: str, record: Mapping[str, Any]) -> SafeString:
        """Lead to the decision."""
        shown = _shown_in(self)
        address = reverse("staff_review_decision", args=[shown.review.number, record["pk"]])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_name(self, value: str) -> str:
        """Give the name alone."""
        return value

    def render_tiers(self, value: list[str]) -> str:
        """Name the tiers."""
        return ", ".join(value)


def _shown_in(table: List) -> Shown:
    """Return the review that a list is of."""
    found: Shown = table.request.shown_review
    return found


class Overrides(List):
    """A row an override of a review."""

    partner = django_tables2.Column(
        accessor="decision__partner__name", verbose_name=gettext_lazy("Partner")
    )
    kind = django_tables2.Column(verbose_name=gettext_lazy("As"))
    decision__tier = django_tables2.Column(verbose_name=gettext_lazy("Computed"))
    tier = django_tables2.Column(verbose_name=gettext_lazy("To grant"))
    until_on = Day(verbose_name=gettext_lazy("Ends before"), default="—")
    state = django_tables2.Column(verbose_name=gettext_lazy("State"))
    asked_by__name = django_tables2.Column(verbose_name=gettext_lazy("Asked by"))
    decided_by__name = django_tables2.Column(verbose_name=gettext_lazy("Decided by"), default="—")
    caption = gettext_lazy("Waivers and corrections")
    empty_title = gettext_lazy("No waiver or correction was asked for")
    empty_hint = gettext_lazy("Open a decision to ask for one; a second person decides.")

    def render_partner(self, value: str, record: Mapping[str, Any]) -> SafeString:
        """Lead to the decision."""
        shown = _shown_in(self)
        address = reverse("staff_review_decision", args=[shown.review.number, record["decision"]])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_partner(self, value: str) -> str:
        """Give the name alone."""
        return value

    def render_kind(self, value: str) -> str:
        """Say the kind in words."""
        return str(KINDS[Override.Kind(value)])

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(OVERRIDE_STATES[Override.State(value)])

    def render_tier(self, value: str) -> str:
        """Say the tier's title."""
        return _shown_in(self).title(value)

    def render_decision__tier(self, value: str) -> str:
        """Say the tier's title."""
        return _shown_in(self).title(value)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The review that a page is about, and the program that it was computed with."""

    review: StaffReview
    program: Program

    def title(self, tier: str) -> str:
        """Return a tier's title; one that the program does not have is named as it is."""
        known = tier == NO_TIER or tier in self.program.tiers
        return tier_title(tier, self.program) if known else tier


def shown(request: Asked, number: int) -> Shown:
    """Return a review with its program; raises Http404."""
    review = review_of(number)
    if review is None:
        raise Http404
    found = Shown(review=review, program=_program(review.program))
    request.shown_review = found  # type: ignore[attr-defined]
    return found


def _program(label: str) -> Program:
    try:
        return program_labelled(settings.PROGRAM, label)
    except Refused:  # that version is gone: titles are those of the one in force
        return program_labelled(settings.PROGRAM, settings.PROGRAM)

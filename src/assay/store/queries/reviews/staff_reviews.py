"""Reviews as staff see them: where each stands, who moves, what is open; the calendar's runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Abs, Coalesce

from assay.core.reviewing import Move
from assay.store.models import (
    CalendarPause,
    CalendarRun,
    Decision,
    Grant,
    Heartbeat,
    Override,
    Review,
)

Rows = QuerySet[Any, dict[str, Any]]
_STANDS = (Override.State.ASKED, Override.State.APPROVED)
UNKNOWN = Q(unknown__gt=0)


@dataclass(frozen=True, kw_only=True)
class StaffReview:
    """One review; people are named, "" where it was the calendar or nobody yet."""

    number: int
    kind: str
    state: str
    program: str
    on: date
    cut_off: date
    known_at: datetime
    opened_by: str
    opened_by_id: int | None
    opened_at: datetime
    closing_asked_by: str
    closing_asked_by_id: int | None
    closing_asked_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    effective_on: date | None
    abandoned_by: str
    abandoned_at: datetime | None
    abandoned_why: str
    facts_digest: str
    program_digest: str
    engine: str
    supersedes: int | None
    waiting: int  # overrides that wait for a second person


@dataclass(frozen=True, kw_only=True)
class Paused:
    """Since when the calendar is paused, by whom and why."""

    why: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a review says as a whole, against the one before it (None where there is none).

    `counts` and `before` map tiers to how many hold them; `moves` how many move which way.
    """

    partners: int
    counts: Mapping[str, int]
    before: Mapping[str, int] | None
    before_on: date | None
    moves: Mapping[str, int]
    unknown: int
    sales: Decimal
    sales_before: Decimal


def reviews_listed() -> Rows:
    """Return a row for every review, the newest first, with how many it decided on."""
    rows: Rows = (
        Review.objects.filter(kind=Review.Kind.REVIEW)
        .annotate(decided=Count("decisions"))
        .values(
            *("pk", "on", "state", "program", "opened_at", "closed_at", "effective_on"),
            *("opened_by__name", "closed_by__name", "decided"),
        )
    )
    return rows


def review_of(number: int) -> StaffReview | None:
    """Return one review, or what late facts would change of one; None where there is no such."""
    found = (
        Review.objects.filter(pk=number, kind__in=(Review.Kind.REVIEW, Review.Kind.CORRECTION))
        .select_related("opened_by", "closing_asked_by", "closed_by", "abandoned_by")
        .first()
    )
    if found is None:
        return None
    return StaffReview(
        number=found.pk,
        kind=found.kind,
        state=found.state,
        program=found.program,
        on=found.on,
        cut_off=found.cut_off,
        known_at=found.known_at,
        opened_by=str(found.opened_by or ""),
        opened_by_id=found.opened_by_id,
        opened_at=found.opened_at or found.made_at,
        closing_asked_by=str(found.closing_asked_by or ""),
        closing_asked_by_id=found.closing_asked_by_id,
        closing_asked_at=found.closing_asked_at,
        closed_by=str(found.closed_by or ""),
        closed_at=found.closed_at,
        effective_on=found.effective_on,
        abandoned_by=str(found.abandoned_by or ""),
        abandoned_at=found.abandoned_at,
        abandoned_why=found.abandoned_why,
        facts_digest=found.facts_digest,
        program_digest=found.program_digest,
        engine=found.engine,
        supersedes=found.supersedes_id,
        waiting=_overrides(number).filter(state=Override.State.ASKED).count(),
    )


def moves_of(number: int, on: date) -> Rows:
    """Return a row for every decision of a review, against the closed review before it.

    `tier` and `rank` are as computed, `granted` and `granted_rank` what would be or was granted:
    with approved overrides. `was` and `was_rank` are of the review before; None where the partner
    was not in it. `step` is by how many tiers it moves, `move` how.
    """
    override = Override.objects.filter(decision=OuterRef("pk"), state__in=_STANDS)
    approved = Q(override_state=Override.State.APPROVED)
    rows: Rows = (
        Decision.objects.filter(review=number)
        .annotate(
            earlier=FilteredRelation(
                "partner__grants", condition=Q(partner__grants__in=_granted_before(on))
            ),
            override_state=Subquery(override.values("state")[:1]),
            override_tier=Subquery(override.values("tier")[:1]),
            override_rank=Subquery(override.values("rank")[:1]),
        )
        .annotate(
            granted=Case(When(approved, then="override_tier"), default="tier"),
            granted_rank=Case(When(approved, then="override_rank"), default="rank"),
            was=F("earlier__tier"),
            was_rank=Coalesce(F("earlier__rank"), Value(0)),
            sales_before=F("earlier__decision__sales"),
        )
        .annotate(step=F("granted_rank") - F("was_rank"), move=_MOVE)
        .values(
            *("pk", "partner__name", "partner__slug", "partner__key", "tier", "rank"),
            *("granted", "granted_rank", "was", "was_rank", "step", "move", "override_state"),
            *("sales", "sales_are_least", "sales_before", "unknown", "missed", "missed_by"),
        )
        .order_by("partner__name", "partner__key")
    )
    return rows


def biggest_movers(rows: Rows) -> Rows:
    """Return who moves, by how many tiers; of equals, the greatest sales first."""
    moving = rows.exclude(move=Move.STAYS.value)
    return moving.order_by(Abs("step").desc(), F("sales").desc(nulls_last=True), "pk")


def nearest_misses(rows: Rows) -> Rows:
    """Return who missed the next tier by a known distance, the nearest first."""
    return rows.filter(missed_by__gt=0).order_by("missed_by", "pk")


_MOVE = Case(
    When(was_rank=0, granted_rank__gt=0, then=Value(Move.ENTERS.value)),
    When(granted_rank__gt=F("was_rank"), then=Value(Move.UP.value)),
    When(granted_rank__lt=F("was_rank"), then=Value(Move.DOWN.value)),
    default=Value(Move.STAYS.value),
    output_field=CharField(),
)


def told_of(number: int, on: date) -> Told:
    """Return what a review says as a whole."""
    rows = moves_of(number, on).order_by()
    before = _before(on)
    grants = Grant.objects.filter(pk__in=_granted_before(on))
    sums = rows.aggregate(
        partners=Count("pk"),
        unknown=Count("pk", filter=UNKNOWN),
        sales=Sum("sales"),
        was=Sum("sales_before"),
    )
    return Told(
        partners=sums["partners"],
        counts=_counted(rows, "granted"),
        before=None if before is None else _counted(grants.order_by(), "tier"),
        before_on=None if before is None else before.on,
        moves={move.value: 0 for move in Move} | _counted(rows, "move"),
        unknown=sums["unknown"],
        sales=sums["sales"] or Decimal(0),
        sales_before=sums["was"] or Decimal(0),
    )


def unknown_in(number: int) -> Iterator[dict[str, Any]]:
    """Yield a row for each partner and requirement that missing facts leave open, by partner."""
    decisions = Decision.objects.filter(UNKNOWN, review=number).select_related("partner")
    for decision in decisions.order_by("partner__name", "partner__key"):
        told: dict[str, dict[str, Any]] = {}
        for tier in json.loads(decision.explanation)["tiers"]:
            for asked in tier["requirements"]:
                if asked["outcome"] == "unknown":
                    row = told.setdefault(
                        asked["requirement"],
                        {
                            "pk": decision.pk,
                            "name": decision.partner.name,
                            "slug": decision.partner.slug,
                            "key": decision.partner.key,
                            "requirement": asked["title"],
                            "missing": asked["missing_facts"] or "",
                            "tiers": [],
                        },
                    )
                    row["tiers"].append(tier["title"])
        yield from told.values()


def decision_of(number: int, decision: int) -> tuple[Decision, tuple[Override, ...]] | None:
    """Return one decision of a review with every override that was asked for it."""
    found = (
        Decision.objects.filter(pk=decision, review=number)
        .select_related("partner", "review")
        .first()
    )
    if found is None:
        return None
    asked = found.overrides.select_related("asked_by", "decided_by").order_by("-pk")
    return found, tuple(asked)


def override_in(number: int, override: int) -> Override | None:
    """Return one override of a review, None where it has no such."""
    return _overrides(number).filter(pk=override).first()


def overrides_of(number: int) -> Rows:
    """Return a row for every override of a review."""
    rows: Rows = _overrides(number).values(
        *("pk", "decision", "decision__partner__name", "decision__tier", "kind", "tier"),
        *("until_on", "reason", "state", "asked_by__name", "asked_at", "decided_by__name"),
    )
    return rows


def runs_listed(most: int) -> tuple[CalendarRun, ...]:
    """Return what the calendar did last, the newest first."""
    return tuple(CalendarRun.objects.select_related("by", "review").order_by("-done_at")[:most])


def calendar_state() -> tuple[date | None, Paused | None, Heartbeat | None]:
    """Return since when the calendar runs, its pause, and when it last ran with what trouble."""
    begun = CalendarRun.objects.filter(kind=CalendarRun.Kind.BEGIN).first()
    pause = CalendarPause.objects.filter(resumed_at=None).select_related("paused_by").first()
    beat = Heartbeat.objects.filter(part="review calendar").first()
    paused = None
    if pause is not None:
        paused = Paused(why=pause.why, by=str(pause.paused_by), at=pause.paused_at)
    return begun.on if begun else None, paused, beat


def _before(on: date) -> Review | None:
    """Return the newest closed review of an earlier day."""
    return Review.objects.filter(
        kind=Review.Kind.REVIEW, state=Review.State.CLOSED, on__lt=on
    ).first()


def _granted_before(on: date) -> list[int]:
    """Return the grants that the review before gave, one a partner, whatever grace came first."""
    before = _before(on)
    if before is None:
        return []
    grants = Grant.objects.filter(decision__review=before).exclude(cause=Grant.Cause.GRACE)
    newest = grants.order_by("partner_id", "pk").distinct("partner_id")
    return list(newest.values_list("pk", flat=True))


def _counted(rows: QuerySet[Any, Any], by: str) -> dict[str, int]:
    return {row[by]: row["found"] for row in rows.values(by).annotate(found=Count("pk"))}


def _overrides(number: int) -> QuerySet[Override]:
    return Override.objects.filter(decision__review=number)

"""Partners as staff see them: tiers and figures of the kept decisions, side by side, in SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    When,
)
from django.db.models.expressions import RawSQL

from assay.store.models import Partner, Review
from assay.store.queries.reviews.credited import in_force

Rows = QuerySet[Any, dict[str, Any]]

AT_RISK = Q(rank__lt=F("credited_rank"))
RISING = Q(rank__gt=F("credited_rank"))
MISSING = Q(unknown__gt=0)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What lists compare: the tiers credited on a day and the newest standing.

    `review` is the last closed one.
    `standing_before` is the standing that preceded it. Days and moments are None where there is
    no such run yet.
    """

    on: date
    review: int | None
    review_on: date | None
    standing: int | None
    standing_on: date | None
    computed_at: datetime | None
    standing_before: int | None


def compared(on: date) -> Compared:
    """Return what lists compare on a day."""
    review = Review.objects.filter(kind=Review.Kind.REVIEW, state=Review.State.CLOSED).first()
    standings = list(Review.objects.filter(kind=Review.Kind.STANDING)[:2])
    newest = standings[0] if standings else None
    return Compared(
        on=on,
        review=review.pk if review else None,
        review_on=review.on if review else None,
        standing=newest.pk if newest else None,
        standing_on=newest.on if newest else None,
        computed_at=newest.made_at if newest else None,
        standing_before=standings[1].pk if len(standings) > 1 else None,
    )


def partners_placed(runs: Compared) -> Rows:
    """Return a row for every partner, with its tier in both runs.

    `credited`, `credited_rank` are of the grant in force, `sales_before` of the decision behind
    it; `tier`, `rank`, `sales`, `sales_are_least`, `unknown` of the standing; all None where the
    partner has no such.
    `trend` is by how many percent sales differ from those of the review.
    """
    # Django takes no query set here, and a list of thousands of keys takes long to write.
    in_force_now = RawSQL(  # noqa: S611 - as Django wrote it, its values apart
        *in_force(runs.on).values("pk").query.sql_with_params()
    )
    rows: Rows = (
        Partner.objects.annotate(
            granted=FilteredRelation(
                "grants",
                condition=Q(grants__in=in_force_now),
            ),
            in_standing=FilteredRelation(
                "decisions", condition=Q(decisions__review=runs.standing or 0)
            ),
        )
        .annotate(
            credited=F("granted__tier"),
            credited_rank=F("granted__rank"),
            sales_before=F("granted__decision__sales"),
            tier=F("in_standing__tier"),
            rank=F("in_standing__rank"),
            sales=F("in_standing__sales"),
            sales_are_least=F("in_standing__sales_are_least"),
            unknown=F("in_standing__unknown"),
        )
        .annotate(trend=_TREND)
        .values(
            *("pk", "key", "slug", "name", "country", "state"),
            *("credited", "credited_rank", "sales_before"),
            *("tier", "rank", "sales", "sales_are_least", "unknown", "trend"),
        )
        .order_by("name", "key")
    )
    return rows


_TREND = Case(
    When(
        sales_before__gt=0,
        then=ExpressionWrapper(
            (F("in_standing__sales") - F("granted__decision__sales"))
            * 100
            / F("granted__decision__sales"),
            output_field=DecimalField(),
        ),
    ),
    output_field=DecimalField(),
)


def partners_counted(runs: Compared) -> dict[str, int]:
    """Return how many partners there are, at risk, rising, and with facts missing."""
    found: dict[str, int] = (
        partners_placed(runs)
        .order_by()
        .aggregate(
            all=Count("pk"),
            at_risk=Count("pk", filter=AT_RISK),
            rising=Count("pk", filter=RISING),
            missing=Count("pk", filter=MISSING),
        )
    )
    return found


def searched(rows: Rows, text: str) -> Rows:
    """Narrow partners to those whose name, key or address holds a text, in any case."""
    return rows.filter(
        Q(name__icontains=text)
        | Q(legal_name__icontains=text)
        | Q(key__icontains=text)
        | Q(slug__icontains=text)
    )


def countries() -> list[str]:
    """Return the countries that partners are in."""
    held = Partner.objects.exclude(country="").order_by("country")
    return list(held.values_list("country", flat=True).distinct())


def newly_at_risk(runs: Compared) -> tuple[int, int]:
    """Return how many partners perform below their credited tier, and how many of them newly.

    Newly: not below it in the standing before; where there is none, all of them.
    """
    below = partners_placed(runs).filter(AT_RISK)
    count = below.count()
    if runs.standing_before is None or not count:
        return count, count
    before = replace(runs, standing=runs.standing_before)
    held = partners_placed(before).filter(AT_RISK).values_list("pk", flat=True)
    return count, below.exclude(pk__in=list(held)).count()

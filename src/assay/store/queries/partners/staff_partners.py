"""Partners as staff see them: tiers and figures of the kept decisions, side by side, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
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

from assay.store.models import Partner, Review

Rows = QuerySet[Any, dict[str, Any]]

AT_RISK = Q(rank__lt=F("credited_rank"))
RISING = Q(rank__gt=F("credited_rank"))
MISSING = Q(unknown__gt=0)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The two runs that lists compare: the last closed review and the newest standing.

    `standing_before` is the standing that preceded it. Days and moments are None where there is
    no such run yet.
    """

    review: int | None
    review_on: date | None
    standing: int | None
    standing_on: date | None
    computed_at: datetime | None
    standing_before: int | None


def compared() -> Compared:
    """Return the runs that lists compare now."""
    review = Review.objects.filter(kind=Review.Kind.REVIEW, closed_at__isnull=False).first()
    standings = list(Review.objects.filter(kind=Review.Kind.STANDING)[:2])
    newest = standings[0] if standings else None
    return Compared(
        review=review.pk if review else None,
        review_on=review.on if review else None,
        standing=newest.pk if newest else None,
        standing_on=newest.on if newest else None,
        computed_at=newest.made_at if newest else None,
        standing_before=standings[1].pk if len(standings) > 1 else None,
    )


def partners_placed(runs: Compared) -> Rows:
    """Return a row for every partner, with its tier in both runs.

    `credited`, `credited_rank`, `sales_before` are of the review; `tier`, `rank`, `sales`,
    `sales_are_least`, `unknown` of the standing; all None where the partner was not in that run.
    `trend` is by how many percent sales differ from those of the review.
    """
    rows: Rows = (
        Partner.objects.annotate(
            in_review=FilteredRelation(
                "decisions", condition=Q(decisions__review=runs.review or 0)
            ),
            in_standing=FilteredRelation(
                "decisions", condition=Q(decisions__review=runs.standing or 0)
            ),
        )
        .annotate(
            credited=F("in_review__tier"),
            credited_rank=F("in_review__rank"),
            sales_before=F("in_review__sales"),
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
            (F("in_standing__sales") - F("in_review__sales")) * 100 / F("in_review__sales"),
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
    before = Compared(
        review=runs.review,
        review_on=runs.review_on,
        standing=runs.standing_before,
        standing_on=None,
        computed_at=None,
        standing_before=None,
    )
    held = partners_placed(before).filter(AT_RISK).values_list("pk", flat=True)
    return count, below.exclude(pk__in=list(held)).count()

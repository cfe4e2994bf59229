"""Show analytics: a partner's figures beside the quartiles of a category, or a made-up example."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from assay.core.analytics import BENEFIT, FIGURES, Figure, Group, Period, may_be_shown
from assay.core.program import Program
from assay.store.queries.analytics.figures import Kept, categories_of, kept_figures
from assay.store.queries.benefits.benefits import held_by

# A made-up partner beside a made-up category: own, the year before, then lower quartile, median
# and upper quartile.
_EXAMPLE = {
    "gross_sales": ("184200", "151900", "62000", "120000", "310000"),
    "active_installs": ("3410", "2980", "900", "2400", "5200"),
    "renewals_missing": ("0.118", "0.142", "0.09", "0.16", "0.27"),
    "refunded": ("0.021", "0.034", "0.012", "0.025", "0.048"),
    "response_median": ("5.5", "7.2", "4.1", "9.8", "18"),
    "response_slowest": ("22.4", "31", "19", "36", "61"),
    "bounty_submissions": ("14", "9", "4", "11", "23"),
    "bounty_awarded": ("8600", "5200", "2100", "6300", "14000"),
    "awards_below_minimum": ("0", "0.11", "0", "0.04", "0.13"),
}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A figure of a partner in the newest months and in those before, beside its group.

    None: there is nothing to measure, or the group has too few partners to be shown.
    """

    figure: Figure
    own: Fraction | None
    own_before: Fraction | None
    group: Group | None
    group_before: Group | None


@dataclass(frozen=True, kw_only=True)
class AnalyticsPage:
    """What a partner sees: `has` the benefit, its categories, the one that is shown, figures.

    Without the benefit, or without figures yet, `rows` are a made-up example (`is_example`).
    `tiers` are the titles of those that give the benefit.
    """

    has: bool
    tiers: tuple[str, ...]
    categories: tuple[str, ...]
    category: str
    until: date | None
    made_at: datetime | None
    is_example: bool
    rows: tuple[Compared, ...]


def show_analytics(partner_id: int, program: Program, *, category: str) -> AnalyticsPage | None:
    """Return a partner's analytics in a category ("" is its first); None: it has no app there."""
    has = BENEFIT in held_by(partner_id)
    categories = categories_of(partner_id) if has else ()
    shown = category or next(iter(categories), "")
    if category and has and category not in categories:
        return None
    kept = kept_figures(partner_id, shown) if shown and has else None
    return AnalyticsPage(
        has=has,
        tiers=_tiers(program),
        categories=categories,
        category=shown if has else "",
        until=kept.until if kept else None,
        made_at=kept.made_at if kept else None,
        is_example=kept is None,
        rows=_example() if kept is None else tuple(_compared(one, kept) for one in FIGURES),
    )


def _tiers(program: Program) -> tuple[str, ...]:
    benefit = program.benefits.get(BENEFIT)
    if benefit is None:
        return ()
    return tuple(tier.title for key, tier in program.tiers.items() if benefit.by_tier.get(key))


def _compared(figure: Figure, kept: Kept) -> Compared:
    own = {period: kept.own.get((figure.key, period)) for period in Period}
    groups = {
        period: group if may_be_shown(group, is_in_it=own[period] is not None) else None
        for period in Period
        for group in (kept.groups.get((figure.key, period)),)
    }
    return Compared(
        figure=figure,
        own=own[Period.NEWEST],
        own_before=own[Period.BEFORE],
        group=groups[Period.NEWEST],
        group_before=groups[Period.BEFORE],
    )


def _example() -> tuple[Compared, ...]:
    found = []
    for figure in FIGURES:
        own, before, lower, median, upper = map(Decimal, _EXAMPLE[figure.key])
        group = Group(partners=0, lower=lower, median=median, upper=upper)
        found.append(
            Compared(
                figure=figure,
                own=Fraction(own),
                own_before=Fraction(before),
                group=group,
                group_before=None,
            )
        )
    return tuple(found)

"""Which categories a partner sells in, and the newest figures that are kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from assay.core.analytics import Group
from assay.store.models import AnalyticsRun, App

Place = tuple[str, str]  # figure and period


@dataclass(frozen=True, kw_only=True)
class PlacedApp:
    """A listed app in one of its categories: the keys of app and partner."""

    app: str
    partner: str
    category: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept of one partner in one category; `groups` are not yet judged to be shown."""

    until: date
    made_at: datetime
    own: Mapping[Place, Fraction]
    groups: Mapping[Place, Group]


def placed_apps() -> tuple[PlacedApp, ...]:
    """Return every listed app once for each of its categories, in order."""
    rows = App.objects.filter(state=App.State.LISTED).exclude(categories=[])
    found = rows.order_by("key").values_list("key", "partner__key", "categories")
    return tuple(
        PlacedApp(app=app, partner=partner, category=category)
        for app, partner, categories in found
        for category in sorted(set(categories))
    )


def categories_of(partner_id: int) -> tuple[str, ...]:
    """Return the categories of a partner's listed apps, in order."""
    rows = App.objects.filter(partner=partner_id, state=App.State.LISTED)
    found = rows.values_list("categories", flat=True)
    return tuple(sorted({one for categories in found for one in categories}))


def newest_run() -> AnalyticsRun | None:
    """Return the run whose figures are shown."""
    return AnalyticsRun.objects.first()


def kept_figures(partner_id: int, category: str) -> Kept | None:
    """Return the newest figures of a partner in a category and of the category; None: none yet."""
    run = newest_run()
    if run is None:
        return None
    return Kept(
        until=run.until,
        made_at=run.made_at,
        own={
            (row.figure, row.period): Fraction(row.top, row.bottom)
            for row in run.figures.filter(partner=partner_id, category=category)
        },
        groups={
            (row.figure, row.period): Group(
                partners=row.partners, lower=row.lower, median=row.median, upper=row.upper
            )
            for row in run.groups.filter(category=category)
        },
    )

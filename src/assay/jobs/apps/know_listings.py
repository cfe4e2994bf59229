"""Know the apps that facts speak of: each gets a row, and what people listed learns of reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from assay.engine.duck import Session
from assay.jobs.apps.reconcile import reconcile
from assay.jobs.apps.told_apps import ToldApp, ToldHosting, told_apps
from assay.jobs.partners.know_partners import free_slug
from assay.store.models import App, Listing, Partner

_AT_ONCE = 1000


def know_listings(session: Session, *, at: datetime) -> int:
    """Bring the rows of apps and listings up to what facts say; returns how many apps differ.

    An app that nobody listed here is as the facts have it. One that people listed keeps what they
    said; of the facts it takes installs, enrolment and, beside its own words, what reports say.
    """
    told = told_apps(session)
    with transaction.atomic():
        partners = dict(Partner.objects.values_list("key", "pk"))
        apps = {
            app.key: app
            for app in App.objects.select_for_update(of=("self",)).prefetch_related("listings")
        }
        fresh = _add_apps(told, apps, partners, at)
        changed = [
            app for key, app in apps.items() if key in told and _take(app, told[key], partners)
        ]
        App.objects.bulk_update(
            changed,
            ["partner", "name", "public", "state", "reported"],
            batch_size=_AT_ONCE,
        )
        _put_listings(told, {**apps, **fresh})
        restated = [apps[key].pk for key, one in told.items() if key in apps and _by_report(one)]
        return reconcile(at=at, restated=restated)


def _by_report(told: ToldApp) -> bool:
    return told.by_report or any(one.by_report for one in told.hostings.values())


def _add_apps(
    told: Mapping[str, ToldApp], apps: Mapping[str, App], partners: Mapping[str, int], at: datetime
) -> dict[str, App]:
    """Add a row for every app of a known partner that has none."""
    slugs = {app.slug for app in apps.values()}
    fresh = {
        key: App(
            partner_id=partners[one.partner],
            key=key,
            slug=free_slug(one.name or key, slugs, otherwise="app"),
            name=_name(one, key),
            public=bool(one.public),
            state=_state(one),
            from_facts=True,
            reported=_reported(one, {}),
            created_at=at,
            changed_at=at,
        )
        for key, one in told.items()
        if key not in apps and one.partner in partners
    }
    App.objects.bulk_create(fresh.values(), batch_size=_AT_ONCE)
    return fresh


def _take(app: App, told: ToldApp, partners: Mapping[str, int]) -> bool:
    """Take over into an app's row what facts say; tell whether anything changed."""
    before = _columns(app)
    app.reported = _reported(told, app.reported)
    if app.from_facts and app.proposed is None:
        app.partner_id = partners.get(told.partner, app.partner_id)
        app.name, app.public = _name(told, app.key), bool(told.public)
        app.state = _state(told)
    return before != _columns(app)


def _columns(app: App) -> tuple[Any, ...]:
    return (app.partner_id, app.name, app.public, app.state, app.reported)


def _name(told: ToldApp, key: str) -> str:
    return (told.name or key)[:120]


def _state(told: ToldApp) -> App.State:
    """An app with a live listing is listed, one whose listings all ended is retired."""
    if told.is_live:
        return App.State.LISTED
    return App.State.RETIRED if told.hostings else App.State.DRAFT


def _reported(told: ToldApp, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what reports last said; where people spoke last, what reports said before stays."""
    found = dict(before)
    if told.by_report:
        found |= {"partner": told.partner, "name": told.name[:120], "public": told.public}
    found.pop("only_sales", None)
    if told.only_sales:
        found["only_sales"] = True
    hostings = dict(before.get("hostings", {}))
    for hosting, one in told.hostings.items():
        if not one.by_report:
            continue
        if one.retired_on is None:
            hostings[hosting] = {"payment": one.payment, "listed_on": one.listed_on.isoformat()}
        else:
            hostings.pop(hosting, None)
    return found | {"hostings": hostings} if found or hostings else {}


def _put_listings(told: Mapping[str, ToldApp], apps: Mapping[str, App]) -> None:
    """Bring listings up to the facts, in bulk."""
    fresh: list[Listing] = []
    changed: list[Listing] = []
    for key, app in apps.items():
        if key not in told:
            continue
        held = {listing.hosting: listing for listing in app.listings.all()} if app.pk else {}
        for hosting, one in told[key].hostings.items():
            listing = held.get(hosting)
            if listing is None:
                if not app.from_facts:
                    continue
                listing = Listing(app=app, hosting=hosting)
                fresh.append(listing)
            before = _cells(listing)
            _fill(listing, one, told[key], is_told=app.from_facts)
            if listing.pk and before != _cells(listing):
                changed.append(listing)
    Listing.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    Listing.objects.bulk_update(changed, _CELLS, batch_size=_AT_ONCE)


_CELLS = (
    "payment",
    "listed_on",
    "retired_on",
    "approved_on",
    "installs",
    "installs_on",
    "enrolled_on",
)


def _cells(listing: Listing) -> tuple[Any, ...]:
    return tuple(getattr(listing, name) for name in _CELLS)


def _fill(listing: Listing, hosting: ToldHosting, told: ToldApp, *, is_told: bool) -> None:
    """Fill a listing from facts: all of it where nobody listed it, else what people do not say."""
    if is_told:
        listing.payment, listing.retired_on = hosting.payment, hosting.retired_on
        listing.listed_on, listing.approved_on = hosting.listed_on, hosting.approved_on
    else:
        is_later = listing.listed_on is None or hosting.listed_on > listing.listed_on
        if listing.retired_on is None and hosting.retired_on is None and is_later:
            listing.listed_on = hosting.listed_on
        if listing.listed_on is None or hosting.listed_on >= listing.listed_on:
            listing.approved_on = listing.approved_on or hosting.approved_on
    listing.installs, listing.installs_on = told.installs.get(listing.hosting, (None, None))
    listing.enrolled_on = told.enrolled_on

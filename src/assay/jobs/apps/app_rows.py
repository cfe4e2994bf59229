"""Rows of an app: what is proposed, what is listed, and what the ledger is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from assay.core.listings import AppContent
from assay.store.models import App, Listing, Screenshot

_TOLD_PUBLIC = (App.State.LISTED, App.State.RETIRED)
Rows = dict[str, list[dict[str, Any]]]


def put_words(app: App, content: AppContent) -> None:
    """Take a content's words over into an app's columns."""
    app.name, app.tagline, app.description = content.name, content.tagline, content.description
    app.products, app.categories = list(content.products), list(content.categories)
    app.public = content.public


def put_screenshots(app: App, content: AppContent) -> None:
    """Take a content's screenshots over, in their order."""
    app.screenshots.all().delete()
    Screenshot.objects.bulk_create(
        Screenshot(app=app, file=shown.file, caption=shown.caption, position=position)
        for position, shown in enumerate(content.screenshots)
    )


def put_listings(app: App, hostings: Mapping[str, str], *, at: datetime) -> list[dict[str, Any]]:
    """List an app on these kinds of hosting from the day of `at`; returns rows that end on it.

    A listing whose payment model changes ends, and another begins on the same day; one on a
    hosting that is left out ends.
    """
    on = at.date()
    ended: list[dict[str, Any]] = []
    held = {listing.hosting: listing for listing in app.listings.all()}
    for hosting, listing in held.items():
        if hosting not in hostings and listing.retired_on is None:
            listing.retired_on = on
            listing.save()
    for hosting, payment in hostings.items():
        listing = held.get(hosting) or Listing(app=app, hosting=hosting)
        _put_listing(listing, payment, on=on, ended=ended)
        listing.save()
    return ended


def _put_listing(listing: Listing, payment: str, *, on: date, ended: list[dict[str, Any]]) -> None:
    if listing.listed_on is None or listing.retired_on is not None:
        listing.listed_on, listing.retired_on, listing.approved_on = on, None, None
    elif payment != listing.payment and listing.listed_on < on:
        ended.append(listing_row(listing) | {"retired_on": on})
        listing.listed_on = on
    listing.payment = payment


def listing_row(listing: Listing) -> dict[str, Any]:
    """Return what facts tell of a listing."""
    return {
        "app_id": listing.app.key,
        "hosting": listing.hosting,
        "listed_on": listing.listed_on,
        "payment": listing.payment or None,
        "retired_on": listing.retired_on,
        "approved_on": listing.approved_on,
    }


def app_rows(app: App, *, ended: list[dict[str, Any]] | None = None) -> Rows:
    """Return what facts tell of an app and its listings."""
    listings = app.listings.select_related("app").exclude(listed_on=None)
    return {
        "apps": [
            {
                "app_id": app.key,
                "partner_id": app.partner.key,
                "name": app.name,
                "public": app.public if app.state in _TOLD_PUBLIC else None,
            }
        ],
        "listings": [*(ended or ()), *(listing_row(listing) for listing in listings)],
    }

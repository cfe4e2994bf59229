"""Mark a listing: a day in one of its columns, such as that of its approval, comes and goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from assay.core.issues import Issue, Refused
from assay.core.security import States
from assay.jobs.apps.app_rows import listing_row
from assay.store.models import App, Listing


def mark_listing(app: App, states: States, *, on: date) -> list[dict[str, Any]]:
    """Mark the app's live listing from a day on, and return the facts; raises Refused."""
    listing = _live(app, states)
    if getattr(listing, states.begins) is not None:
        raise _refused(f"it is approved since {getattr(listing, states.begins)}")
    setattr(listing, states.begins, on)
    listing.save(update_fields=[states.begins])
    return [listing_row(listing)]


def unmark_listing(app: App, states: States, *, on: date) -> list[dict[str, Any]]:
    """Take the mark from a day on, and return the facts.

    The marked listing ends, and another begins on the same day without the mark, so that earlier
    days stay as they were. A listing that is gone has no mark to take.
    """
    listing = app.listings.filter(hosting=states.hosting, retired_on=None).first()
    if listing is None or getattr(listing, states.begins) is None:
        return []
    ended = []
    if listing.listed_on is not None and listing.listed_on < on:
        ended = [listing_row(listing) | {"retired_on": on}]
        listing.listed_on = on
    setattr(listing, states.begins, None)
    listing.save(update_fields=["listed_on", states.begins])
    return [*ended, listing_row(listing)]


def _live(app: App, states: States) -> Listing:
    listing: Listing | None = app.listings.filter(hosting=states.hosting, retired_on=None).first()
    if listing is None or listing.listed_on is None or app.state != App.State.LISTED:
        raise _refused("the app is not listed there any more")
    return listing


def _refused(message: str) -> Refused:
    return Refused(Issue(file="app", message=message))

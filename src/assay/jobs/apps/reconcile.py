"""Reconcile: keep a row for everything that reports and people say differently about apps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from assay.core.disagreements import Difference, Word, differences
from assay.jobs.apps.app_rows import app_rows
from assay.jobs.imports.state_facts import say
from assay.store.models import App, Disagreement, Listing, Partner

_Key = tuple[str, str, str, str]


def reconcile(
    apps: Iterable[int] | None = None, *, at: datetime, restated: Iterable[int] = ()
) -> int:
    """Compare what is said and what is reported of apps (None: all); returns how many differ.

    What was settled stays settled until one side says something else. `restated` are apps of which
    a report has just told the ledger otherwise than people do: where the partner's word was taken,
    it is stated again.
    """
    again = set(restated)
    count = 0
    with transaction.atomic():
        for app in _compared(apps):
            found = {_key(one): one for one in _differences(app)}
            rows = {_row_key(row): row for row in app.disagreements.all()}
            count += _keep(app, found, rows, at)
            settled = [
                row
                for key, row in rows.items()
                if key in found and row.state == Disagreement.State.PARTNER
            ]
            if settled and app.pk in again and not app.from_facts:
                say(app.partner, app_rows(app), why=f"as settled: {app.key}", at=at)
    return count


def _compared(apps: Iterable[int] | None) -> QuerySet[App]:
    """Select the apps that may differ, or once did."""
    rows = App.objects.select_related("partner").prefetch_related(
        "disagreements",
        Prefetch("listings", Listing.objects.filter(retired_on=None), to_attr="live"),
    )
    if apps is not None:
        return rows.filter(pk__in=list(apps))
    said_here = Q(from_facts=False)
    unlisted = Q(from_facts=True) & (
        Q(partner__state=Partner.State.ACTIVE) | Q(reported__only_sales=True)
    )
    once = Q(disagreements__isnull=False)
    return rows.filter(~Q(reported={}) & (said_here | unlisted) | once).distinct()


def _differences(app: App) -> tuple[Difference, ...]:
    reported = reported_word(app)
    if reported is None or app.state == App.State.RETIRED:
        return ()
    if app.from_facts:
        known = app.partner.state == Partner.State.ACTIVE or app.reported.get("only_sales")
        return differences(None, reported) if known else ()
    if app.listed_at is None:  # a draft says nothing yet, but whose app it is
        said = Word(partner=app.partner.key)
        return differences(said, Word(partner=reported.partner))
    live: list[Listing] = app.live  # type: ignore[attr-defined]
    said = Word(
        partner=app.partner.key,
        name=app.name,
        public=app.public,
        hostings={listing.hosting: listing.payment for listing in live},
    )
    return differences(said, reported)


def reported_word(app: App) -> Word | None:
    """Return what reports last said of an app, None where they never spoke of it."""
    told = app.reported
    if not told:
        return None
    return Word(
        partner=told.get("partner", ""),
        name=told.get("name", ""),
        public=told.get("public"),
        hostings={hosting: one["payment"] for hosting, one in told.get("hostings", {}).items()},
    )


def _keep(
    app: App, found: dict[_Key, Difference], rows: dict[_Key, Disagreement], at: datetime
) -> int:
    """Open rows for what differs anew, and close those of what differs no more."""
    fresh = [
        Disagreement(
            app=app,
            kind=one.kind,
            hosting=one.hosting,
            reported=one.reported[:200],
            said=one.said[:200],
            found_at=at,
        )
        for key, one in found.items()
        if key not in rows
    ]
    Disagreement.objects.bulk_create(fresh)
    back = [row for key, row in rows.items() if key in found and row.state == "gone"]
    gone = [row for key, row in rows.items() if key not in found and row.state in ("open", "asked")]
    for row in back:
        row.state, row.found_at = Disagreement.State.OPEN, at
    for row in gone:
        row.state = Disagreement.State.GONE
    if back or gone:
        Disagreement.objects.bulk_update([*back, *gone], ["state", "found_at"])
    return len(found)


def _key(one: Difference) -> _Key:
    return (one.kind.value, one.hosting, one.reported[:200], one.said[:200])


def _row_key(row: Disagreement) -> _Key:
    return (row.kind, row.hosting, row.reported, row.said)

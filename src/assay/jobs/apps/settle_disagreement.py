"""Settle where reports and people disagree: take one side's word, or ask the partner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from assay.core.disagreements import Kind, told
from assay.core.issues import Issue, Refused
from assay.core.notices.apps import ASKED
from assay.jobs.apps.app_rows import app_rows, listing_row
from assay.jobs.apps.reconcile import reconcile
from assay.jobs.imports.state_facts import say
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import App, Disagreement, Listing, Partner, Person

Rows = list[dict[str, Any]]
_CLOSED = (
    Disagreement.State.REPORT,
    Disagreement.State.PARTNER,
    Disagreement.State.GONE,
)


def take_reports_word(disagreement_id: int, *, by: Person, at: datetime) -> Disagreement:
    """Let what reports say hold: it is listed so, and stated so; raises Refused if settled."""
    with transaction.atomic():
        row = _open(disagreement_id)
        app = row.app
        ended = _follow_report(row, app, at)
        app.changed_at = at
        app.save()
        _settle(row, Disagreement.State.REPORT, by=by, at=at)
        say(app.partner, app_rows(app, ended=ended), why=f"as reported: {app.key}", at=at, by=by)
        reconcile([app.pk], at=at)
    return row


def take_partners_word(disagreement_id: int, *, by: Person, at: datetime) -> Disagreement:
    """Let what people say hold: it is stated again, and after every report that denies it.

    Of an app that nobody listed here it means that it is none of the partner's, to be looked at
    no more. Raises Refused if settled.
    """
    with transaction.atomic():
        row = _open(disagreement_id)
        _settle(row, Disagreement.State.PARTNER, by=by, at=at)
        app = row.app
        if not app.from_facts and app.listed_at is not None:
            say(app.partner, app_rows(app), why=f"as settled: {app.key}", at=at, by=by)
    return row


def ask_partner(disagreement_id: int, *, by: Person, at: datetime) -> Disagreement:
    """Ask the partner's members which is right."""
    with transaction.atomic():
        row = _open(disagreement_id)
        app = row.app
        if not app.partner.memberships.exists():
            raise Refused(
                Issue(
                    file="disagreement",
                    message="nobody is in this partner who could be asked",
                    hint="take the report's word, or wait until somebody claims the partner",
                )
            )
        _settle(row, Disagreement.State.ASKED, by=by, at=at)
        words = told(row.kind, row.hosting, reported=row.reported, said=row.said)
        tell(
            ASKED,
            occasion=f"disagreement:{row.pk}:{at.isoformat()}",
            subject=f"Which is right about {app}?",
            body=f"{words}\n\nMend the app's listing where it is wrong, or have the report mended.",
            link=f"/portal/{app.partner.slug}/apps/{app.slug}/",
            at=at,
            partner=app.partner,
        )
    return row


def _open(disagreement_id: int) -> Disagreement:
    row = (
        Disagreement.objects.select_for_update(of=("self",))
        .select_related("app__partner")
        .get(pk=disagreement_id)
    )
    if row.state in _CLOSED:
        raise Refused(
            Issue(
                file="disagreement",
                message="this was settled already",
                hint="reload the page to see how",
            )
        )
    return row


def _settle(row: Disagreement, state: Disagreement.State, *, by: Person, at: datetime) -> None:
    row.state, row.settled_by, row.settled_at = state, by, at
    row.save()
    words = told(row.kind, row.hosting, reported=row.reported, said=row.said)
    record(
        "disagreement_settled",
        f"{by}: {_DONE[state]}. {words}"[:400],
        at=at,
        by=by,
        partner=row.app.partner,
        target=f"app:{row.app.key}"[:200],
        kind=row.kind,
        state=state.value,
    )


_DONE = {
    Disagreement.State.REPORT: "took the report’s word",
    Disagreement.State.PARTNER: "took the partner’s word",
    Disagreement.State.ASKED: "asked the partner",
}


def _follow_report(row: Disagreement, app: App, at: datetime) -> Rows:
    """Make an app as reports have it; returns listings that end with it, as rows."""
    return _FOLLOWED[Kind(row.kind)](row, app, at)


def _take_in(row: Disagreement, app: App, at: datetime) -> Rows:
    """Make an app that nobody listed one that is: as reports have it, or a draft of sales alone."""
    del row
    app.from_facts = False
    if app.state == App.State.LISTED:
        app.listed_at = at
    return []


def _hand_over(row: Disagreement, app: App, at: datetime) -> Rows:
    del at
    app.partner = Partner.objects.get(key=row.reported)
    app.proposed, app.step = None, ""
    app.from_facts = app.listed_at is None
    return []


def _rename(row: Disagreement, app: App, at: datetime) -> Rows:
    del at
    app.name = row.reported
    return []


def _show(row: Disagreement, app: App, at: datetime) -> Rows:
    del at
    app.public = row.reported == "public"
    return []


def _pay(row: Disagreement, app: App, at: datetime) -> Rows:
    listing = app.listings.select_related("app").get(hosting=row.hosting)
    told_on = _reported_on(app, row.hosting)
    ended: Rows = []
    if told_on is None and listing.listed_on and listing.listed_on < at.date():
        ended.append(listing_row(listing) | {"retired_on": at.date()})
        listing.listed_on = at.date()
    listing.listed_on = told_on or listing.listed_on
    listing.payment = row.reported
    listing.save()
    return ended


def _list(row: Disagreement, app: App, at: datetime) -> Rows:
    held = app.listings.filter(hosting=row.hosting).first()
    listing = held or Listing(app=app, hosting=row.hosting)
    listing.payment, listing.retired_on = row.reported, None
    listing.listed_on = _reported_on(app, row.hosting) or listing.listed_on or at.date()
    listing.save()
    return []


def _end(row: Disagreement, app: App, at: datetime) -> Rows:
    app.listings.filter(hosting=row.hosting).update(retired_on=at.date())
    return []


_FOLLOWED: Mapping[Kind, Callable[[Disagreement, App, datetime], Rows]] = {
    Kind.NOT_LISTED: _take_in,
    Kind.PARTNER: _hand_over,
    Kind.NAME: _rename,
    Kind.PUBLIC: _show,
    Kind.PAYMENT: _pay,
    Kind.NOT_HERE: _list,
    Kind.NOT_THERE: _end,
}


def _reported_on(app: App, hosting: str) -> date | None:
    told_on = app.reported.get("hostings", {}).get(hosting, {}).get("listed_on")
    return date.fromisoformat(told_on) if told_on else None

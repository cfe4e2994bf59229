"""Decide on apps: approve what is proposed or send it back, retire."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.listings import Act, Step
from assay.core.notices.apps import APP_APPROVED, APP_SENT_BACK
from assay.core.notices.kind import Kind
from assay.jobs.apps.app_rows import (
    app_rows,
    put_listings,
    put_screenshots,
    put_words,
)
from assay.jobs.apps.edit_app import put_step, revise, taken
from assay.jobs.apps.reconcile import reconcile
from assay.jobs.imports.state_facts import say
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.partners.pictures import forget_pictures
from assay.store.models import App, Person
from assay.store.queries.apps.app_contents import content_of, proposed_of


def approve_app(app_id: int, *, reason: str, by: Person, at: datetime) -> App:
    """List what is proposed for an app, and state it as facts; raises Refused."""
    with transaction.atomic():
        app = taken(app_id, Act.APPROVE)
        content = proposed_of(app)
        before = {shown.file for shown in content_of(app).screenshots}
        put_words(app, content)
        ended = put_listings(app, content.hostings, at=at)
        put_screenshots(app, content)
        put_step(app, None)
        app.proposed, app.state, app.from_facts = None, App.State.LISTED, False
        app.listed_at = app.changed_at = at
        app.save()
        forget_pictures(app.partner, before)
        revise(app, Step.LISTED, content, by=by, at=at, reason=reason)
        say(app.partner, app_rows(app, ended=ended), why=f"app listed: {app.key}", at=at, by=by)
        _record("app_approved", f"{by} approved {app}", app, by=by, at=at, reason=reason)
        _tell(
            APP_APPROVED,
            app,
            f"{app} is approved and listed",
            f"{app} ({app.key}) is listed as you submitted it.",
            reason,
            at=at,
        )
        reconcile([app.pk], at=at)
    return app


def send_back(app_id: int, *, reason: str, by: Person, at: datetime) -> App:
    """Send what is proposed back with the reasons; raises Refused without any."""
    with transaction.atomic():
        app = taken(app_id, Act.SEND_BACK)
        if not reason.strip():
            raise Refused(
                Issue(file="app", column="reason", message="say what has to change and why")
            )
        put_step(app, Step.SENT_BACK)
        app.changed_at = at
        app.save()
        revise(app, Step.SENT_BACK, proposed_of(app), by=by, at=at, reason=reason)
        _record("app_sent_back", f"{by} sent {app} back", app, by=by, at=at, reason=reason)
        _tell(
            APP_SENT_BACK,
            app,
            f"{app} is sent back",
            f"{app} ({app.key}) is not listed as you submitted it.",
            reason,
            at=at,
        )
    return app


def retire_app(app_id: int, *, by: Person, at: datetime) -> App:
    """Retire a listed app for good, and state it as facts."""
    with transaction.atomic():
        app = taken(app_id, Act.RETIRE)
        content = content_of(app)
        put_listings(app, {}, at=at)
        put_step(app, None)
        app.proposed, app.state, app.from_facts = None, App.State.RETIRED, False
        app.changed_at = at
        app.save()
        revise(app, Step.RETIRED, content, by=by, at=at)
        say(app.partner, app_rows(app), why=f"app retired: {app.key}", at=at, by=by)
        _record("app_retired", f"{by} retired {app}", app, by=by, at=at)
        reconcile([app.pk], at=at)
    return app


def _tell(kind: Kind, app: App, subject: str, body: str, reason: str, *, at: datetime) -> None:
    tell(
        kind,
        occasion=f"app:{app.key}:{at.isoformat()}",
        subject=subject,
        body=f"{body}\n\n{reason}".strip(),
        link=f"/portal/{app.partner.slug}/apps/{app.slug}/",
        at=at,
        partner=app.partner,
    )


def _record(act: str, words: str, app: App, *, by: Person, at: datetime, reason: str = "") -> None:
    target = f"app:{app.key}"[:200]
    record(act, words[:400], at=at, by=by, partner=app.partner, target=target, reason=reason)

"""Pause the calendar, and let it go on."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from assay.core.issues import Issue, Refused
from assay.jobs.operations.events import record
from assay.store.models import CalendarPause, Person


def pause_calendar(*, why: str, by: Person, at: datetime) -> CalendarPause:
    """Let the calendar do nothing by itself until it is resumed; raises Refused."""
    if not why.strip():
        raise Refused(Issue(file="the calendar", message="say why it is paused"))
    try:
        with transaction.atomic():
            pause = CalendarPause.objects.create(why=why.strip(), paused_by=by, paused_at=at)
            record(
                "calendar_paused",
                f"Paused the review calendar: {why.strip()}"[:400],
                at=at,
                by=by,
                target="calendar",
            )
    except IntegrityError:
        raise Refused(Issue(file="the calendar", message="is paused already")) from None
    return pause


def resume_calendar(*, by: Person, at: datetime) -> None:
    """Let the calendar go on; what fell into the pause is caught up. Raises Refused."""
    with transaction.atomic():
        pause = CalendarPause.objects.select_for_update().filter(resumed_at=None).first()
        if pause is None:
            raise Refused(Issue(file="the calendar", message="is not paused"))
        pause.resumed_by, pause.resumed_at = by, at
        pause.save()
        record("calendar_resumed", "Resumed the review calendar", at=at, by=by, target="calendar")

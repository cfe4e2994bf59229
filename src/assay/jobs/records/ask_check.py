"""Ask for a check of the record of who did what."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.gateways.queue import defer
from assay.jobs.operations.events import record
from assay.jobs.records.check_events import ANCHOR_EVENTS
from assay.store.models import Person


def ask_check(*, by: Person, at: datetime) -> None:
    """Let the worker check every event now; who asked is on record."""
    with transaction.atomic():
        record("record_check_asked", f"{by} had the record checked", at=at, by=by)
        defer(ANCHOR_EVENTS)

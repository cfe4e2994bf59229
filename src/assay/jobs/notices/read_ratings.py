"""Mark what readers said of pages as read, by somebody of staff."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.jobs.operations.events import record
from assay.store.models import Person
from assay.store.queries.notices.ratings import unread


@transaction.atomic
def read_ratings(
    *, by: Person, at: datetime, number: int | None = None, until: int | None = None
) -> int:
    """Mark the rating of a `number`, or those up to the number `until`, or all; returns how many.

    What is read already stays as it was read.
    """
    rows = unread()
    if number is not None:
        rows = rows.filter(pk=number)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    read = rows.update(read_at=at, read_by=by)
    if read:
        words = f"{by} read {'one rating' if read == 1 else f'{read} ratings'}"
        record("ratings_read", words, at=at, by=by, number=number, until=until)
    return read

"""Catch up imports: ask again for every step that the queue lost or a killed worker left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from assay.core.issues import Issue
from assay.jobs.imports.uploads import MOST_ATTEMPTS, TASKS, give_up, hand_over, is_idle
from assay.store.models import Upload

QUIET_FOR = timedelta(seconds=45)
WAITS_FOR = timedelta(minutes=5)  # behind other files
_LONGEST_SENDING = timedelta(days=1)


def sweep_broken_off(*, at: datetime) -> int:
    """Remove what is left of sendings that were broken off by a crash; returns how many files."""
    left = [
        file
        for file in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*")
        if datetime.fromtimestamp(file.stat().st_mtime, UTC) < at - _LONGEST_SENDING
    ]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def catch_up_imports(*, at: datetime) -> int:
    """Hand over uploads that have not moved for a while; returns how many.

    What still runs has its turn and is left alone; asking twice does no harm. A step that was
    begun several times and never ended is given up: a person decides.
    """
    begun = Q(attempts__gt=0, changed_at__lte=at - QUIET_FOR)
    waiting = Q(attempts=0, changed_at__lte=at - WAITS_FOR)
    stuck = [
        upload
        for upload in Upload.objects.filter(begun | waiting, state__in=TASKS)
        if is_idle(upload.pk)
    ]
    for upload in stuck:
        if upload.attempts >= MOST_ATTEMPTS:
            give_up(upload, [_NEVER_ENDED], at=at)
        else:
            hand_over(upload)
    return len(stuck)


_NEVER_ENDED = Issue(
    file="upload",
    message=f"This was begun {MOST_ATTEMPTS} times and never ended.",
    hint="Nothing was changed. Look into the worker's log: it may lack memory or disk.",
)

"""Uploads: where their files lie, how they are read, whose turn it is, how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from django.conf import settings
from django.db import connection, transaction

from assay.core.issues import Issue, Refused
from assay.gateways.queue import defer
from assay.jobs.imports.import_reports import Order, Sent, Stage, Step
from assay.jobs.imports.told_uploads import issue_document
from assay.jobs.programs.programs import program_of
from assay.ledger.ledger import Ledger
from assay.store.models import Upload
from assay.tables.duck import AMPLE, NARROW, within

Clock = Callable[[], datetime]
Done = TypeVar("Done")
State = Upload.State

TASKS = {
    State.READING: "preview_upload",
    State.COMMITTING: "commit_upload",
    State.UNDOING: "undo_import",
}
FALLS_BACK_TO = {
    State.READING: State.REFUSED,
    State.COMMITTING: State.READY,
    State.UNDOING: State.DONE,
}
MOST_ATTEMPTS = 5
_LOCKS = 0x41554C44  # the space of advisory locks of uploads
_BETWEEN_STEPS = timedelta(seconds=0.5)
_NARROW_UP_TO = 512 * 1024 * 1024  # bytes


def folder() -> Path:
    """Return the folder of uploaded files and of their refused rows."""
    path: Path = settings.INSTALLATION.made("files") / "uploads"
    path.mkdir(exist_ok=True)
    return path


def path_of(name: str) -> Path:
    """Return where a file lies, by the name we gave it."""
    return folder() / name


def sent_of(upload: Upload) -> Sent:
    """Return the file of an upload as the import takes it."""
    return Sent(path=path_of(upload.file), name=upload.name, reference=f"upload:{upload.pk}")


def order_of(upload: Upload) -> Order:
    """Return how an upload is read, under the program in force."""
    program = program_of(settings.PROGRAM)
    return Order(
        source=upload.source,
        vocabulary=program.vocabulary,
        currency=program.currency,
        partner_id=upload.partner_key or None,
        as_of=upload.as_of,
    )


def ledger() -> Ledger:
    """Open the installation's ledger, made where there is none; raises Refused."""
    return Ledger.create(
        settings.INSTALLATION.ledger, vocabulary=program_of(settings.PROGRAM).vocabulary
    )


def with_room(upload: Upload, act: Callable[[], Done]) -> Done:
    """Do `act` in little memory, unless the file is very large; where it was too little, in more.

    Raises Refused as `act` does.
    """
    if upload.size <= _NARROW_UP_TO:
        try:
            with within(NARROW):
                return act()
        except Refused as refused:
            if not isinstance(refused.__cause__, duckdb.OutOfMemoryException):
                raise
    with within(AMPLE):
        return act()


def hand_over(upload: Upload) -> None:
    """Ask the worker to take the next step of an upload, in the transaction of the caller."""
    defer(TASKS[State(upload.state)], upload=upload.pk)


@contextmanager
def turn(pk: int, state: Upload.State, *, at: datetime) -> Iterator[Upload | None]:
    """Lend the upload to one worker at a time, where it is in `state`; None where it is not.

    A worker that is killed lets go. Counts the attempt.
    """
    if not _lock("pg_try_advisory_lock", pk):
        yield None
        return
    try:
        upload = Upload.objects.filter(pk=pk, state=state).first()
        if upload is not None:
            change(
                upload,
                attempts=upload.attempts + 1,
                stage=Upload.Stage.READING,
                done=0,
                total=0,
                started_at=at,
                changed_at=at,
            )
        yield upload
    finally:
        _lock("pg_advisory_unlock", pk)


def is_idle(pk: int) -> bool:
    """Tell whether no worker has the turn of an upload."""
    return _lock("pg_try_advisory_lock", pk) and _lock("pg_advisory_unlock", pk)


def _lock(function: str, pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_LOCKS, pk])
        return bool(cursor.fetchone()[0])


def change(upload: Upload, **values: Any) -> bool:  # noqa: ANN401 - columns of a row
    """Change an upload where it still is in the state it was in; tell whether it was."""
    changed = Upload.objects.filter(pk=upload.pk, state=upload.state).update(**values)
    if changed:
        for name, value in values.items():
            setattr(upload, name, value)
    return bool(changed)


def move(pk: int, states: Sequence[Upload.State], message: str, **values: Any) -> Upload:  # noqa: ANN401
    """Move an upload on from one of `states`, once; raises Refused with `message` else.

    Of two who do it at once, one moves it and the other is refused.
    """
    with transaction.atomic():
        moved = Upload.objects.filter(pk=pk, state__in=states).update(
            attempts=0, trouble=[], stage=Upload.Stage.WAITING, done=0, total=0, **values
        )
        if not moved:
            raise Refused(Issue(file="upload", message=message))
    return Upload.objects.get(pk=pk)


def watching(upload: Upload, now: Clock) -> Callable[[Step], None]:
    """Return what keeps the upload's row up to date while it is read, twice a second at most."""

    def on_progress(step: Step) -> None:
        at = now()
        keeping = step.stage is Stage.KEEPING
        if not keeping and at - upload.changed_at < _BETWEEN_STEPS:
            return
        expected = max(step.expected or 0, step.rows) if step.expected else 0
        change(
            upload,
            stage=Upload.Stage.KEEPING if keeping else Upload.Stage.READING,
            done=step.rows,
            total=expected,
            changed_at=at,
        )

    return on_progress


def give_up(upload: Upload, issues: Sequence[Issue], *, at: datetime) -> None:
    """Put an upload back to where a person decides, and keep why."""
    change(
        upload,
        state=FALLS_BACK_TO[State(upload.state)],
        trouble=[issue_document(issue) for issue in issues],
        changed_at=at,
    )

"""Drop an upload that is not imported: its file is removed, its row stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.jobs.imports.uploads import State, move, path_of
from assay.jobs.operations.events import record
from assay.store.models import Person


def drop_upload(pk: int, *, by: Person, at: datetime) -> None:
    """Drop an upload; raises Refused where it is imported already, or is being imported."""
    with transaction.atomic():
        upload = move(
            pk,
            (State.READING, State.READY, State.REFUSED),
            "This file cannot be dropped any more.",
            state=State.DROPPED,
            changed_at=at,
        )
        record(
            "upload_dropped",
            f"{by} dropped {upload.name}",
            at=at,
            by=by,
            target=f"upload:{pk}",
        )
    path_of(upload.file).unlink(missing_ok=True)
    path_of(f"{upload.file}.rejects.csv").unlink(missing_ok=True)

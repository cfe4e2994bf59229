"""Undo an import: a new batch of the ledger restates what it did."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.gateways.queue import defer
from assay.jobs.imports.commit_upload import REFRESH_STANDING
from assay.jobs.imports.told_uploads import undo_document
from assay.jobs.imports.uploads import (
    Clock,
    State,
    change,
    give_up,
    hand_over,
    ledger,
    move,
    turn,
    with_room,
)
from assay.jobs.operations.events import record
from assay.ledger.ledger import Ledger
from assay.ledger.undoing import Undoing
from assay.store.models import Person, Upload


def ask_undo(pk: int, why: str, *, by: Person, at: datetime) -> None:
    """Ask that the import of an upload is undone; raises Refused where it cannot be."""
    with transaction.atomic():
        upload = move(
            pk,
            (State.DONE,),
            "This import cannot be undone: it is not in the ledger, or somebody was first.",
            state=State.UNDOING,
            undone_by=by,
            undone_at=at,
            undone_why=why,
            changed_at=at,
        )
        if upload.batch is None or not upload.report.get("ours"):
            raise Refused(
                Issue(
                    file="upload",
                    message="This upload added no batch of its own.",
                    hint="undo the import that first brought the file",
                )
            )
        record(
            "undo_asked",
            f"{by} asked to undo the import of {upload.name}",
            at=at,
            by=by,
            target=f"upload:{pk}",
            why=why,
        )
        hand_over(upload)


def undo_import(pk: int, *, now: Clock) -> None:
    """Undo the batch of an upload; does nothing where it is not its turn."""
    with turn(pk, State.UNDOING, at=now()) as upload:
        if upload is None or upload.batch is None:
            return
        try:
            with_room(upload, lambda: _undo(upload, ledger(), now))
        except Refused as refused:
            give_up(upload, refused.issues, at=now())


def _undo(upload: Upload, held: Ledger, now: Clock) -> None:
    number = upload.batch or 0
    reference = f"upload:{upload.pk}"
    with held.scratch() as scratch:
        receipt = held.undo(
            Undoing(batch=number, undone_at=now(), reference=reference), scratch=scratch
        )
    batch = held.batch(receipt.batch or 0)
    with transaction.atomic():
        settled = change(
            upload,
            state=State.UNDONE,
            undo_batch=receipt.batch,
            undo_report=undo_document(batch),
            trouble=[],
            changed_at=now(),
        )
        if settled:
            record(
                "import_undone",
                f"The import of {upload.name} is undone: batch {receipt.batch}",
                at=now(),
                target=reference,
                batch=receipt.batch,
                undoes=number,
            )
            defer(REFRESH_STANDING)

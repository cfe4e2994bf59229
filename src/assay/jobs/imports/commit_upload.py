"""Commit an upload: read it once more and append it to the ledger, as `assay import` does."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Refused
from assay.core.notices.imports import IMPORT_FINISHED
from assay.gateways.queue import defer
from assay.jobs.imports.import_reports import Imported, import_report
from assay.jobs.imports.told_uploads import counts_of, report_document
from assay.jobs.imports.uploads import (
    Clock,
    State,
    change,
    give_up,
    hand_over,
    ledger,
    move,
    order_of,
    path_of,
    sent_of,
    turn,
    watching,
    with_room,
)
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.ledger.batches import Batch
from assay.ledger.ledger import Ledger
from assay.store.models import Person, Upload

REFRESH_STANDING = "refresh_standing"


def ask_commit(pk: int, *, by: Person, at: datetime) -> None:
    """Ask that an upload is imported; raises Refused where somebody else was first."""
    with transaction.atomic():
        upload = move(
            pk,
            (State.READY,),
            "This file is not waiting for an import any more: somebody was first.",
            state=State.COMMITTING,
            committed_by=by,
            committed_at=at,
            changed_at=at,
        )
        record(
            "import_asked",
            f"{by} asked for the import of {upload.name}",
            at=at,
            by=by,
            target=f"upload:{pk}",
        )
        hand_over(upload)


def commit_upload(pk: int, *, now: Clock) -> None:
    """Import an upload; does nothing where it is not its turn, and once what was begun before."""
    with turn(pk, State.COMMITTING, at=now()) as upload:
        if upload is None:
            return
        held, sent = ledger(), sent_of(upload)
        rejects = f"{upload.file}.rejects.csv"
        try:
            imported = with_room(
                upload,
                lambda: import_report(
                    held,
                    sent,
                    order_of(upload),
                    imported_at=now(),
                    rejects_to=path_of(rejects),
                    on_progress=watching(upload, now),
                ),
            )
            with_room(upload, lambda: _settle(upload, held, imported, at=now()))
        except Refused as refused:
            give_up(upload, refused.issues, at=now())


def _settle(upload: Upload, held: Ledger, imported: Imported, *, at: datetime) -> None:
    """Keep what became of an upload, and let the standing follow."""
    receipt = imported.receipt
    assert receipt is not None  # noqa: S101 - what is not refused has one
    batch = held.batch(receipt.batch) if receipt.batch else None
    ours = batch is not None and batch.reference == f"upload:{upload.pk}"
    counts = batch.counts if batch is not None and ours else receipt.counts
    unresolved = held.unresolved(batch=batch.number) if batch is not None and ours else ()
    with transaction.atomic():
        settled = change(
            upload,
            state=State.DONE,
            report=report_document(upload, imported, batch, unresolved, held.vocabulary, ours=ours),
            batch=batch.number if batch else None,
            rejected_file=f"{upload.file}.rejects.csv" if counts.rejected else "",
            trouble=[],
            changed_at=at,
            **counts_of(counts),
        )
        if settled:
            _tell(upload, batch, ours=ours, at=at)


def _tell(upload: Upload, batch: Batch | None, *, ours: bool, at: datetime) -> None:
    where = f"batch {batch.number}" if batch else "no batch"
    record(
        "import_done",
        f"{upload.name} is in the ledger: {where}" if ours else f"{upload.name} was held already",
        at=at,
        target=f"upload:{upload.pk}",
        batch=batch.number if batch else None,
        new=upload.new,
        restated=upload.restated,
        refused=upload.refused,
    )
    tell(
        IMPORT_FINISHED,
        occasion=f"upload:{upload.pk}:done",
        subject=f"{upload.name} is in the ledger",
        body=f"{upload.name} is imported. New rows: {upload.new}. Changed: {upload.restated}. "
        f"Refused: {upload.refused}.",
        link=f"/staff/imports/{upload.pk}/",
        at=at,
        people=[upload.by],
    )
    if ours:
        defer(REFRESH_STANDING)

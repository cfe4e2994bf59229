"""Preview an upload: read it and rehearse its import; the ledger is not changed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Refused
from assay.jobs.imports.import_reports import rehearse_report
from assay.jobs.imports.receive_upload import Said
from assay.jobs.imports.told_uploads import counts_of, preview_document
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
from assay.jobs.operations.events import record
from assay.store.models import Person


def read_again(pk: int, said: Said, *, by: Person, at: datetime) -> None:
    """Ask that an upload is read again, as `said` now; raises Refused where it is past that."""
    with transaction.atomic():
        upload = move(
            pk,
            (State.READY, State.REFUSED),
            "This file is not waiting for you any more.",
            state=State.READING,
            source=said.source,
            partner_key=said.partner_key,
            as_of=said.as_of,
            changed_at=at,
        )
        record(
            "upload_read_again",
            f"{by} had {upload.name} read again",
            at=at,
            by=by,
            target=f"upload:{pk}",
            source=said.source,
            whose=said.partner_key,
        )
        hand_over(upload)


def preview_upload(pk: int, *, now: Clock) -> None:
    """Read an upload and keep its preview; does nothing where it is not its turn."""
    with turn(pk, State.READING, at=now()) as upload:
        if upload is None:
            return
        order = order_of(upload)
        rejects = f"{upload.file}.rejects.csv"
        try:
            rehearsed = with_room(
                upload,
                lambda: rehearse_report(
                    ledger(),
                    sent_of(upload),
                    order,
                    at=now(),
                    rejects_to=path_of(rejects),
                    on_progress=watching(upload, now),
                ),
            )
        except Refused as refused:
            give_up(upload, refused.issues, at=now())
            return
        counts = rehearsed.rehearsal.receipt.counts
        nothing_good = counts.read > 0 and counts.rejected == counts.read
        change(
            upload,
            state=State.REFUSED if nothing_good else State.READY,
            kind=rehearsed.reading.kind,
            preview=preview_document(rehearsed, order.vocabulary),
            rejected_file=rejects if counts.rejected else "",
            trouble=[],
            changed_at=now(),
            **counts_of(counts),
        )

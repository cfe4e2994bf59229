"""Show imports: what the ledger holds of each table, since when, and every batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from assay.jobs.programs.programs import program_of
from assay.ledger.batches import Batch, Counts
from assay.ledger.ledger import Ledger
from assay.store.queries.imports.imports import uploads_by_batch


@dataclass(frozen=True, kw_only=True)
class TableIn:
    """One table of the ledger: its rows, the newest day among them, and its last batch."""

    name: str
    title: str
    rows: int
    newest: date | None
    imported_at: datetime
    source: str
    batch: int


@dataclass(frozen=True, kw_only=True)
class ShownBatch:
    """A batch of the ledger; `upload` is the file it came with, where staff sent it.

    `undone_by` is the batch that undoes it.
    """

    number: int
    imported_at: datetime
    source: str
    file: str
    kind: str
    sha256: str
    options: Mapping[str, str]
    counts: Counts
    tables: Mapping[str, Counts]
    upload: int | None
    undoes: int | None
    undone_by: int | None


def tables_in() -> tuple[TableIn, ...]:
    """Return what the ledger holds, the tables that were imported last first; raises Refused."""
    ledger = _ledger()
    if ledger is None:
        return ()
    batches = ledger.batches()
    if not batches:
        return ()
    last = {name: batch for batch in batches for name in batch.tables}
    vocabulary = ledger.vocabulary
    newest = _newest(ledger.path, batches[-1].number)
    found = [
        TableIn(
            name=name,
            title=vocabulary.tables[name].title,
            rows=batches[-1].standing[name].rows,
            newest=newest.get(name),
            imported_at=batch.imported_at,
            source=batch.source,
            batch=batch.number,
        )
        for name, batch in last.items()
        if name in vocabulary.tables
    ]
    return tuple(sorted(found, key=lambda table: (-table.batch, table.title)))


def batches_shown() -> tuple[ShownBatch, ...]:
    """Return every batch, the newest first; raises Refused."""
    ledger = _ledger()
    batches = ledger.batches() if ledger else ()
    uploads = uploads_by_batch()
    undone_by = {batch.undoes: batch.number for batch in batches if batch.undoes}
    return tuple(_shown(batch, uploads, undone_by) for batch in reversed(batches))


def batch_shown(number: int) -> ShownBatch | None:
    """Return one batch, None where there is none; raises Refused."""
    return next((batch for batch in batches_shown() if batch.number == number), None)


def last_batch() -> int:
    """Return the number of the ledger's last batch, 0 before the first; raises Refused."""
    ledger = _ledger()
    return ledger.last if ledger else 0


def _ledger() -> Ledger | None:
    path = settings.INSTALLATION.ledger
    if not (path / "facts" / "_delta_log").is_dir():
        return None
    return Ledger.open(path, vocabulary=program_of(settings.PROGRAM).vocabulary)


def _shown(batch: Batch, uploads: Mapping[int, int], undone_by: Mapping[int, int]) -> ShownBatch:
    return ShownBatch(
        number=batch.number,
        imported_at=batch.imported_at,
        source=batch.source,
        file=batch.file,
        kind=batch.kind,
        sha256=batch.sha256,
        options=batch.options,
        counts=batch.counts,
        tables=batch.tables,
        upload=uploads.get(batch.undoes or batch.number),
        undoes=batch.undoes,
        undone_by=undone_by.get(batch.number),
    )


@lru_cache(maxsize=4)
def _newest(path: Path, batch: int) -> Mapping[str, date]:
    """Find the newest day of each dated table, once for each state of the ledger."""
    del batch  # names the state
    return Ledger.open(path, vocabulary=program_of(settings.PROGRAM).vocabulary).newest()

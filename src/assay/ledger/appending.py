"""Append: one staged file becomes one batch, judged against what is held, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.core.facts import Vocabulary
from assay.ledger.batches import Batch, Counts, Receipt, StagedFile
from assay.ledger.disk import one_writer, sweep_facts, sync_all
from assay.ledger.log import Change, Version, commit, read_log
from assay.ledger.parts import Part, write_parts
from assay.ledger.rows import fields_of, refuse_other_layout
from assay.ledger.writing import Desk, Shelf
from assay.tables.duck import connect


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A staged file, who sent it, how it was read, and when it became known."""

    file: StagedFile
    source: str
    options: Mapping[str, str]
    imported_at: datetime

    @property
    def identity(self) -> str:
        """Name the file, read this way."""
        return self.file.identity(source=self.source, options=self.options)


def append(ledger: Path, delivery: Delivery, *, vocabulary: Vocabulary, scratch: Path) -> Receipt:
    """Append a file as one batch; what the receipt says is on disk when this returns.

    A file that is in a batch already (same bytes, source and options) changes nothing, and so
    does one without a good row. Where clocks disagree, a batch is known from the moment of the
    batch before it on.
    """
    file, facts = delivery.file, ledger / "facts"
    with one_writer(ledger):
        version = read_log(facts)
        known = version.table.transaction_version(delivery.identity)
        if known is not None or file.rows == file.rejected:
            counts = _row_counts(file, Counts())
            return Receipt(file=file.file, batch=known, counts=counts, again=known is not None)
        refuse_other_layout(vocabulary, version)
        last = version.batch
        sweep_facts(facts, last=last.number if last else 0)
        shelf = Shelf(facts=facts, batch=last.number + 1 if last else 1)
        with connect(scratch=scratch) as connection:
            desk = Desk(
                connection=connection,
                version=version,
                shelf=shelf,
                file=file.file,
                subject=vocabulary.tables[vocabulary.subject].key[0],
            )
            parts, appended = write_parts(
                desk, vocabulary.tables, file.staged, next_row=last.next_row if last else 1
            )
        counts = _row_counts(file, appended)
        change = Change(
            added=tuple(added for part in parts.values() for added in part.added),
            removed=tuple(removed for part in parts.values() for removed in part.removed),
            fields=fields_of(vocabulary),
        )
        sync_all(Path(added.path) for added in change.added)
        batch = _batch(delivery, version, parts, number=shelf.batch, counts=counts)
        commit(facts, version, change, batch=batch, identity=delivery.identity)
    return Receipt(file=file.file, batch=batch.number, counts=counts, tables=batch.tables)


def _row_counts(file: StagedFile, appended: Counts) -> Counts:
    """Count the rows of a file; a good row that gave nothing new was held already."""
    return Counts(
        read=file.rows,
        kept=appended.kept,
        already_held=file.rows - file.rejected - appended.new,
        restatements=appended.restatements,
        rejected=file.rejected,
    )


def _batch(
    delivery: Delivery,
    version: Version,
    parts: Mapping[str, Part],
    *,
    number: int,
    counts: Counts,
) -> Batch:
    last = version.batch
    return Batch(
        number=number,
        source=delivery.source,
        file=delivery.file.file,
        kind=delivery.file.kind,
        sha256=delivery.file.sha256,
        options=delivery.options,
        imported_at=max(delivery.imported_at, last.imported_at) if last else delivery.imported_at,
        counts=counts,
        tables={name: part.counts for name, part in parts.items()},
        standing={
            **(last.standing if last else {}),
            **{name: part.standing for name, part in parts.items()},
        },
        next_row=max(
            (part.next_row for part in parts.values()), default=last.next_row if last else 1
        ),
    )

"""Append: one staged file becomes one batch, judged against what is held, all or nothing.

A rehearsal takes the same steps in the scratch folder, up to the commit, which it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.core.facts import Vocabulary
from assay.ledger.batches import Batch, Counts, Receipt, StagedFile
from assay.ledger.changes import Restated
from assay.ledger.disk import one_writer, sweep_facts, sync_all
from assay.ledger.log import Change, Version, commit, known_batch, read_log
from assay.ledger.parts import Part, write_parts
from assay.ledger.rows import fields_of, refuse_other_layout
from assay.ledger.show import Unresolved, unresolved
from assay.ledger.writing import Desk, Shelf
from assay.tables.duck import connect


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A staged file, who sent it, how it was read, and when it became known.

    `reference` says what asked for it; it does not tell two deliveries apart.
    """

    file: StagedFile
    source: str
    options: Mapping[str, str]
    imported_at: datetime
    reference: str = ""

    @property
    def identity(self) -> str:
        """Name the file, read this way."""
        return self.file.identity(source=self.source, options=self.options)


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What appending a file would do to the ledger as it was after the batch `after` (0: none).

    `receipt` is the one that would be given, without a batch where the file would make a new one;
    `restated` are the first rows that would restate held ones; `unresolved` those that would be
    kept although something they name is not known yet.
    """

    after: int
    receipt: Receipt
    restated: tuple[Restated, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


def append(ledger: Path, delivery: Delivery, *, vocabulary: Vocabulary, scratch: Path) -> Receipt:
    """Append a file as one batch; what the receipt says is on disk when this returns.

    A file that is in a batch already (same bytes, source and options) changes nothing, and so
    does one without a good row. Where clocks disagree, a batch is known from the moment of the
    batch before it on.
    """
    file, facts = delivery.file, ledger / "facts"
    with one_writer(ledger):
        version = read_log(facts)
        if (held := _held(delivery, version)) is not None:
            return held
        refuse_other_layout(vocabulary, version)
        sweep_facts(facts, last=version.last)
        shelf = Shelf(facts=facts, batch=version.last + 1)
        parts, appended = _judged(delivery, version, shelf, vocabulary=vocabulary, scratch=scratch)
        change = Change(
            added=tuple(added for part in parts.values() for added in part.added),
            removed=tuple(removed for part in parts.values() for removed in part.removed),
            fields=fields_of(vocabulary),
        )
        sync_all(Path(added.path) for added in change.added)
        counts = _row_counts(file, appended)
        batch = _batch(delivery, version, parts, counts=counts)
        commit(facts, version, change, batch=batch, known_as={delivery.identity: batch.number})
    return Receipt(file=file.file, batch=batch.number, counts=counts, tables=batch.tables)


def rehearse(
    ledger: Path, delivery: Delivery, *, vocabulary: Vocabulary, scratch: Path, most: int
) -> Rehearsal:
    """Do what `append` does, in `scratch` and without the commit; at most `most` examples."""
    version = read_log(ledger / "facts")
    if (held := _held(delivery, version)) is not None:
        return Rehearsal(after=version.last, receipt=held)
    refuse_other_layout(vocabulary, version)
    shelf = Shelf(facts=scratch / "rehearsal", batch=version.last + 1)
    shelf.facts.mkdir()
    parts, appended = _judged(
        delivery, version, shelf, vocabulary=vocabulary, scratch=scratch, examples=most
    )
    receipt = Receipt(
        file=delivery.file.file,
        batch=None,
        counts=_row_counts(delivery.file, appended),
        tables={name: part.counts for name, part in parts.items()},
    )
    restated = [example for part in parts.values() for example in part.restated]
    with connect(scratch=scratch) as connection:
        then = version.with_files(added for part in parts.values() for added in part.added)
        missing = unresolved(connection, then, vocabulary, batch=shelf.batch)
    return Rehearsal(
        after=version.last,
        receipt=receipt,
        restated=tuple(restated[:most]),
        unresolved=missing,
    )


def _held(delivery: Delivery, version: Version) -> Receipt | None:
    """Return the receipt of a file that changes nothing, None for one that is to be judged."""
    file = delivery.file
    known = known_batch(version, delivery.identity)
    if known is None and file.rows > file.rejected:
        return None
    counts = _row_counts(file, Counts())
    return Receipt(file=file.file, batch=known, counts=counts, again=known is not None)


def _judged(
    delivery: Delivery,
    version: Version,
    shelf: Shelf,
    *,
    vocabulary: Vocabulary,
    scratch: Path,
    examples: int = 0,
) -> tuple[dict[str, Part], Counts]:
    """Judge the rows of a delivery against a version and write what is new to the shelf."""
    with connect(scratch=scratch) as connection:
        desk = Desk(
            connection=connection,
            version=version,
            shelf=shelf,
            file=delivery.file.file,
            subject=vocabulary.tables[vocabulary.subject].key[0],
            examples=examples,
        )
        first = version.batch.next_row if version.batch else 1
        return write_parts(desk, vocabulary.tables, delivery.file.staged, next_row=first)


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
    delivery: Delivery, version: Version, parts: Mapping[str, Part], *, counts: Counts
) -> Batch:
    last = version.batch
    return Batch(
        number=version.last + 1,
        source=delivery.source,
        file=delivery.file.file,
        kind=delivery.file.kind,
        sha256=delivery.file.sha256,
        options=delivery.options,
        imported_at=version.after(delivery.imported_at),
        counts=counts,
        tables={name: part.counts for name, part in parts.items()},
        standing={
            **(last.standing if last else {}),
            **{name: part.standing for name, part in parts.items()},
        },
        next_row=max(
            (part.next_row for part in parts.values()), default=last.next_row if last else 1
        ),
        reference=delivery.reference,
        undone=last.undone if last else (),
    )

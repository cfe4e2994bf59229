"""Import: read reports, keep their rows in a ledger, tell what became of every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

import pyarrow.parquet as pq

from assay.core.facts import Vocabulary
from assay.core.issues import Issue, Refused, Severity
from assay.documents.causes import Cause, causes
from assay.documents.programs import load_program
from assay.documents.reading import Reading, write_rejects
from assay.documents.reports.read import read_report
from assay.ledger.appending import Delivery, Rehearsal
from assay.ledger.batches import Receipt, StagedFile
from assay.ledger.ledger import Ledger
from assay.ledger.show import Unresolved

MOST_TOLD = 20  # rejected rows told at once; --rejects writes all
_MOST_NAMED = 5  # names told in a warning
_HEAD = 1 << 20  # bytes of a report that its rows are estimated from


class Stage(StrEnum):
    """What an import is at."""

    READING = "reading"
    KEEPING = "keeping"


@dataclass(frozen=True, kw_only=True)
class Step:
    """How far the import of one file is: rows so far, and how many are expected, if known."""

    file: str
    stage: Stage
    rows: int
    expected: int | None


@dataclass(frozen=True, kw_only=True)
class Order:
    """How files are read: what the person said, and what the program asks for.

    `partner_id` is the partner of a report whose rows do not say; `as_of` the day of a report
    that does not say when it was taken.
    """

    source: str
    vocabulary: Vocabulary
    currency: str
    partner_id: str | None = None
    as_of: date | None = None

    @classmethod
    def under(
        cls, program: str, *, source: str, partner_id: str | None, as_of: date | None
    ) -> Order:
        """Take vocabulary and currency from a program; raises Refused."""
        rules = load_program(program)
        return cls(
            source=source,
            vocabulary=rules.vocabulary,
            currency=rules.currency,
            partner_id=partner_id,
            as_of=as_of,
        )

    @property
    def options(self) -> Mapping[str, str]:
        """What a batch notes of this, beside its source."""
        told = {
            "vocabulary": f"{self.vocabulary.name}-{self.vocabulary.version}",
            "currency": self.currency,
            "partner": self.partner_id,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file to import: where it lies, what its sender called it, and what asked for it."""

    path: Path
    name: str
    reference: str = ""

    @classmethod
    def of(cls, path: Path) -> Sent:
        """Take a file that lies where its sender keeps it, under its own name."""
        return cls(path=path, name=path.name)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of one file: its receipt, or why it was refused.

    `rejected` are the first rejected rows; `rejects` the file that all of them were written to.
    `unresolved` are rows kept although something they name is not known yet.
    """

    file: str
    kind: str = ""
    receipt: Receipt | None = None
    refused: tuple[Issue, ...] = ()
    rejected: tuple[Issue, ...] = ()
    rejects: Path | None = None
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether anything could be read: not refused, and not every row rejected."""
        counts = None if self.receipt is None else self.receipt.counts
        return counts is not None and (counts.read == 0 or counts.rejected < counts.read)


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What importing one file would do: how it was read, why rows are rejected, its rehearsal."""

    reading: Reading
    causes: tuple[Cause, ...]
    rehearsal: Rehearsal


def import_reports(
    ledger: Path,
    files: Sequence[Path],
    order: Order,
    *,
    imported_at: datetime,
    rejects_to: Path | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> tuple[Imported, ...]:
    """Import files one after the other, each a batch of its own; a bad one stops no other.

    Rejected rows are written to `rejects_to` (CSV; numbered where several files are imported).
    Raises Refused where the ledger itself cannot be used.
    """
    held = Ledger.create(ledger, vocabulary=order.vocabulary)
    done = []
    for number, file in enumerate(files, start=1):
        rejects = rejects_to
        if rejects is not None and len(files) > 1:
            rejects = rejects.with_stem(f"{rejects.stem}-{number}")
        try:
            done.append(
                import_report(
                    held,
                    Sent.of(file),
                    order,
                    imported_at=imported_at,
                    rejects_to=rejects,
                    on_progress=on_progress,
                )
            )
        except Refused as refused:
            done.append(Imported(file=str(file), refused=refused.issues))
    return tuple(done)


def import_report(
    ledger: Ledger,
    sent: Sent,
    order: Order,
    *,
    imported_at: datetime,
    rejects_to: Path | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Imported:
    """Import one file: read it, append it as one batch, all or nothing; raises Refused."""
    with ledger.scratch() as scratch:
        reading = _read(ledger, sent, order, scratch=scratch, on_progress=on_progress)
        rejected = first_rejected(reading)
        if rejects_to is not None and reading.rejected:
            _write_rejects(reading, rejects_to)
        delivery = _delivery(reading, sent, order, at=imported_at)
        receipt = ledger.append(delivery, scratch=scratch)
    new = receipt.batch is not None and receipt.counts.new > 0
    return Imported(
        file=reading.file,
        kind=reading.kind,
        receipt=receipt,
        rejected=rejected,
        rejects=rejects_to if reading.rejected else None,
        unresolved=ledger.unresolved(batch=receipt.batch) if new and receipt.batch else (),
        notes=reading.notes,
    )


def rehearse_report(
    ledger: Ledger,
    sent: Sent,
    order: Order,
    *,
    at: datetime,
    rejects_to: Path,
    on_progress: Callable[[Step], None] | None = None,
) -> Rehearsed:
    """Do what `import_report` does, except for the commit; raises Refused.

    Rejected rows are written to `rejects_to`; the files that the reading names are gone.
    """
    with ledger.scratch() as scratch:
        reading = _read(ledger, sent, order, scratch=scratch, on_progress=on_progress)
        found = causes(reading, most=MOST_TOLD)
        if reading.rejected:
            _write_rejects(reading, rejects_to)
        delivery = _delivery(reading, sent, order, at=at)
        rehearsal = ledger.rehearse(delivery, scratch=scratch, most=MOST_TOLD)
    return Rehearsed(reading=reading, causes=found, rehearsal=rehearsal)


def _read(
    ledger: Ledger,
    sent: Sent,
    order: Order,
    *,
    scratch: Path,
    on_progress: Callable[[Step], None] | None,
) -> Reading:
    tell = on_progress or (lambda _: None)
    expected = rows_expected(sent.path) if on_progress else None

    def on_rows(rows: int) -> None:
        tell(Step(file=sent.name, stage=Stage.READING, rows=rows, expected=expected))

    reading = read_report(
        sent.path,
        name=sent.name,
        vocabulary=order.vocabulary,
        currency=order.currency,
        partner_id=order.partner_id,
        as_of=order.as_of,
        held=ledger.facts(),
        scratch=scratch,
        on_progress=on_rows,
    )
    tell(Step(file=sent.name, stage=Stage.KEEPING, rows=reading.rows, expected=reading.rows))
    return reading


def _delivery(reading: Reading, sent: Sent, order: Order, *, at: datetime) -> Delivery:
    """Hand what was read to the ledger."""
    return Delivery(
        file=StagedFile(
            file=reading.file,
            kind=reading.kind,
            sha256=reading.sha256,
            rows=reading.rows,
            rejected=reading.rejected,
            staged=reading.staged,
        ),
        source=order.source,
        options=order.options,
        imported_at=at,
        reference=sent.reference,
    )


def first_rejected(reading: Reading) -> tuple[Issue, ...]:
    """Return the first rejected rows, at most MOST_TOLD."""
    if reading.rejects is None:
        return ()
    columns = ["row", "column", "value", "message", "hint"]
    with pq.ParquetFile(reading.rejects) as file:
        batch = next(file.iter_batches(batch_size=MOST_TOLD, columns=columns))
    return tuple(Issue(file=reading.file, **told) for told in batch.to_pylist())


def unresolved_issue(found: Unresolved) -> Issue:
    """Tell rows that are kept although something they name is not known yet."""
    first, *others = found.first[:_MOST_NAMED]
    named = ", ".join(one.value for one in (first, *others))
    more = found.names - 1 - len(others)
    return Issue(
        file=first.file,
        row=first.row,
        column=found.column,
        value=f"{named} and {more} more" if more else named,
        message=f"{found.rows} rows of {found.table} name something that is not known yet",
        hint="they are kept; import what they name, `assay ledger show` lists what is missing",
        severity=Severity.WARNING,
    )


def rows_expected(file: Path) -> int | None:
    """Estimate a report's rows from its first bytes: lines of a CSV, records of a JSON array.

    None where they do not tell (compressed, a workbook, not there).
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        return None
    if b"\0" in head or head.startswith(b"\x1f\x8b"):
        return None
    record = re.search(rb'\[\s*\{\s*("[^"\\]{1,80}"\s*:)', head)
    rows = head.count(record[1] if record else b"\n")
    return rows * size // len(head) if rows else None


def _write_rejects(reading: Reading, path: Path) -> None:
    try:
        write_rejects(reading, path)
    except OSError as error:
        reason = error.strerror or "cannot be written"
        raise Refused(
            Issue(file=str(path), message=reason, hint="choose another --rejects")
        ) from None

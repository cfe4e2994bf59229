"""The ledger: a directory of facts; append to it, read it as it is or as it was known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from assay.core.facts import Vocabulary
from assay.core.issues import Issue, Refused
from assay.ledger.appending import Delivery, Rehearsal, append, rehearse
from assay.ledger.batches import Batch, Receipt, Standing
from assay.ledger.disk import one_writer, scratch_folder, sync_file
from assay.ledger.holdings import facts_of
from assay.ledger.log import Version, batches, create_log, read_log
from assay.ledger.rows import fields_of, refuse_other_layout
from assay.ledger.show import (
    Unresolved,
    newest_days,
    tables_shown,
    unresolved,
    unresolved_shown,
)
from assay.ledger.undoing import Undoing, undo
from assay.tables.digest import facts_digest
from assay.tables.duck import connect
from assay.tables.held import Facts


@dataclass(frozen=True)
class Ledger:
    """The facts of `vocabulary` that a directory holds. Readers never wait; writers take turns."""

    path: Path
    vocabulary: Vocabulary

    @classmethod
    def open(cls, path: Path, *, vocabulary: Vocabulary) -> Ledger:
        """Open a ledger that is there; raises Refused."""
        if not DeltaTable.is_deltatable(str(path / "facts")):
            raise Refused(
                Issue(
                    file=str(path),
                    message="there is no ledger here",
                    hint="`assay import --ledger DIR …` makes one",
                )
            )
        return cls(path, vocabulary)

    @classmethod
    def create(cls, path: Path, *, vocabulary: Vocabulary) -> Ledger:
        """Open a ledger, made empty where there is none; raises Refused."""
        fields = fields_of(vocabulary)
        with _refusing(path):
            path.mkdir(parents=True, exist_ok=True)
            with one_writer(path):
                if not DeltaTable.is_deltatable(str(path / "facts")):
                    create_log(path / "facts", fields)
                    sync_file(path)
                    sync_file(path.parent)
        return cls(path, vocabulary)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Lend a folder on the ledger's disk for staged rows; it is gone afterwards."""
        with _refusing(self.path), scratch_folder(self.path) as folder:
            yield folder

    def append(self, delivery: Delivery, *, scratch: Path) -> Receipt:
        """Append a staged file as one batch, all or nothing, on disk when this returns.

        The same file, source and options change nothing a second time. Raises Refused where the
        ledger cannot be written or holds other columns.
        """
        with _refusing(self.path):
            return append(self.path, delivery, vocabulary=self.vocabulary, scratch=scratch)

    def rehearse(self, delivery: Delivery, *, scratch: Path, most: int) -> Rehearsal:
        """Tell what `append` would do now, with `most` restated rows; nothing is changed."""
        with _refusing(self.path):
            return rehearse(
                self.path, delivery, vocabulary=self.vocabulary, scratch=scratch, most=most
            )

    def undo(self, undoing: Undoing, *, scratch: Path) -> Receipt:
        """Undo a batch by a new one, all or nothing, on disk when this returns.

        A batch that is undone already stays so: the receipt says `again`. Raises Refused where
        there is no such batch, where it undoes one itself, and as `append` does.
        """
        with _refusing(self.path):
            return undo(self.path, undoing, vocabulary=self.vocabulary, scratch=scratch)

    def batch(self, number: int) -> Batch | None:
        """Return a batch by its number; raises Refused."""
        return next((batch for batch in self.batches() if batch.number == number), None)

    def batches(self) -> tuple[Batch, ...]:
        """Return every batch, oldest first; raises Refused."""
        version = self._version(None)
        with _refusing(self.path):
            return batches(self.path / "facts", until=version.number)

    def facts(self, known_at: datetime | None = None) -> Facts:
        """Return the facts as they are, or as they were known at a moment; raises Refused."""
        return facts_of(self._version(known_at), self.vocabulary)

    def batch_of(self, digest: str) -> int | None:
        """Return the first batch after which the facts were those that a digest names; or None.

        A moment does not tell it: a batch that was read before a moment may be committed after.
        """
        for batch in self.batches():
            kept = {name: batch.standing.get(name, Standing()).digest for name in self._names}
            known = {name: found for name, found in kept.items() if found is not None}
            if len(known) == len(kept) and facts_digest(known) == digest:
                return batch.number
        return None

    def facts_after(self, batch: int) -> Facts:
        """Return the facts as they were after a batch; raises Refused."""
        with _refusing(self.path):
            version = read_log(self.path / "facts", batch=batch)
        refuse_other_layout(self.vocabulary, version)
        return facts_of(version, self.vocabulary)

    def describe(self, known_at: datetime | None = None) -> dict[str, Any]:
        """Tell tables, batches and unresolved rows as JSON values; raises Refused."""
        version = self._version(known_at)
        with _refusing(self.path), TemporaryDirectory(prefix="assay-") as scratch:
            with connect(scratch=Path(scratch)) as connection:
                tables = tables_shown(connection, version, self.vocabulary)
                missing = unresolved(connection, version, self.vocabulary)
            held = batches(self.path / "facts", until=version.number)
        return {
            "tables": tables,
            "batches": [batch.told() for batch in held],
            "unresolved": unresolved_shown(missing),
        }

    @property
    def last(self) -> int:
        """The number of the last batch, 0 before the first; raises Refused."""
        return self._version(None).last

    def newest(self) -> dict[str, date]:
        """Return the newest day of every table that is dated and has rows; raises Refused."""
        version = self._version(None)
        with _refusing(self.path), connect() as connection:
            return newest_days(connection, version, self.vocabulary)

    def unresolved(self, *, batch: int) -> tuple[Unresolved, ...]:
        """Find the rows of one batch whose references find nothing now; raises Refused."""
        version = self._version(None)
        with TemporaryDirectory(prefix="assay-") as scratch, connect(scratch=Path(scratch)) as duck:
            return unresolved(duck, version, self.vocabulary, batch=batch)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.vocabulary.tables)

    def _version(self, known_at: datetime | None) -> Version:
        with _refusing(self.path):
            version = read_log(self.path / "facts", known_at=known_at)
        refuse_other_layout(self.vocabulary, version)
        return version


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Tell what the disk or another writer denies as a refusal."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException, DeltaError) as error:
        told = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise Refused(
            Issue(
                file=str(path),
                message="the ledger cannot be read or written",
                value=told,
                hint="see that it is a folder you may write to, on a disk with room; "
                "what was in it stays as it was",
            )
        ) from error

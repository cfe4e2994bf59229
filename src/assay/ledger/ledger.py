"""The ledger: a directory of facts; append to it, read it as it is or as it was known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import duckdb
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from assay.core.facts import Table, Vocabulary
from assay.core.issues import Issue, Refused
from assay.ledger.appending import Delivery, append
from assay.ledger.batches import Batch, Receipt, StagedFile, Standing
from assay.ledger.disk import one_writer, scratch_folder, sync_file
from assay.ledger.log import Version, batches, create_log, read_log
from assay.ledger.rows import (
    current_rows,
    fields_of,
    refuse_other_layout,
    superseded_of,
    totals_of,
)
from assay.ledger.totals import totals_rows
from assay.tables.digest import facts_digest
from assay.tables.held import Facts, HeldTable, RowCount


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

    def append(
        self,
        file: StagedFile,
        *,
        source: str,
        options: Mapping[str, str],
        imported_at: datetime,
        scratch: Path,
    ) -> Receipt:
        """Append a staged file as one batch, all or nothing, on disk when this returns.

        `options` say how it was read: the same file, source and options change nothing a second
        time. Raises Refused where the ledger cannot be written or holds other columns.
        """
        delivery = Delivery(file=file, source=source, options=options, imported_at=imported_at)
        with _refusing(self.path):
            return append(self.path, delivery, vocabulary=self.vocabulary, scratch=scratch)

    def facts(self, known_at: datetime | None = None) -> Facts:
        """Return the facts as they are, or as they were known at a moment; raises Refused."""
        version = self._version(known_at)
        standing = _standing(version)
        tables = {
            name: _held(table, version, standing.get(name, Standing()))
            for name, table in self.vocabulary.tables.items()
        }
        digests = {name: held.digest for name, held in standing.items() if name in tables}
        return Facts(
            tables=MappingProxyType(tables),
            digest=facts_digest(digests),
            totals=MappingProxyType(_totals(self.vocabulary, version)),
            notes=tuple(
                f"The ledger holds no rows of {name}."
                for name, held in tables.items()
                if not held.rows.read
            ),
        )

    def batches(self, known_at: datetime | None = None) -> tuple[Batch, ...]:
        """Return the batches, oldest first, that were known at a moment; raises Refused."""
        return batches(self.path / "facts", until=self._version(known_at).number)

    def standing(self, known_at: datetime | None = None) -> Mapping[str, Standing]:
        """Return how each table stands that was ever imported; raises Refused."""
        return _standing(self._version(known_at))

    def _version(self, known_at: datetime | None) -> Version:
        with _refusing(self.path):
            version = read_log(self.path / "facts", known_at=known_at)
        refuse_other_layout(self.vocabulary, version)
        return version


def _standing(version: Version) -> Mapping[str, Standing]:
    return version.batch.standing if version.batch else {}


def _held(table: Table, version: Version, standing: Standing) -> HeldTable:
    files, superseded = version.of(table.name), version.of(superseded_of(table.name))
    return HeldTable(
        sql=current_rows(table, files, superseded),
        rows=RowCount(read=standing.rows),
        paths=tuple(file.path for file in files),
        superseded=tuple(file.path for file in superseded),
    )


def _totals(vocabulary: Vocabulary, version: Version) -> dict[str, HeldTable]:
    standing = _standing(version)
    return {
        table.name: HeldTable(
            sql=totals_rows(table, files, restated=standing[table.name].restated > 0),
            rows=RowCount(read=sum(file.rows for file in files)),
        )
        for table in vocabulary.tables.values()
        if (files := version.of(totals_of(table.name)))
    }


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

"""Batches: what is appended at once, what became of its rows, and how the record is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay.tables.digest import SCHEME, TableDigest


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """One file that was read and checked, ready to be appended.

    `rows` were read from it, `rejected` of them refused. `staged` maps a table's name to Parquet
    files with the table's columns in stored types and, beside them, `_line` (BIGINT, the row of
    the file, from 1) and `_seen_at` (BIGINT, microseconds; when the source last changed the row,
    or none).
    """

    file: str
    kind: str
    sha256: str
    rows: int
    rejected: int = 0
    staged: Mapping[str, tuple[Path, ...]]

    def identity(self, *, source: str, options: Mapping[str, str]) -> str:
        """Name this file, read this way: the same name is the same batch."""
        return file_identity(self.sha256, source=source, options=options)


def file_identity(sha256: str, *, source: str, options: Mapping[str, str]) -> str:
    """Name a file by its bytes, its source and how it is read."""
    told = json.dumps([sha256, source, dict(options)], sort_keys=True)
    return f"file:{hashlib.sha256(told.encode()).hexdigest()}"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What became of rows: `read` is the sum of the others.

    Of a batch that undoes another, `read` are the rows which that one made current: `withdrawn`,
    given their former content (`restatements`), or restated since and left alone (`already_held`).
    """

    read: int = 0
    kept: int = 0
    already_held: int = 0
    restatements: int = 0
    rejected: int = 0
    withdrawn: int = 0

    @property
    def new(self) -> int:
        """Rows that are in the ledger now and were not before."""
        return self.kept + self.restatements


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One table as it stands after a batch: current rows, older versions, digest, layout.

    `digest` is None where it was kept by another scheme: it has to be counted anew.
    """

    rows: int = 0
    restated: int = 0
    digest: TableDigest | None = field(default_factory=TableDigest)
    layout: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One committed batch, and how the tables stand with it.

    `number` counts batches from 1. `next_row` is the first `_row` that no batch has used.
    `reference` says what asked for it, `undoes` which batch it undoes, and `undone` lists every
    batch that is undone with it.
    """

    number: int
    source: str
    file: str
    kind: str
    sha256: str
    options: Mapping[str, str]
    imported_at: datetime
    counts: Counts
    tables: Mapping[str, Counts]
    standing: Mapping[str, Standing]
    next_row: int
    reference: str = ""
    undoes: int | None = None
    undone: tuple[int, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return the batch as people read it: plain values, without how the tables stand."""
        return {
            "batch": self.number,
            "source": self.source,
            "file": self.file,
            "kind": self.kind,
            "sha256": self.sha256,
            "options": dict(self.options),
            "imported_at": self.imported_at.isoformat(),
            "rows": asdict(self.counts),
            "facts": {name: asdict(counts) for name, counts in self.tables.items()},
            "reference": self.reference,
            "undoes": self.undoes,
        }

    def record(self) -> dict[str, Any]:
        """Return the batch as JSON values that `read_batch` reads back."""
        standing = {
            name: {
                "rows": held.rows,
                "restated": held.restated,
                "digest": None if held.digest is None else str(held.digest.total),
                "layout": list(held.layout),
            }
            for name, held in self.standing.items()
        }
        return self.told() | {
            "standing": standing,
            "next_row": self.next_row,
            "digests": SCHEME,
            "undone": list(self.undone),
        }


def read_batch(record: Mapping[str, Any]) -> Batch:
    """Read what `Batch.record` wrote."""
    same_scheme = record["digests"] == SCHEME
    return Batch(
        number=record["batch"],
        source=record["source"],
        file=record["file"],
        kind=record["kind"],
        sha256=record["sha256"],
        options=record["options"],
        imported_at=datetime.fromisoformat(record["imported_at"]),
        counts=Counts(**record["rows"]),
        tables={name: Counts(**counts) for name, counts in record["facts"].items()},
        standing={
            name: Standing(
                rows=held["rows"],
                restated=held["restated"],
                digest=_read_digest(held["rows"], held["digest"] if same_scheme else None),
                layout=tuple(held["layout"]),
            )
            for name, held in record["standing"].items()
        },
        next_row=record["next_row"],
        reference=record["reference"],
        undoes=record["undoes"],
        undone=tuple(record["undone"]),
    )


def _read_digest(rows: int, total: str | None) -> TableDigest | None:
    return None if total is None else TableDigest(rows, int(total))


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What an append did: the batch that holds the file, and the outcome of its rows.

    `counts` are rows of the file, `tables` facts. `again` says that an earlier import had kept
    this very file: nothing was added.
    """

    file: str
    batch: int | None
    counts: Counts
    tables: Mapping[str, Counts] = field(default_factory=lambda: MappingProxyType({}))
    again: bool = False

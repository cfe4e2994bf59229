"""Rejected rows, written to a Parquet file while a report is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from assay.core.issues import Issue

_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("message", pa.string()),
        ("hint", pa.string()),
        ("cells", pa.list_(pa.string())),
        ("file", pa.string()),
    ]
)
_MOST_CHARACTERS = 8 << 20


class Rejects:
    """The rejected rows of one report; `path` is None until the first one is added."""

    def __init__(self, path: Path) -> None:
        """Keep rejected rows in the file at `path`, which is made when it is needed."""
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self._rows: list[dict[str, object]] = []
        self._characters = 0
        self.count = 0

    @property
    def path(self) -> Path | None:
        """The file of rejected rows, None where there are none."""
        return self._path if self.count else None

    def add(self, issues: Sequence[Issue], cells: Sequence[str | None]) -> None:
        """Add one row with everything that is wrong with it, the first thing in full."""
        first, *others = issues
        message = first.message
        if others:
            message += f"; also look at {', '.join(str(other.column) for other in others)}"
        self._rows.append(
            {
                "row": first.row,
                "column": first.column,
                "value": first.value,
                "message": message,
                "hint": first.hint,
                "cells": list(cells),
                "file": first.file,
            }
        )
        self.count += 1
        self._characters += 256 + sum(len(cell) for cell in cells if cell)
        if self._characters > _MOST_CHARACTERS:
            self._write()

    def _write(self) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, _SCHEMA)
        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=_SCHEMA))
        self._rows = []
        self._characters = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._rows and error is None:
            self._write()
        if self._writer is not None:
            self._writer.close()

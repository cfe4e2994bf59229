"""Rows of text on their way from a slow reader to DuckDB: a Parquet file, written in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

_MOST_CHARACTERS = 8 << 20  # kept in memory before they are written


class TextRows:
    """A Parquet file of text columns and `_row`, written row by row in bounded memory."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Start the file at `path` with the text columns `names`."""
        fields = [(name, pa.string()) for name in names]
        self._schema = pa.schema([*fields, ("_row", pa.int64())])
        self._writer = pq.ParquetWriter(path, self._schema)
        self._rows: list[tuple[str | int | None, ...]] = []
        self._characters = 0

    def add(self, row: int, cells: Sequence[str | None]) -> None:
        """Add the cells of the row numbered `row`."""
        self._rows.append((*cells, row))
        self._characters += 64 + sum(len(cell) for cell in cells if cell)
        if self._characters > _MOST_CHARACTERS:
            self._write()

    def _write(self) -> None:
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self._schema)
        arrays = [
            pa.array(cells, field.type) for cells, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
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
        if error is None:
            self._write()
        self._writer.close()

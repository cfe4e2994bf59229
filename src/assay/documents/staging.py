"""Rows of a report on their way to the ledger: checked by DuckDB, numbered, written in order.

DuckDB reads and checks with all its threads and hands over batches in the report's order; numbering
them here costs nothing, where a window function would make the whole read sequential. Two threads
write the batches, each to its own file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.core.facts import Table, Type
from assay.documents.batches import batches
from assay.documents.columns import any_fault, selected
from assay.documents.pieces import ROW_BY_ORDER, Piece
from assay.tables.duck import room

_WRITERS = 2
_MOST_WAITING = 3  # batches
_REPEATING = (Type.CHOICE, Type.COUNTRY, Type.TIME_ZONE, Type.CURRENCY)  # and references


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Rows written: the Parquet files in order, rows read, rows that may not be kept."""

    paths: tuple[Path, ...]
    read: int
    bad: int


def stage_piece(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    piece: Piece,
    *,
    seen_at: str,
    to: Path,
    on_progress: Callable[[int], None] | None = None,
) -> Staged:
    """Write the rows of `piece` that may be kept to files beside `to`, bad ones left out.

    `seen_at` is the SQL expression of `_seen_at`. `on_progress` is called with the rows read so
    far. Raises duckdb.Error where the document's structure is broken.
    """
    row = "" if piece.row == ROW_BY_ORDER else f", {piece.row} AS _line"
    relation = connection.sql(
        f"SELECT {selected(piece.read)}, ({seen_at})::BIGINT AS _seen_at, "
        f"{any_fault(piece.read)} AS _bad{row} FROM {piece.raw}"
    )
    paths: list[Path] = []
    read = bad = 0
    with ThreadPoolExecutor(_WRITERS) as writers:
        waiting: deque[Future[None]] = deque()
        for batch in batches(relation, rows=room().rows_at_once):
            good = _numbered(batch, read)
            read += batch.num_rows
            bad += batch.num_rows - good.num_rows
            paths.append(to.with_stem(f"{to.stem}-{len(paths):05}"))
            waiting.append(writers.submit(_write, good, paths[-1], _repeating(table)))
            while len(waiting) > _MOST_WAITING:
                waiting.popleft().result()
            if on_progress is not None:
                on_progress(read)
        for writing in waiting:
            writing.result()
    return Staged(paths=tuple(paths), read=read, bad=bad)


def _numbered(batch: pa.RecordBatch, rows_before: int) -> pa.RecordBatch:
    """Number the rows of a batch, if they are not, and leave out the bad ones."""
    is_bad = batch.column("_bad")
    batch = batch.drop_columns(["_bad"])
    if "_line" not in batch.schema.names:
        first = rows_before + 1
        lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
        batch = batch.append_column("_line", pa.array(lines))
    return batch.filter(pc.invert(is_bad)) if pc.any(is_bad).as_py() else batch


def _repeating(table: Table) -> list[str]:
    """List the columns whose values repeat, which a dictionary makes small."""
    return [
        column.name
        for column in table.columns.values()
        if column.type in _REPEATING or column.references
    ]


def _write(batch: pa.RecordBatch, path: Path, repeating: list[str]) -> None:
    rows = pa.Table.from_batches([batch])
    pq.write_table(rows, path, compression="none", use_dictionary=repeating)

"""Rows of a DuckDB relation as Arrow batches, with DuckDB's own errors."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa


def batches(relation: duckdb.DuckDBPyRelation, *, rows: int) -> Iterator[pa.RecordBatch]:
    """Read a relation in batches of about `rows` rows; raises duckdb.Error at any point.

    Arrow tells an error that comes up on the way as an OSError, as if a disk had failed.
    """
    reader = relation.to_arrow_reader(rows)
    try:
        yield from reader
    except (OSError, pa.ArrowException) as error:
        raise duckdb.InvalidInputException(str(error)) from error

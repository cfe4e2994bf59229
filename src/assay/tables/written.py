"""Rows written to files, the same bytes for the same rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq

from assay.tables.duck import connect, quoted


def write_rows(rows: pa.Table, path: Path) -> None:
    """Write rows as CSV or Parquet by the file's ending, the same bytes for the same rows."""
    if path.suffix == ".parquet":
        pq.write_table(rows, path, compression="zstd", use_dictionary=False)
        return
    with connect() as connection:
        connection.register("rows", rows)
        connection.execute(f"COPY (SELECT * FROM rows) TO {quoted(str(path))} (FORMAT csv, HEADER)")

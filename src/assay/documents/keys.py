"""Repeated keys: found exactly, and cheaply where there are none.

Hashes of equal keys are equal, so distinct hashes prove distinct keys. 64-bit hashes are sorted in
memory (8 bytes a row); only where two are equal does DuckDB compare the keys themselves.
"""

from __future__ import annotations

import duckdb
import numpy as np

from assay.core.facts import Table
from assay.tables.duck import named

MOST_IN_MEMORY = 120_000_000  # rows; 960 MB of hashes
_ROWS_AT_ONCE = 1_000_000


def key_list(table: Table) -> str:
    """Write the columns of the key of `table` as an SQL list."""
    return ", ".join(named(name) for name in table.key)


def surely_distinct(
    connection: duckdb.DuckDBPyConnection, table: Table, sql: str, *, rows: int
) -> bool:
    """Tell whether the keys of the `rows` rows of `sql` are proven distinct; False is "look"."""
    if rows > MOST_IN_MEMORY:
        return False
    hashes = np.empty(rows, dtype=np.uint64)
    filled = 0
    relation = connection.sql(f"SELECT hash({key_list(table)}) AS h FROM ({sql})")
    for batch in relation.to_arrow_reader(_ROWS_AT_ONCE):
        hashes[filled : filled + batch.num_rows] = batch.column(0).to_numpy()
        filled += batch.num_rows
    hashes.sort()
    return not bool(np.any(hashes[1:] == hashes[:-1]))

"""One pass over the rows of a table: counted, digested, checked, and their keys proven distinct.

Hashes of equal keys are equal, so distinct hashes prove distinct keys. 64-bit hashes are sorted in
memory (8 bytes a row); only where two are equal need the keys themselves be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.core.facts import Table
from assay.core.issues import Issue, Refused
from assay.documents.batches import batches
from assay.tables.digest import TableDigest, digest_columns, row_hash
from assay.tables.duck import named

MOST_IN_MEMORY = 100_000_000  # rows; 800 MB of hashes
_ROWS_AT_ONCE = 100_000
_LOW_HALF = np.uint64(0xFFFF_FFFF)


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What a pass found: the digest of all rows, how many are `_other`, if keys are distinct.

    `distinct` False means "look": two hashes are equal, or there are too many rows to sort.
    """

    digest: TableDigest
    other: int
    distinct: bool


def key_list(table: Table) -> str:
    """Write the columns of the key of `table` as an SQL list."""
    return ", ".join(named(name) for name in table.key)


def swept(connection: duckdb.DuckDBPyConnection, table: Table, sql: str) -> Sweep:
    """Pass over the rows of a SELECT of the table's columns and the condition `_other`."""
    [(rows,)] = connection.execute(f"SELECT count(*) FROM ({sql})").fetchall()
    if rows > MOST_IN_MEMORY:
        [(other, count, total)] = connection.execute(
            f"SELECT count(*) FILTER (_other), {digest_columns(table)} FROM ({sql})"
        ).fetchall()
        return Sweep(digest=TableDigest(count, total), other=other, distinct=False)
    hashes = np.empty(rows, dtype=np.uint64)
    other = total = filled = 0
    relation = connection.sql(
        f"SELECT hash({key_list(table)}), {row_hash(table)}, _other FROM ({sql})"
    )
    for batch in batches(relation, rows=_ROWS_AT_ONCE):
        keys = batch.column(0).to_numpy()
        if filled + len(keys) > rows:
            break
        hashes[filled : filled + len(keys)] = keys
        total += _sum(batch.column(1))
        other += pc.sum(batch.column(2)).as_py() or 0
        filled += len(keys)
    if filled != rows:
        raise Refused(Issue(file=table.name, message="does not hold the rows it says it holds"))
    hashes.sort()
    distinct = not bool(np.any(hashes[1:] == hashes[:-1]))
    return Sweep(digest=TableDigest(rows, total), other=other, distinct=distinct)


def _sum(hashes: pa.Array) -> int:
    """Add up 64-bit numbers without overflow."""
    numbers: npt.NDArray[np.uint64] = hashes.to_numpy()
    high = int((numbers >> np.uint64(32)).sum())
    return (high << 32) + int((numbers & _LOW_HALF).sum())

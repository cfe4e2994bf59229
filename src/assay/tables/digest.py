"""One number for a set of facts, whatever their order, files and engine.

The 64-bit hashes of the rows (their columns in the vocabulary's order, in stored types) are added
up; a table's digest is its row count and that sum. Sums can be kept up to date batch by batch: add
the rows that came, take away the rows that were restated. It tells sets of facts apart; it is not
a signature. The hash is DuckDB's, since a stable one costs four times as much as the whole review
(MD5: 0.2 µs a row); a test holds its values, so that a version with another hash is noticed, and
`SCHEME`, which begins every digest, is then changed with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from assay.core.facts import Table
from assay.tables.duck import named

SCHEME = "d2"


@dataclass(frozen=True)
class TableDigest:
    """Row count and hash sum of one table, or of what a batch adds to it (may be negative)."""

    rows: int = 0
    total: int = 0

    def __add__(self, other: TableDigest) -> TableDigest:
        """Add the rows of `other`."""
        return TableDigest(self.rows + other.rows, self.total + other.total)

    def __sub__(self, other: TableDigest) -> TableDigest:
        """Take away the rows of `other`."""
        return TableDigest(self.rows - other.rows, self.total - other.total)


def digest_columns(table: Table) -> str:
    """Write the two aggregates, row count and hash sum, of a SELECT over rows of `table`."""
    return f"count(*), coalesce(sum(({row_hash(table)})::HUGEINT), 0)::HUGEINT"


def row_hash(table: Table) -> str:
    """Write the DuckDB expression that hashes one row of `table` to 64 bits.

    Texts are hashed by themselves first: a text that stands in a dictionary is hashed once there,
    and not in every row.
    """
    columns = (
        f"hash({named(name)})" if column.type.is_text else named(name)
        for name, column in table.columns.items()
    )
    return f"hash({', '.join(columns)})"


def facts_digest(tables: Mapping[str, TableDigest]) -> str:
    """Digest of a whole set of facts (`d2:` and 64 hex digits); an empty table counts as none."""
    lines = (f"{name}:{d.rows}:{d.total}\n" for name, d in sorted(tables.items()) if d.rows)
    return f"{SCHEME}:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"

"""One number for a set of facts, whatever their order, files and engine.

Each row is written as text (columns in the vocabulary's order, stored types, a mark for "none"),
hashed with MD5, and the upper 88 bits are added up; a table's digest is its row count and that
sum. Sums can be kept up to date batch by batch: add the rows that came, take away the rows that
were restated. It tells sets of facts apart; it is not a signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from assay.core.facts import Table
from assay.tables.duck import named

_SEPARATOR = "chr(31)"
_NONE = "chr(30)"


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


def row_text(table: Table) -> str:
    """Write the DuckDB expression that writes one row of `table` as text."""
    cells = (f"coalesce({named(name)}::VARCHAR, {_NONE})" for name in table.columns)
    return f"concat_ws({_SEPARATOR}, {', '.join(cells)})"


def digest_columns(table: Table) -> str:
    """Write the two aggregates, row count and hash sum, of a SELECT over rows of `table`."""
    hashed = f"(md5_number({row_text(table)}) >> 40)::HUGEINT"
    return f"count(*), coalesce(sum({hashed}), 0)::HUGEINT"


def facts_digest(tables: Mapping[str, TableDigest]) -> str:
    """Digest of a whole set of facts (64 hex digits); an empty table counts as none."""
    lines = (f"{name}:{d.rows}:{d.total}\n" for name, d in sorted(tables.items()) if d.rows)
    return hashlib.sha256("".join(lines).encode()).hexdigest()

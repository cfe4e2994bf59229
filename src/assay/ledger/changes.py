"""Changes: examples of held rows and of the rows that restate them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from assay.core.facts import Table
from assay.ledger.rows import listed
from assay.tables.duck import named


@dataclass(frozen=True, kw_only=True)
class Restated:
    """A held row of `table` and the row `line` of the file that restates it, in stored values."""

    table: str
    line: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def restated_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, *, most: int
) -> tuple[Restated, ...]:
    """Return the first rows, in the order of the file, that restate what the ledger holds.

    Reads the relations that `judge` leaves.
    """
    if not most:
        return ()
    columns = tuple(table.columns)
    met = " AND ".join(f"r.{named(name)} = n.{named(name)}" for name in table.key)
    found = connection.execute(
        f"SELECT n._line, {listed(columns, of='r.')}, {listed(columns, of='n.')} "
        f"FROM replaced r JOIN newest n ON {met} ORDER BY n._line LIMIT {most:d}"
    ).fetchall()
    return tuple(
        Restated(
            table=table.name,
            line=line,
            before=dict(zip(columns, cells[: len(columns)], strict=True)),
            after=dict(zip(columns, cells[len(columns) :], strict=True)),
        )
        for line, *cells in found
    )

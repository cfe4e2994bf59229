"""Totals by month: what a batch adds to them and takes away, and where they are read.

Files are additive: the sum over all of them is the totals of the current rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.core.facts import Table, Type
from assay.ledger.log import HeldFile
from assay.ledger.rows import listed, read, sum_column, totals_of
from assay.ledger.writing import Desk, write_rows
from assay.tables.duck import named

MOST_FILES = 8  # more are put together by the next batch


def write_totals(
    desk: Desk, table: Table, *, added: str, taken: str
) -> tuple[tuple[HeldFile, ...], tuple[HeldFile, ...]]:
    """Write what rows `added` and rows `taken` (two SELECTs) change in the totals of `table`.

    Returns the new file, where there is something to write, and files that it replaces.
    """
    fact = totals_of(table.name)
    held = desk.version.of(fact)
    merged = held if len(held) >= MOST_FILES else ()
    parts = [_totals(table, added, sign=1), _totals(table, taken, sign=-1)]
    if merged:
        parts.append(f"SELECT {_columns(table)} FROM {read(merged)}")
    written = write_rows(
        desk.connection,
        select=f"{_summed(table, ' UNION ALL '.join(parts))} "
        f"ORDER BY {listed((*table.totals_by, '_month'))}",
        fact=fact,
        path=desk.shelf.place(fact, "totals"),
    )
    return ((written,) if written else ()), merged


def totals_rows(table: Table, files: Sequence[HeldFile], *, restated: bool) -> str:
    """Write the SELECT of monthly totals: `month`, `totals_by`, `row_count`, sums.

    With several files there are several rows a month, to be added up; where rows were `restated`
    they are added up here, so that nothing is left of a group that lost its last row.
    """
    rows = f"SELECT {_columns(table)} FROM {read(files)}"
    sums = [f"{named(sum_column(name))} AS {named(name)}" for name in table.totals_of]
    told = ", ".join(["_month AS month", listed(table.totals_by), "_rows AS row_count", *sums])
    return f"SELECT {told} FROM ({_summed(table, rows) if restated else rows})"


def _columns(table: Table) -> str:
    return listed(("_month", *table.totals_by, "_rows", *map(sum_column, table.totals_of)))


def _totals(table: Table, rows: str, *, sign: int) -> str:
    column = named(str(table.dated))
    instant = table.columns[str(table.dated)].type is Type.INSTANT
    dated = f"make_timestamp({column})" if instant else column
    sums = ", ".join(
        f"({sign} * coalesce(sum({named(name)}), 0))::DECIMAL(38,0) AS {named(sum_column(name))}"
        for name in table.totals_of
    )
    by = listed(table.totals_by)
    return (
        f"SELECT date_trunc('month', {dated})::DATE AS _month, {by}, "
        f"({sign} * count(*))::BIGINT AS _rows, {sums} FROM ({rows}) GROUP BY ALL"
    )


def _summed(table: Table, rows: str) -> str:
    sums = ", ".join(
        f"sum({column})::DECIMAL(38,0) AS {column}"
        for column in (named(sum_column(name)) for name in table.totals_of)
    )
    any_left = " OR ".join(
        f"sum({named(name)}) <> 0" for name in ("_rows", *map(sum_column, table.totals_of))
    )
    return (
        f"SELECT _month, {listed(table.totals_by)}, sum(_rows)::BIGINT AS _rows, {sums} "
        f"FROM ({rows}) GROUP BY ALL HAVING {any_left}"
    )

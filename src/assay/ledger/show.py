"""Show: a ledger as people and scripts read it, and rows whose references find nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from assay.core.facts import Column, Table, Type, Vocabulary
from assay.ledger.batches import Standing
from assay.ledger.holdings import rows_of, standing_of
from assay.ledger.log import Version
from assay.tables.duck import named

_MOST_NAMED = 20


@dataclass(frozen=True, kw_only=True)
class Named:
    """A value that names nothing known, how many rows have it, and the first of them."""

    value: str
    rows: int
    file: str
    row: int


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """Rows of a table whose `column` names nothing known of the table `of`.

    `names` is how many such values there are; `first` are the first of them.
    """

    table: str
    column: str
    of: str
    rows: int
    names: int
    first: tuple[Named, ...]


def tables_shown(
    connection: duckdb.DuckDBPyConnection, version: Version, vocabulary: Vocabulary
) -> dict[str, dict[str, Any]]:
    """Count the rows of every table, add up its money columns, find its newest day."""
    return {
        table.name: _shown(
            connection, table, version, standing_of(version).get(table.name, Standing())
        )
        for table in vocabulary.tables.values()
    }


def newest_days(
    connection: duckdb.DuckDBPyConnection, version: Version, vocabulary: Vocabulary
) -> dict[str, date]:
    """Find the newest day of every table that is dated and has rows."""
    tables = [t for t in vocabulary.tables.values() if t.dated and version.of(t.name)]
    found = {
        table.name: connection.execute(
            f"SELECT {_newest(table)} FROM ({rows_of(table, version)})"
        ).fetchall()[0][0]
        for table in tables
    }
    return {name: day for name, day in found.items() if day is not None}


def unresolved(
    connection: duckdb.DuckDBPyConnection,
    version: Version,
    vocabulary: Vocabulary,
    *,
    batch: int | None = None,
) -> tuple[Unresolved, ...]:
    """Find the current rows, of one batch or all, with a reference that finds nothing."""
    found = (
        _unresolved(connection, table, column, version, vocabulary, batch)
        for table in vocabulary.tables.values()
        for column in table.columns.values()
        if column.references is not None and version.of(table.name)
    )
    return tuple(one for one in found if one is not None)


def unresolved_shown(found: tuple[Unresolved, ...]) -> list[dict[str, Any]]:
    """Return unresolved rows as JSON values."""
    return [asdict(one) | {"first": [asdict(name) for name in one.first]} for one in found]


def _shown(
    connection: duckdb.DuckDBPyConnection, table: Table, version: Version, standing: Standing
) -> dict[str, Any]:
    money = [column.name for column in table.columns.values() if column.type is Type.MONEY]
    sums = [f"coalesce(sum({named(name)}), 0)" for name in money]
    (newest, *totals) = connection.execute(
        f"SELECT {', '.join([_newest(table), *sums])} FROM ({rows_of(table, version)})"
    ).fetchall()[0]
    return {
        "rows": standing.rows,
        "restated": standing.restated,
        "totals": {name: money_text(sum_) for name, sum_ in zip(money, totals, strict=True)},
        "newest": newest.isoformat() if isinstance(newest, date) else None,
    }


def _newest(table: Table) -> str:
    if table.dated is None:
        return "max(NULL)"
    newest = f"max({named(table.dated)})"
    instant = table.columns[table.dated].type is Type.INSTANT
    return f"make_timestamp({newest})::DATE" if instant else newest


def money_text(minor: int) -> str:
    """Write an amount of minor units (1/100) as decimal text, exactly."""
    whole, cents = divmod(abs(int(minor)), 100)
    return f"{'-' if minor < 0 else ''}{whole}.{cents:02}"


def _unresolved(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: Column,
    version: Version,
    vocabulary: Vocabulary,
    batch: int | None,
) -> Unresolved | None:
    cell = named(column.name)
    looked_at = version if batch is None else version.only(table.name, batch)
    known = " UNION ALL ".join(_names(str(column.references), version, vocabulary))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE missing AS SELECT DISTINCT {cell} AS _missing "
        f"FROM ({rows_of(table, looked_at)}) WHERE {cell} IS NOT NULL AND {cell} NOT IN ({known})"
    )
    (names,) = connection.execute("SELECT count(*) FROM missing").fetchall()[0]
    if not names:
        return None
    rows = rows_of(table, looked_at, own=("_row", "_file", "_line"))
    first = "_row" if batch is None else "_line"  # of one batch, as the rows stand in its file
    found = connection.execute(
        f"SELECT {cell}, count(*), arg_min(_file, {first}), arg_min(_line, {first}), "
        "sum(count(*)) OVER () "
        f"FROM ({rows}) SEMI JOIN missing ON {cell} = missing._missing "
        f"GROUP BY {cell} ORDER BY min({first}) LIMIT {_MOST_NAMED}"
    ).fetchall()
    return Unresolved(
        table=table.name,
        column=column.name,
        of=str(column.references),
        rows=int(found[0][4]),
        names=names,
        first=tuple(
            Named(value=value, rows=rows, file=file, row=row)
            for value, rows, file, row, _all in found
        ),
    )


def _names(table: str, version: Version, vocabulary: Vocabulary) -> Iterator[str]:
    """Write the SELECTs of every name of the rows of `table`: its key, and tables of other names.

    A table of other names has a key of one column, and beside it only references to `table`.
    """
    own = vocabulary.tables[table]
    yield f"SELECT {named(own.key[0])} FROM ({rows_of(own, version)})"
    for other in vocabulary.tables.values():
        name, *rest = other.columns.values()
        if other.key == (name.name,) and [column.references for column in rest] == [table]:
            yield f"SELECT {named(name.name)} FROM ({rows_of(other, version)})"

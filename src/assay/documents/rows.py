"""Rows of one fact table in stored types: staged or read in place, counted, digested, once each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import duckdb

from assay.core.facts import Table
from assay.core.issues import Issue
from assay.documents.columns import Cell, all_plain, any_fault, selected, selected_lean
from assay.documents.csv_files import literal
from assay.documents.pieces import Piece, numbered
from assay.documents.sweep import Sweep, key_list, swept
from assay.tables.digest import TableDigest
from assay.tables.duck import named, parquet, quoted


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of one table: a SELECT of its columns, their digest, rows read and bad among them.

    `distinct` tells that the keys are proven distinct. `paths` are Parquet files that hold exactly
    these rows in stored types, where there are some.
    """

    sql: str
    digest: TableDigest
    read: int
    bad: int = 0
    distinct: bool = True
    paths: tuple[str, ...] | None = None


def no_rows(table: Table) -> Rows:
    """Give the empty table."""
    columns = ", ".join(
        f"NULL::{column.type.sql} AS {named(name)}" for name, column in table.columns.items()
    )
    return Rows(sql=f"SELECT {columns} WHERE false", digest=TableDigest(), read=0)


def stage(connection: duckdb.DuckDBPyConnection, piece: Piece, *, to: Path) -> None:
    """Write the rows of `piece` in stored types, in their order, and `_bad`, to a Parquet file."""
    connection.execute(
        f"COPY (SELECT {selected(piece.read)}, {any_fault(piece.read)} AS _bad FROM {piece.raw}) "
        f"TO {quoted(str(to))} (FORMAT parquet)"
    )


def staged_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, *, plain: str = "NOT _bad"
) -> Rows:
    """Count and digest the rows of the Parquet file `path`, which are in stored types."""
    source = parquet((literal(path),))
    sql = f"SELECT {column_list(table)} FROM {source}"
    found = swept(
        connection, table, f"SELECT {column_list(table)}, {plain} AS _plain FROM {source}"
    )
    return _rows(sql, found, bad=found.digest.rows - found.plain, paths=(str(path),))


def _rows(sql: str, found: Sweep, *, bad: int = 0, paths: tuple[str, ...] | None = None) -> Rows:
    return Rows(
        sql=sql,
        digest=found.digest,
        read=found.digest.rows,
        bad=bad,
        distinct=found.distinct,
        paths=paths,
    )


def rows_in_place(
    connection: duckdb.DuckDBPyConnection, table: Table, pieces: Sequence[Piece]
) -> Rows:
    """Check, count and digest Parquet files without writing them anew.

    One pass, when every cell is as it is stored; two more, when some are not.
    """
    alike = [list(group) for _, group in groupby(sorted(pieces, key=_reading), key=_reading)]
    plain = _of_groups(alike, lambda read: f", {all_plain(read)} AS _plain", selected_lean)
    found = swept(connection, table, plain)
    if found.plain == found.digest.rows:
        return _rows(_of_groups(alike, _nothing, selected_lean), found)
    faulty = _of_groups(alike, lambda read: f"{any_fault(read)} AS _bad", _nothing)
    [(bad,)] = connection.execute(f"SELECT count(*) FILTER (_bad) FROM ({faulty})").fetchall()
    computed = _of_groups(alike, _nothing, selected)
    if not bad:
        found = swept(connection, table, f"SELECT *, true AS _plain FROM ({computed})")
    return _rows(computed, found, bad=bad)


Writing = Callable[[tuple[Cell, ...]], str]


def _of_groups(groups: list[list[Piece]], last: Writing, first: Writing) -> str:
    """Write a SELECT over files, group by group of those that are read alike."""
    return " UNION ALL ".join(
        f"SELECT {first(group[0].read)}{last(group[0].read)} "
        f"FROM {parquet(tuple(literal(piece.path) for piece in group))}"
        for group in groups
    )


def _nothing(_read: tuple[Cell, ...]) -> str:
    return ""


def _reading(piece: Piece) -> str:
    return selected(piece.read)


def once_each(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    rows: Rows,
    pieces: Sequence[Piece],
    *,
    scratch: Path,
) -> tuple[Rows, list[Issue]]:
    """Take rows that stand there twice once; tell each key that has two different rows."""
    if rows.distinct:
        return rows, []
    path = scratch / f"{table.name}.distinct.parquet"
    connection.execute(
        f"COPY (SELECT DISTINCT * FROM ({rows.sql})) TO {quoted(str(path))} (FORMAT parquet)"
    )
    distinct = staged_rows(connection, table, path, plain="true")
    repeated = f"""SELECT {key_list(table)} FROM ({distinct.sql})
        GROUP BY {key_list(table)} HAVING count(*) > 1"""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _repeated AS {repeated}")
    if connection.execute("FROM _repeated LIMIT 1").fetchone() is None:
        return replace(distinct, read=rows.read), []
    return rows, _repeated_keys(connection, table, pieces)


def _repeated_keys(
    connection: duckdb.DuckDBPyConnection, table: Table, pieces: Sequence[Piece]
) -> list[Issue]:
    keys, columns = key_list(table), column_list(table)
    placed = " UNION ALL ".join(
        f"SELECT {place} AS _place, _row, {selected(piece.read)} FROM ({numbered(piece)})"
        for place, piece in enumerate(pieces)
    )
    found = connection.execute(
        f"""SELECT first_rows[1], first_rows[2], {keys} FROM (
            SELECT {keys}, list(_first ORDER BY _first) AS first_rows FROM (
                SELECT {columns}, min({{place: _place, row: _row}}) AS _first
                FROM ({placed}) SEMI JOIN _repeated USING ({keys}) GROUP BY {columns}
            ) GROUP BY {keys}
        ) ORDER BY 2"""
    )
    return [
        _repeated_key(table, pieces, first, second, key) for first, second, *key in found.fetchall()
    ]


def _repeated_key(
    table: Table,
    pieces: Sequence[Piece],
    first: dict[str, int],
    second: dict[str, int],
    key: list[object],
) -> Issue:
    earlier = f"{pieces[first['place']].name}, row {first['row']}"
    return Issue(
        file=pieces[second["place"]].name,
        row=second["row"],
        column=", ".join(table.key),
        value=", ".join(str(part) for part in key),
        message=f"is the key of {earlier} too, with other content",
        hint="keep the row that holds",
    )


def column_list(table: Table) -> str:
    """Write the columns of `table` as an SQL list."""
    return ", ".join(named(name) for name in table.columns)

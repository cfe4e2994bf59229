"""Rows of one fact table in stored types: staged or read in place, counted, digested, once each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import duckdb

from assay.core.facts import Table
from assay.core.issues import Issue
from assay.documents.columns import Cell, any_fault, selected, selected_lean
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
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, *, bad: str = "_bad"
) -> Rows:
    """Count and digest the rows of the Parquet file `path`, which are in stored types."""
    source = parquet((literal(path),))
    sql = f"SELECT {column_list(table)} FROM {source}"
    found = swept(connection, table, f"SELECT {column_list(table)}, {bad} AS _other FROM {source}")
    return _rows(sql, found, bad=found.other, paths=(str(path),))


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
    if not _other_at_a_glance(connection, alike):
        lean = _of_groups(alike, selected_lean)
        found = swept(connection, table, lean)
        if not found.other:
            return _rows(f"SELECT {column_list(table)} FROM ({lean})", found)
    computed = _of_groups(alike, selected)
    faulty = _of_groups(alike, lambda read: f"{any_fault(read)} AS _bad")
    [(bad,)] = connection.execute(f"SELECT count(*) FILTER (_bad) FROM ({faulty})").fetchall()
    if bad:
        return Rows(sql=computed, digest=TableDigest(), read=0, bad=bad)
    found = swept(connection, table, f"SELECT *, false AS _other FROM ({computed})")
    return _rows(computed, found)


def _other_at_a_glance(connection: duckdb.DuckDBPyConnection, groups: list[list[Piece]]) -> bool:
    """Whether some cell is told at a glance not to be as it is stored.

    Each condition is a filter of its own: only so DuckDB asks the files' statistics first.
    """
    counts = " UNION ALL ".join(
        f"SELECT count(*) AS cells FROM {_files(group)} WHERE {cell.at_a_glance}"
        for group in groups
        for cell in group[0].read
    )
    [(cells,)] = connection.execute(f"SELECT sum(cells) FROM ({counts})").fetchall()
    return bool(cells)


def _of_groups(groups: list[list[Piece]], select_list: Callable[[tuple[Cell, ...]], str]) -> str:
    """Write a SELECT over files, group by group of those that are read alike."""
    return " UNION ALL ".join(
        f"SELECT {select_list(group[0].read)} FROM {_files(group)}" for group in groups
    )


def _files(group: list[Piece]) -> str:
    return parquet(tuple(literal(piece.path) for piece in group))


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
    distinct = staged_rows(connection, table, path, bad="false")
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

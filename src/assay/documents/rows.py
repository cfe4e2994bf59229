"""Rows of one fact table in stored types: staged or read in place, counted, digested, once each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import duckdb

from assay.core.facts import Table
from assay.core.issues import Issue
from assay.documents.columns import any_fault, selected
from assay.documents.csv_files import literal
from assay.documents.keys import key_list, surely_distinct
from assay.documents.pieces import Piece, numbered
from assay.tables.digest import TableDigest, digest_columns
from assay.tables.duck import named, parquet, quoted


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of one table: a SELECT of its columns, their digest, rows read and bad among them.

    `paths` are Parquet files that hold exactly these rows in stored types, where there are some.
    """

    sql: str
    digest: TableDigest
    read: int
    bad: int = 0
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
    bad_rows, count, total = connection.execute(
        f"SELECT count(*) FILTER ({bad}), {digest_columns(table)} FROM {source}"
    ).fetchall()[0]
    return Rows(
        sql=f"SELECT {column_list(table)} FROM {source}",
        digest=TableDigest(count, total),
        read=count,
        bad=bad_rows,
        paths=(str(path),),
    )


def rows_in_place(
    connection: duckdb.DuckDBPyConnection, table: Table, pieces: Sequence[Piece]
) -> Rows:
    """Check, count and digest Parquet files in one pass, without writing them anew."""
    alike = groupby(sorted(pieces, key=_reading), key=_reading)
    groups = [_group_in_place(connection, table, list(group)) for _, group in alike]
    return Rows(
        sql=" UNION ALL ".join(group.sql for group in groups),
        digest=sum((group.digest for group in groups), TableDigest()),
        read=sum(group.read for group in groups),
        bad=sum(group.bad for group in groups),
    )


def _reading(piece: Piece) -> str:
    return selected(piece.read)


def _group_in_place(
    connection: duckdb.DuckDBPyConnection, table: Table, pieces: list[Piece]
) -> Rows:
    read = pieces[0].read
    source = parquet(tuple(literal(piece.path) for piece in pieces))
    respelled = [
        (f"_respelled_{i}", cell.respelled) for i, cell in enumerate(read) if cell.respelled
    ]
    marks = "".join(f", {condition} AS {mark}" for mark, condition in respelled)
    flags = ", ".join(["false", *(f"coalesce(bool_or({mark}), false)" for mark, _ in respelled)])
    bad, (_, *is_respelled), count, total = connection.execute(
        f"SELECT count(*) FILTER (_bad), [{flags}], {digest_columns(table)} FROM "
        f"(SELECT {selected(read)}, {any_fault(read)} AS _bad{marks} FROM {source})"
    ).fetchall()[0]
    plain = {mark for (mark, _), flag in zip(respelled, is_respelled, strict=True) if not flag}
    # a column that is everywhere as it is stored is read without the expression that respells it
    lean = tuple(
        replace(cell, value=cell.text) if f"_respelled_{i}" in plain else cell
        for i, cell in enumerate(read)
    )
    sql = f"SELECT {selected(lean)} FROM {source}"
    return Rows(sql=sql, digest=TableDigest(count, total), read=count, bad=bad)


def once_each(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    rows: Rows,
    pieces: Sequence[Piece],
    *,
    scratch: Path,
) -> tuple[Rows, list[Issue]]:
    """Take rows that stand there twice once; tell each key that has two different rows."""
    if surely_distinct(connection, table, rows.sql, rows=rows.read):
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

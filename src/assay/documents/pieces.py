"""A piece: the rows of one table in one file, with how each cell of them is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assay.core.facts import Table
from assay.core.issues import Issue, Refused
from assay.documents.columns import Cell, Source, TypeNotReadable, any_fault, cells
from assay.documents.csv_files import CsvFile, literal, relation, repeated_names
from assay.documents.faults import explained, too_early
from assay.tables.duck import named, quoted

ROW_BY_ORDER = "row_number() OVER ()"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Rows of one table in the file called `name`.

    `raw` is a DuckDB relation of the rows as the document at `path` has them, `row` the expression
    that numbers them from 1, `unused` the document's columns that no column of the table reads.
    """

    name: str
    path: Path
    raw: str
    read: tuple[Cell, ...]
    row: str = ROW_BY_ORDER
    unused: tuple[str, ...] = ()


def csv_piece(table: Table, file: CsvFile, *, currency: str) -> Piece:
    """Find the columns of `table` in the header of a CSV file; raises Refused."""
    sources = {name: Source(sql=file.cell(i)) for i, name in enumerate(file.header)}
    issues = [
        Issue(file=file.name, column=name, message="stands twice in the header", hint="remove one")
        for name in repeated_names(file.header)
    ]
    issues += missing(table, sources, name=file.name)
    if issues:
        raise Refused(*issues)
    return _piece(
        table, sources, name=file.name, path=file.path, raw=relation(file), currency=currency
    )


def parquet_piece(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, *, name: str, currency: str
) -> Piece:
    """Find the columns of `table` in the schema of a Parquet file; raises Refused."""
    raw = f"read_parquet({quoted(literal(path))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {raw}").fetchall()
    except duckdb.Error as error:
        raise Refused(unreadable(name, error)) from error
    sources = {column: Source(sql=named(column), type=kind) for column, kind, *_ in described}
    if issues := missing(table, sources, name=name):
        raise Refused(*issues)
    return _piece(table, sources, name=name, path=path, raw=raw, currency=currency)


def _piece(
    table: Table,
    sources: Mapping[str, Source],
    *,
    name: str,
    path: Path,
    raw: str,
    currency: str,
) -> Piece:
    try:
        read = cells(table, sources, currency=currency)
    except TypeNotReadable as error:
        message = f"is {error.sql_type}, which cannot be read as {error.column.type}"
        column = error.column.name
        raise Refused(Issue(file=name, column=column, message=message, hint=error.hint)) from error
    unused = tuple(column for column in sources if column and column not in table.columns)
    return Piece(name=name, path=path, raw=raw, read=read, unused=unused)


def missing(table: Table, sources: Mapping[str, Source], *, name: str) -> list[Issue]:
    """Tell which columns that `table` needs are not among `sources`."""
    return [
        Issue(file=name, column=column.name, message="is missing", hint="add the column")
        for column in table.columns.values()
        if not column.optional and column.name not in sources
    ]


def unreadable(name: str, error: duckdb.Error) -> Issue:
    """Tell that the file called `name` cannot be read, with the first line of the reason."""
    reason = str(error).partition("\n")[0]
    return Issue(file=name, message=f"cannot be read: {reason}", hint="is the file whole?")


def numbered(piece: Piece) -> str:
    """Write a SELECT of the raw rows of `piece` with their number, `_row`."""
    if piece.row != ROW_BY_ORDER:
        return f"SELECT * FROM {piece.raw}"
    return f"SELECT *, {piece.row} AS _row FROM {piece.raw}"


def faults(
    connection: duckdb.DuckDBPyConnection, piece: Piece, *, currency: str, most: int
) -> list[Issue]:
    """Tell the first bad cells of `piece`, at most `most`, in the order of its rows."""
    texts = ", ".join(cell.text for cell in piece.read)
    bad = ", ".join(cell.bad for cell in piece.read)
    early = ", ".join(cell.early or "false" for cell in piece.read)
    found = connection.execute(
        f"SELECT _row, [{texts}], [{bad}], [{early}] FROM ({numbered(piece)}) "
        f"WHERE {any_fault(piece.read)} LIMIT {most:d}"
    ).fetchall()
    issues = [
        _issue(piece, cell, row, text, currency=currency, is_bad=is_bad)
        for row, *lists in found
        for cell, text, is_bad, is_early in zip(piece.read, *lists, strict=True)
        if is_bad or is_early
    ]
    return issues[:most]


def _issue(
    piece: Piece, cell: Cell, row: int, text: str | None, *, currency: str, is_bad: bool
) -> Issue:
    column = cell.column
    message, hint = explained(column, text, currency=currency) if is_bad else too_early(column)
    return Issue(
        file=piece.name, row=row, column=column.name, value=text or None, message=message, hint=hint
    )

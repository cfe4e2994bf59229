"""A piece: the rows of one table in one file, with how each cell of them is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import duckdb

from assay.core.facts import Table
from assay.core.issues import Issue, Refused
from assay.documents.columns import Cell, Source, TypeNotReadable, any_fault, cells
from assay.documents.csv_files import CsvFile, literal, relation, repeated_names
from assay.documents.faults import explained, too_early
from assay.tables.duck import named, quoted

ROW_BY_ORDER = "row_number() OVER ()"
_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Rows of one table in the file called `name`.

    `raw` is a DuckDB relation of the rows as the document at `path` has them, `row` the expression
    that numbers them from 1, `unused` the document's columns that no column of the table reads.
    By column, `names` are the document's own, `hints` say what to do about an empty cell.
    """

    name: str
    path: Path
    raw: str
    read: tuple[Cell, ...]
    row: str = ROW_BY_ORDER
    unused: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    hints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, raw: str, *, row: str) -> Piece:
        """Read the same columns from another relation, whose rows `row` numbers."""
        return replace(self, raw=raw, row=row)


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
    types = parquet_types(connection, path, name=name)
    sources = {column: Source(sql=named(column), type=kind) for column, kind in types.items()}
    if issues := missing(table, sources, name=name):
        raise Refused(*issues)
    return _piece(table, sources, name=name, path=path, raw=in_place(path), currency=currency)


def in_place(path: Path) -> str:
    """Write the DuckDB table function that reads one Parquet file."""
    return f"read_parquet({quoted(literal(path))})"


def parquet_types(
    connection: duckdb.DuckDBPyConnection, path: Path, *, name: str
) -> dict[str, str]:
    """Give the columns of a Parquet file and their DuckDB types; raises Refused."""
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {in_place(path)}").fetchall()
    except duckdb.Error as error:
        raise Refused(unreadable(name, error)) from error
    return {column: kind for column, kind, *_ in described}


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
    bad_rows = faulty_rows(connection, piece, currency=currency, most=most)
    return [issue for issues, _ in bad_rows for issue in issues][:most]


def faulty_rows(
    connection: duckdb.DuckDBPyConnection,
    piece: Piece,
    *,
    currency: str,
    most: int | None = None,
    texts: Sequence[str] = (),
) -> Iterator[tuple[list[Issue], list[str | None]]]:
    """Read the rows of `piece` that have bad cells: their issues, and the cells `texts` (SQL)."""
    lists = [
        [cell.text for cell in piece.read],
        [cell.bad for cell in piece.read],
        [cell.early or "false" for cell in piece.read],
        ["NULL::VARCHAR", *texts],
    ]
    columns = ", ".join(f"[{', '.join(expressions)}]" for expressions in lists)
    limit = "" if most is None else f"LIMIT {most:d}"
    found = connection.execute(
        f"SELECT _row, {columns} FROM ({numbered(piece)}) WHERE {any_fault(piece.read)} {limit}"
    )
    while some := found.fetchmany(_ROWS_AT_ONCE):
        for row, cells_read, bad, early, (_, *wanted) in some:
            issues = [
                _issue(piece, cell, row, text, currency=currency, is_bad=is_bad)
                for cell, text, is_bad, is_early in zip(
                    piece.read, cells_read, bad, early, strict=True
                )
                if is_bad or is_early
            ]
            yield issues, wanted


def _issue(
    piece: Piece, cell: Cell, row: int, text: str | None, *, currency: str, is_bad: bool
) -> Issue:
    column = cell.column
    message, hint = explained(column, text, currency=currency) if is_bad else too_early(column)
    if not text:
        hint = piece.hints.get(column.name, hint)
    return Issue(
        file=piece.name,
        row=row,
        column=piece.names.get(column.name, column.name),
        value=text or None,
        message=message,
        hint=hint,
    )

"""What every reader of reports works with, and the steps they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from assay.core.facts import Table, Vocabulary
from assay.core.issues import Issue, Refused
from assay.documents import csv_files
from assay.documents.csv_files import CsvFile, literal, relation
from assay.documents.pieces import ROW_BY_ORDER, Piece, faulty_rows
from assay.documents.rejects import Rejects
from assay.documents.staging import Staged, stage_piece
from assay.tables.duck import named, parquet, quoted
from assay.tables.held import Facts


@dataclass(kw_only=True)
class Desk:
    """One import of one file: what it is read with, and what comes of it.

    `name` is the file's name in messages, `path` its (unpacked) content, `partner_id` and `as_of`
    what the person said. Readers fill `staged` (files and rows by table), note in `columns` which
    column of the report is read as which fact, and count `rows`.
    """

    connection: duckdb.DuckDBPyConnection
    vocabulary: Vocabulary
    currency: str
    partner_id: str | None
    as_of: date | None
    held: Facts
    scratch: Path
    on_progress: Callable[[int], None] | None
    name: str
    path: Path
    rejects: Rejects
    header: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    staged: dict[str, Staged] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    files: int = 0

    def table(self, name: str) -> Table:
        """Give a table of the vocabulary; refuses a report whose facts it does not know."""
        if name not in self.vocabulary.tables:
            message = f"holds {name}, which the vocabulary {self.vocabulary.name} does not have"
            raise Refused(Issue(file=self.name, message=message))
        return self.vocabulary.tables[name]

    def new_file(self, what: str) -> Path:
        """Name a file of rows that no other step writes."""
        self.files += 1
        return self.scratch / f"{what}-{self.files:03}.parquet"

    def day(self) -> date:
        """Give the day the report was taken: said by the person, else found in the file's name."""
        found = self.as_of or day_in(self.name)
        if found is None:
            hint = "say its day (--as-of YYYY-MM-DD), or put the day into the file's name"
            raise Refused(Issue(file=self.name, message="does not say its day", hint=hint))
        return found

    def held_rows(self, name: str) -> str:
        """Write a DuckDB subquery of the facts of one table that are held already."""
        return f"({self.held.tables[name].sql})"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a SELECT whose result is small."""
        return self.connection.execute(sql).fetchall()


def day_in(name: str) -> date | None:
    """Find a day written YYYY-MM-DD in a file's name, the last one if there are several."""
    for found in reversed(re.findall(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])", name)):
        try:
            return date.fromisoformat(found)
        except ValueError:
            continue
    return None


def microseconds(day: date) -> int:
    """Give the first moment of a day (UTC) in microseconds since 1970."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000_000


def stage(
    desk: Desk,
    table: Table,
    piece: Piece,
    *,
    seen_at: str,
    cells: Sequence[str],
) -> Staged:
    """Stage the rows of `piece` for `table`; bad rows become rejects with their cells.

    `seen_at` is the SQL of `_seen_at`, `cells` that of the texts of the report's columns.
    """
    to = desk.new_file(table.name)
    staged = stage_piece(
        desk.connection, table, piece, seen_at=seen_at, to=to, on_progress=desk.on_progress
    )
    if staged.bad:
        for issues, texts in faulty_rows(
            desk.connection, piece, currency=desk.currency, texts=cells
        ):
            desk.rejects.add(issues, texts)
    return staged


def seen_at(desk: Desk) -> str:
    """Write the moment the person says the report was taken, NULL where nobody said."""
    return "NULL" if desk.as_of is None else str(microseconds(desk.as_of))


def add_staged(desk: Desk, table: str, staged: Staged) -> None:
    """Count what was staged for a table, after what was staged for it before."""
    before = desk.staged.get(table, Staged(paths=(), read=0, bad=0))
    desk.staged[table] = Staged(
        paths=before.paths + staged.paths,
        read=before.read + staged.read,
        bad=before.bad + staged.bad,
    )


def stage_selected(desk: Desk, table: Table, sql: str, *, seen_at: int) -> None:
    """Stage what a DuckDB SELECT of the table's columns and `_line` makes of a report."""
    to = desk.new_file(table.name)
    columns = ", ".join(named(name) for name in table.columns)
    order = ", ".join(("_line", *(named(name) for name in table.key)))  # a line may tell of two
    desk.connection.execute(
        f"COPY (SELECT {columns}, _line::BIGINT AS _line, {seen_at:d}::BIGINT AS _seen_at "
        f"FROM ({sql}) ORDER BY {order}) TO {quoted(str(to))} (FORMAT parquet)"
    )
    [(rows,)] = desk.query(f"SELECT count(*) FROM {parquet((literal(to),))}")
    add_staged(desk, table.name, Staged(paths=(to,), read=rows, bad=0))


def with_exact_reader(desk: Desk, file: CsvFile, read: Callable[[str, str], Staged]) -> Staged:
    """Stage a CSV file with DuckDB, and where its structure is broken with the exact reader.

    `read` stages the rows of a DuckDB relation, given with the expression that numbers them.
    """
    with suppress(duckdb.Error):
        return read(relation(file), ROW_BY_ORDER)
    raw = desk.new_file("raw")
    before = desk.rejects.count
    rows = csv_files.rewritten(
        file, to=raw, tell=lambda issue, cells: desk.rejects.add([issue], cells)
    )
    ragged = desk.rejects.count - before
    staged = read(parquet((literal(raw),)), "_row")
    return replace(staged, read=rows, bad=staged.bad + ragged)

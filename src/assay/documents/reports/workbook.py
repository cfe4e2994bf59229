"""XLSX workbooks: each sheet is a table of facts, found by its name or by its header."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from assay.core.facts import Table
from assay.core.issues import Issue, Refused
from assay.documents.csv_files import CsvFile, literal
from assay.documents.pieces import csv_piece
from assay.documents.reports.desk import Desk, add_staged, seen_at, stage
from assay.documents.reports.tables import chosen, note_columns, tell_unused
from assay.documents.text_rows import TextRows
from assay.tables.duck import parquet

ZIP = b"PK\x03\x04"
_LARGEST = 256 << 20  # bytes unpacked
_MOST_CELLS = 20_000_000  # of the rectangle around what is filled
_AT_ONCE = 1 << 20
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_EXACT_FLOAT = 2.0**53

Value = int | float | str | bool | time | date | datetime | object


def read_workbook(desk: Desk, *, stem: str) -> None:
    """Stage the rows of every sheet that is a table of facts; raises Refused if none is."""
    _refuse_unsafe(desk)
    try:
        with CalamineWorkbook.from_path(desk.path) as book:
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except (CalamineError, OSError) as error:
        message = f"cannot be read: {error}"
        raise Refused(Issue(file=desk.name, message=message, hint="is the file whole?")) from error
    headers = {sheet.name: header for sheet in sheets if (header := _header(sheet))}
    tables = _tables(desk, headers, stem)
    desk.header = tuple(dict.fromkeys(name for sheet in tables for name in headers[sheet]))
    for sheet in sheets:
        if sheet.name in tables:
            note_columns(desk, tables[sheet.name], headers[sheet.name])
            _stage_sheet(desk, sheet, headers[sheet.name], tables[sheet.name])


def _tables(desk: Desk, headers: dict[str, tuple[str, ...]], stem: str) -> dict[str, Table]:
    """Find the table of each sheet; a sheet that is none is told, unless it is the only one."""
    tables = {}
    refusals: list[Refused] = []
    for sheet, header in headers.items():
        try:
            known = desk.vocabulary.tables.get(sheet)
            tables[sheet] = known or chosen(desk, header, stem=stem if len(headers) == 1 else sheet)
        except Refused as refused:
            refusals.append(refused)
            desk.notes.append(f"Sheet {sheet} of {desk.name} is not a table of facts.")
    if not tables:
        raise (
            refusals[0]
            if refusals
            else Refused(
                Issue(file=desk.name, message="is empty", hint="write at least a header row")
            )
        )
    return tables


def _header(sheet: CalamineSheet) -> tuple[str, ...]:
    first = next(iter(sheet.iter_rows()), [])
    return tuple((_text(cell) or "").strip() for cell in first)


def _stage_sheet(desk: Desk, sheet: CalamineSheet, header: tuple[str, ...], table: Table) -> None:
    name = f"{desk.name}, sheet {sheet.name}"
    file = CsvFile(path=desk.path, name=name, header=header)
    piece = csv_piece(table, file, currency=desk.currency)
    raw = desk.new_file("raw")
    with TextRows(raw, [file.cell(i) for i in range(len(header))]) as rows:
        for row, cells in _rows(sheet, len(header)):
            rows.add(row, cells)
            desk.rows += 1
    piece = piece.of(parquet((literal(raw),)), row="_row")
    texts = [
        file.cell(header.index(column)) if column in header else "NULL::VARCHAR"
        for column in desk.header
    ]
    add_staged(desk, table.name, stage(desk, table, piece, seen_at=seen_at(desk), cells=texts))
    tell_unused(desk, piece)


def _rows(sheet: CalamineSheet, width: int) -> Iterator[tuple[int, list[str | None]]]:
    """Read the rows below the header as texts, with their number; empty rows are left out."""
    rows = iter(sheet.iter_rows())
    next(rows, None)
    for row, values in enumerate(rows, start=1):
        cells = [_text(value) for value in values[:width]]
        if any(cells):
            yield row, cells + [None] * (width - len(cells))


def _text(value: Value) -> str | None:
    """Write a cell as text: numbers exactly and shortest, days without a time of day."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _EXACT_FLOAT
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time(0)
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return None if value is None else str(value)


# --- before the workbook is opened -------------------------------------------------------------


def _refuse_unsafe(desk: Desk) -> None:
    """Refuse bombs, and formulas whose value was never computed."""
    try:
        with zipfile.ZipFile(desk.path) as book:
            if sum(entry.file_size for entry in book.infolist()) > _LARGEST:
                message = f"unpacks to more than {_LARGEST >> 20} MiB"
                raise Refused(Issue(file=desk.name, message=message, hint="save it as CSV"))
            for entry in book.infolist():
                if entry.filename.startswith("xl/worksheets/") and not entry.is_dir():
                    with book.open(entry) as sheet:
                        _Sheet(desk.name).check(sheet)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        message = f"is not a whole XLSX workbook: {error}"
        raise Refused(Issue(file=desk.name, message=message, hint="save it again")) from error


class _Sheet:
    """Looks at the cells of one sheet's XML while it is unpacked."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._place = ""
        self._has_formula = self._has_value = self._in_value = False
        self._rows = self._columns = 0

    def check(self, sheet: IO[bytes]) -> None:
        """Read the sheet through; raises Refused."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        size = 0
        try:
            while block := sheet.read(_AT_ONCE):
                size += len(block)
                if size > _LARGEST:
                    message = f"unpacks to more than {_LARGEST >> 20} MiB"
                    raise Refused(Issue(file=self._name, message=message, hint="save it as CSV"))
                parser.Parse(block)
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes no names
        except expat.ExpatError as error:
            raise ValueError(str(error)) from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "c":
            self._place = attributes.get("r", "")
            self._has_formula = self._has_value = False
            self._measure(self._place)
        self._has_formula |= kind == "f"
        self._in_value = kind in ("v", "t")

    def _measure(self, place: str) -> None:
        if found := _PLACE.fullmatch(place):
            column = 0
            for letter in found[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            self._rows = max(self._rows, int(found[2]))
            self._columns = max(self._columns, column)
            if self._rows * self._columns > _MOST_CELLS:
                message = f"spans more than {_MOST_CELLS:,} cells"
                raise Refused(Issue(file=self._name, message=message, hint="save it as CSV"))

    def _characters(self, text: str) -> None:
        self._has_value |= self._in_value and bool(text)

    def _end(self, tag: str) -> None:
        self._in_value = False
        if tag.rpartition(":")[2] == "c" and self._has_formula and not self._has_value:
            message = "is a formula that was never computed"
            hint = "open and save the workbook in a spreadsheet program, or write the value"
            raise Refused(Issue(file=self._name, column=self._place, message=message, hint=hint))

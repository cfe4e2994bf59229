"""CSV files as they really come: comma, doubled quotes, UTF-8; nothing is sniffed.

DuckDB reads what is well formed. Where it meets a fault in the structure, `rewritten` reads the
file again, slowly and exactly, keeps the rows that have a cell for each column and tells the rest.
"""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assay.core.issues import Issue, Refused
from assay.documents.disarming import holds_rejects, rearmed, rearmed_sql
from assay.documents.text_rows import TextRows
from assay.tables.duck import quoted

MOST_COLUMNS = 1_000
LONGEST_LINE = 1 << 20  # bytes that DuckDB reads as one row, and characters that are read exactly
_LONGEST_CHARACTER = 4  # bytes, in UTF-8
_FIRST_BYTES = 1 << 16
_MARKS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, kw_only=True)
class CsvFile:
    """A CSV file whose header was read: its path, its name in messages, its columns in order."""

    path: Path
    name: str
    header: tuple[str, ...]

    def cell(self, position: int) -> str:
        """Name the column at `position` (0-based) in the relations that read this file."""
        return f"c{position}"


def opened(path: Path, *, name: str) -> CsvFile:
    """Read the header of a CSV file; refuse what is not UTF-8 CSV with a usable header."""
    with path.open("rb") as file:
        start = file.read(_FIRST_BYTES)
    _refuse_other_encodings(start, name)
    header = next(_records(path, name), None)
    if header is None:
        raise Refused(Issue(file=name, message="is empty", hint="write at least a header row"))
    _refuse_endless_lines(path, name)
    if len(header) > MOST_COLUMNS:
        message = f"has {len(header):,} columns"
        raise Refused(Issue(file=name, message=message, hint=f"keep at most {MOST_COLUMNS:,}"))
    names = tuple(cell.strip() for cell in header)
    if holds_rejects(names):
        names = tuple(rearmed(cell) for cell in names)
    return CsvFile(path=path, name=name, header=names)


def _refuse_other_encodings(start: bytes, name: str) -> None:
    if start.startswith(_MARKS_OF_UTF_16):
        raise Refused(Issue(file=name, message="is UTF-16", hint="save it as CSV UTF-8"))
    if b"\0" in start:
        hint = "save it as CSV UTF-8"
        raise Refused(Issue(file=name, message="has NUL bytes: it is not a text file", hint=hint))


def _refuse_endless_lines(path: Path, name: str) -> None:
    """Refuse a line that is too long: DuckDB drops a last one that outgrows its buffer, silently.

    Steps from line break to line break as far as a line may reach, and reads little in between.
    """
    most = LONGEST_LINE * _LONGEST_CHARACTER
    with path.open("rb") as file:
        begins, size = 0, file.seek(0, os.SEEK_END)
        while size - begins > most:
            after = _after_last_break(file, begins, begins + most)
            if after is None:
                raise _endless(name)
            begins = after


def _after_last_break(file: BinaryIO, begins: int, ends: int) -> int | None:
    """Return the place after the last line break between two places, None where there is none."""
    for size in (_FIRST_BYTES, ends - begins):
        file.seek(ends - size)
        tail = file.read(size)
        found = max(tail.rfind(b"\n"), tail.rfind(b"\r"))
        if found >= 0:
            return ends - size + found + 1
    return None


def _endless(name: str) -> Refused:
    message = f"has a line longer than {LONGEST_LINE:,} characters"
    return Refused(Issue(file=name, message=message, hint="is it a CSV file?"))


def repeated_names(header: tuple[str, ...]) -> tuple[str, ...]:
    """List the column names that stand in the header more than once."""
    return tuple(sorted({name for name in header if name and header.count(name) > 1}))


def relation(file: CsvFile) -> str:
    """Write the DuckDB table function that reads `file`, every column as text (c0, c1, …).

    It fails where the structure is broken, and where a thread cannot tell in which cell its part
    of the file begins. Its single-threaded form is not used: it drops a last row whose quote is
    never closed.
    """
    columns = ", ".join(f"{quoted(file.cell(i))}: 'VARCHAR'" for i in range(len(file.header)))
    rows = (
        f"read_csv({quoted(literal(file.path))}, auto_detect=false, delim=',', quote='\"', "
        f"escape='\"', header=true, strict_mode=true, compression='none', "
        f"max_line_size={LONGEST_LINE}, columns={{{columns}}})"
    )
    if not holds_rejects(file.header):
        return rows
    cells = (f"{rearmed_sql(c)} AS {c}" for c in map(file.cell, range(len(file.header))))
    return f"(SELECT {', '.join(cells)} FROM {rows})"


def literal(path: Path) -> str:
    """Write a path so that DuckDB does not read a pattern into it."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def rewritten(file: CsvFile, *, to: Path, tell: Callable[[Issue, list[str]], None]) -> int:
    """Read `file` row by row into the Parquet file `to`: text columns c0, c1, … and `_row`.

    Rows with too few or too many cells are left out and given to `tell`. Returns how many rows
    there are. Raises Refused where the structure is lost: broken quotes, endless lines, not UTF-8.
    """
    width = len(file.header)
    row = 0
    with TextRows(to, [file.cell(i) for i in range(width)]) as rows:
        for row, cells in enumerate(_rows(file), start=1):
            if len(cells) == width + 1 and cells[-1] == "":
                cells.pop()  # a comma at the end of the line
            if len(cells) == width:
                rows.add(row, cells)
            else:
                tell(_ragged(file, row, len(cells)), cells)
    return row


def _ragged(file: CsvFile, row: int, cells: int) -> Issue:
    hint = "quote cells that hold a comma or a line break"
    message = f"has {cells} cells, the header has {len(file.header)}"
    return Issue(file=file.name, row=row, message=message, hint=hint)


def _rows(file: CsvFile) -> Iterator[list[str]]:
    records = _records(file.path, file.name)
    next(records)
    if holds_rejects(file.header):
        return ([rearmed(cell) for cell in record] for record in records)
    return records


def _records(path: Path, name: str) -> Iterator[list[str]]:
    """Read records, the header first, blank lines left out; memory stays bounded."""
    csv.field_size_limit(LONGEST_LINE)
    row = -1
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            for record in csv.reader(_lines(file, name), strict=True):
                if record:
                    row += 1
                    yield record
        except UnicodeDecodeError as error:
            hint = "save it as CSV UTF-8"
            raise Refused(Issue(file=name, message="is not UTF-8 text", hint=hint)) from error
        except csv.Error as error:
            message = f"cannot be read after this row: {error}"
            hint = "check the quotes: a quote inside a quoted cell is written twice"
            raise Refused(Issue(file=name, row=max(row, 0), message=message, hint=hint)) from error


def _lines(file: Iterator[str], name: str) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):  # type: ignore[attr-defined]
        if len(line) == LONGEST_LINE:
            raise _endless(name)
        yield line

"""Facts from a folder: one file a table, checked whole before anything is computed on them."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from assay.core.facts import Table, Vocabulary
from assay.core.issues import Issue, Refused
from assay.documents import csv_files
from assay.documents.pieces import Piece, csv_piece, faults, parquet_piece, unreadable
from assay.documents.rows import Rows, no_rows, once_each, rows_in_place, stage, staged_rows
from assay.tables.digest import facts_digest
from assay.tables.duck import connect, parquet
from assay.tables.held import Facts, HeldTable, RowCount
from assay.tables.watch import OnWork, watched

MOST_TOLD = 100


@dataclass(kw_only=True)
class _Opening:
    """One opening of a folder: what it needs, and what came up on the way."""

    connection: duckdb.DuckDBPyConnection
    currency: str
    scratch: Path
    issues: list[Issue] = field(default_factory=list)
    untold: int = 0
    notes: list[str] = field(default_factory=list)


def open_folder(
    path: Path,
    *,
    vocabulary: Vocabulary,
    currency: str,
    scratch: Path,
    on_work: OnWork | None = None,
) -> Facts:
    """Open the facts in the folder `path`; files that have to be written go to `scratch`.

    `on_work` is told how far the reading of a long table is. Raises Refused with one issue a
    problem, at most 100 and one that counts the rest.
    """
    with connect(scratch=scratch) as connection:
        opening = _Opening(connection=connection, currency=currency, scratch=scratch)
        files = _files(path, vocabulary, opening)
        held = {}
        for name, table in vocabulary.tables.items():
            with watched(connection, f"reading {name}", rows=None, on_work=on_work):
                held[name] = _opened(table, files.get(name, ()), opening)
    if opening.issues:
        raise Refused(*_shortened(opening, path))
    return Facts(
        tables={name: _held(rows) for name, rows in held.items()},
        digest=facts_digest({name: rows.digest for name, rows in held.items()}),
        notes=tuple(opening.notes),
    )


def _held(rows: Rows) -> HeldTable:
    count = RowCount(read=rows.read, repeated=rows.read - rows.digest.rows)
    return HeldTable(sql=rows.sql, rows=count, paths=rows.paths)


def _shortened(opening: _Opening, path: Path) -> list[Issue]:
    told = opening.issues[:MOST_TOLD]
    more = len(opening.issues) - len(told) + opening.untold
    if more:
        told.append(Issue(file=path.name, message=f"and {more:,} more problems", hint=""))
    return told


# --- which files there are ---------------------------------------------------------------------


def _files(path: Path, vocabulary: Vocabulary, opening: _Opening) -> Mapping[str, tuple[Path, ...]]:
    """Find the files of each table; problems and unknown names are told to `opening`."""
    if not path.is_dir():
        raise Refused(Issue(file=str(path), message="is not a folder of facts"))
    found: dict[str, list[Path]] = {}
    for entry in sorted(path.iterdir()):
        if _table_name(entry) not in vocabulary.tables:
            opening.notes.append(f"{entry.name} is not a table of facts and was not read.")
            continue
        try:
            found.setdefault(_table_name(entry), []).extend(_regular_files(entry))
        except (Refused, OSError) as error:
            opening.issues += _problems(entry.name, error)
    return {name: _one_form(name, files, opening) for name, files in found.items()}


def _one_form(name: str, files: list[Path], opening: _Opening) -> tuple[Path, ...]:
    """Refuse a table that stands there in two forms; nothing of it is read then."""
    forms = {(file.parent, file.suffix): file for file in files}
    if len(forms) <= 1:
        return tuple(files)
    first, second, *_ = sorted(f"{file.parent.name}/{file.name}" for file in forms.values())
    opening.issues.append(
        Issue(file=name, message=f"stands in {first} and {second}", hint="keep one of them")
    )
    return ()


def _table_name(entry: Path) -> str:
    if entry.is_dir():
        return entry.name
    return entry.stem if entry.suffix in {".csv", ".parquet"} else ""


def _regular_files(entry: Path) -> list[Path]:
    if entry.is_dir():
        files = sorted(file for file in entry.iterdir() if file.suffix == ".parquet")
        if not files:
            raise Refused(Issue(file=entry.name, message="is a folder without Parquet files"))
    else:
        files = [entry]
    for file in files:
        _refuse_irregular(file)
    return files


def _refuse_irregular(file: Path) -> None:
    try:
        mode = file.stat().st_mode
    except OSError as error:
        message = f"cannot be opened: {error.strerror}"
        raise Refused(Issue(file=file.name, message=message)) from error
    if not stat.S_ISREG(mode):
        raise Refused(Issue(file=file.name, message="is not a regular file"))


def _problems(name: str, error: Exception) -> tuple[Issue, ...]:
    """Turn what came up while reading `name` into issues."""
    if isinstance(error, Refused):
        return error.issues
    if isinstance(error, duckdb.Error):
        return (unreadable(name, error),)
    return (Issue(file=name, message=f"cannot be read: {error}"),)


# --- one table ---------------------------------------------------------------------------------


def _opened(table: Table, files: tuple[Path, ...], opening: _Opening) -> Rows:
    """Check the rows of `table` in `files`; what is wrong is told to `opening`."""
    if not files:
        if table.names_of is None:  # who has no other names for things misses no file of them
            opening.notes.append(f"There is no file of {table.name}: it is taken as empty.")
        return no_rows(table)
    try:
        return _checked(table, files, opening)
    except (Refused, duckdb.Error, OSError) as error:
        opening.issues += _problems(table.name, error)
        return no_rows(table)


def _checked(table: Table, files: tuple[Path, ...], opening: _Opening) -> Rows:
    if files[0].suffix == ".csv":
        rows, pieces = _from_csv(table, files[0], opening)
    else:
        rows, pieces = _from_parquet(table, files, opening)
    _tell_unused(pieces, opening)
    if rows.bad:
        _tell_faults(pieces, rows.bad, opening)
        return rows
    rows, repeated = once_each(opening.connection, table, rows, pieces, scratch=opening.scratch)
    opening.issues += repeated
    return rows


def _from_csv(table: Table, path: Path, opening: _Opening) -> tuple[Rows, list[Piece]]:
    """Write the rows of a CSV file in stored types to a Parquet file, and check them."""
    file = csv_files.opened(path, name=path.name)
    piece = csv_piece(table, file, currency=opening.currency)
    staged = opening.scratch / f"{table.name}.parquet"
    try:
        stage(opening.connection, piece, to=staged)
    except duckdb.Error:
        piece = _rewritten(file, piece, opening)
        stage(opening.connection, piece, to=staged)
    return staged_rows(opening.connection, table, staged), [piece]


def _rewritten(file: csv_files.CsvFile, piece: Piece, opening: _Opening) -> Piece:
    """Read a CSV file that DuckDB cannot read row by row; tell its ragged rows."""
    raw = opening.scratch / f"{piece.path.stem}.raw.parquet"

    def tell(issue: Issue, _cells: list[str]) -> None:
        if len(opening.issues) < MOST_TOLD:
            opening.issues.append(issue)
        else:
            opening.untold += 1

    csv_files.rewritten(file, to=raw, tell=tell)
    return piece.of(parquet((csv_files.literal(raw),)), row="_row")


def _from_parquet(
    table: Table, files: tuple[Path, ...], opening: _Opening
) -> tuple[Rows, list[Piece]]:
    """Check the rows of Parquet files where they are."""
    pieces: list[Piece] = []
    issues: list[Issue] = []
    for path in files:
        name = path.name if path.stem == table.name else f"{table.name}/{path.name}"
        try:
            pieces.append(
                parquet_piece(opening.connection, table, path, name=name, currency=opening.currency)
            )
        except Refused as refused:
            issues += refused.issues
    if issues:
        raise Refused(*issues)
    return rows_in_place(opening.connection, table, pieces), pieces


def _tell_unused(pieces: list[Piece], opening: _Opening) -> None:
    unused = sorted({name for piece in pieces for name in piece.unused})
    if unused:
        file = pieces[0].name
        opening.notes.append(f"Columns of {file} that are not used: {', '.join(unused)}.")


def _tell_faults(pieces: list[Piece], bad_rows: int, opening: _Opening) -> None:
    """Tell the bad cells of `pieces`, in which `bad_rows` rows are bad."""
    told: list[Issue] = []
    for piece in pieces:
        if len(told) < MOST_TOLD:
            most = MOST_TOLD - len(told)
            told += faults(opening.connection, piece, currency=opening.currency, most=most)
    opening.issues += told
    opening.untold += bad_rows - len({(issue.file, issue.row) for issue in told})

"""Tables of facts as people keep them: CSV, Parquet and XLSX with the vocabulary's column names."""

from __future__ import annotations

from collections.abc import Sequence

from assay.core.facts import Table
from assay.core.issues import Issue, Refused
from assay.documents.csv_files import CsvFile
from assay.documents.pieces import Piece, csv_piece, parquet_piece, parquet_types
from assay.documents.reports.desk import Desk, add_staged, seen_at, stage, with_exact_reader
from assay.tables.duck import named

KIND = "facts"


def chosen(desk: Desk, header: Sequence[str], *, stem: str) -> Table:
    """Choose the table whose key is in the header: most columns win, then the name `stem`."""
    names = set(header)
    fitting = [t for t in desk.vocabulary.tables.values() if names.issuperset(t.key)]
    most = max((len(names & set(t.columns)) for t in fitting), default=0)
    best = [t for t in fitting if len(names & set(t.columns)) == most]
    if len(best) > 1:
        best = [t for t in best if t.name == stem] or best
    if len(best) == 1:
        return best[0]
    if best:
        message = f"may be {' or '.join(t.name for t in best)}"
        hint = "name the file after its table"
    else:
        message = "is not a report Assay knows: no table of facts has its key among the columns"
        hint = f"its columns are {', '.join(header[:12])}"
    raise Refused(Issue(file=desk.name, message=message, hint=hint))


def read_csv(desk: Desk, file: CsvFile, *, stem: str) -> None:
    """Stage the rows of a CSV file for the table its header fits."""
    table = chosen(desk, file.header, stem=stem)
    desk.header = file.header
    note_columns(desk, table, file.header)
    piece = csv_piece(table, file, currency=desk.currency)
    texts = [file.cell(i) for i in range(len(file.header))]
    staged = with_exact_reader(
        desk,
        file,
        lambda raw, row: stage(
            desk, table, piece.of(raw, row=row), seen_at=seen_at(desk), cells=texts
        ),
    )
    add_staged(desk, table.name, staged)
    tell_unused(desk, piece)
    desk.rows += staged.read


def read_parquet(desk: Desk, *, stem: str) -> None:
    """Stage the rows of a Parquet file for the table its columns fit."""
    columns = list(parquet_types(desk.connection, desk.path, name=desk.name))
    table = chosen(desk, columns, stem=stem)
    desk.header = tuple(columns)
    note_columns(desk, table, columns)
    piece = parquet_piece(desk.connection, table, desk.path, name=desk.name, currency=desk.currency)
    texts = [f"{named(column)}::VARCHAR" for column in columns]
    staged = stage(desk, table, piece, seen_at=seen_at(desk), cells=texts)
    add_staged(desk, table.name, staged)
    tell_unused(desk, piece)
    desk.rows += staged.read


def note_columns(desk: Desk, table: Table, header: Sequence[str]) -> None:
    """Note which columns of a header are read, each as the fact of its name."""
    desk.columns |= {name: name for name in header if name in table.columns}


def tell_unused(desk: Desk, piece: Piece) -> None:
    """Note the columns that no column of the table reads."""
    unused = [name for name in piece.unused if not name.startswith("assay_")]
    if unused:
        desk.notes.append(f"Columns of {piece.name} that are not used: {', '.join(unused)}.")

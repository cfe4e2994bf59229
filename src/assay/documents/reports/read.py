"""Read one report: tell its kind by what is in it, stage its rows, count them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from assay.core.facts import Vocabulary
from assay.core.issues import Issue, Refused
from assay.documents import csv_files
from assay.documents.pieces import unreadable
from assay.documents.reading import Reading
from assay.documents.rejects import Rejects
from assay.documents.reports import catalog, scope, tables, transactions, workbook
from assay.documents.reports.desk import Desk
from assay.documents.reports.json_rows import has_key, records
from assay.documents.reports.unpacked import sha256, unpacked
from assay.tables.duck import connect
from assay.tables.held import Facts

_PARQUET = b"PAR1"
_LIST_KEY = "transactions"
# Nobody knows how many rows a CSV file has: DuckDB would hold them and stream what the ledger has.
_JOINS_AS_WRITTEN = "SET disabled_optimizers = 'build_side_probe_side,join_order'"


def read_report(  # noqa: PLR0913 - what a person says about an import, each by name
    path: Path,
    *,
    name: str,
    vocabulary: Vocabulary,
    currency: str,
    partner_id: str | None,
    as_of: date | None,
    held: Facts,
    scratch: Path,
    on_progress: Callable[[int], None] | None,
) -> Reading:
    """Read the report or table of facts at `path`; what it stages stays in the folder `scratch`.

    `name` is what its sender calls it: messages say it, and it may hold a day or a table's name.
    `partner_id` and `as_of` are what the person says where the file does not; `held` are the facts
    known so far; `on_progress` is called with the rows read so far. Raises Refused where nothing
    of the file can be read.
    """
    try:
        digest = sha256(path)
        inside = unpacked(path, name=name, scratch=scratch)
        with (
            connect(scratch=scratch) as connection,
            Rejects(scratch / "rejects.parquet") as rejects,
        ):
            connection.execute(_JOINS_AS_WRITTEN)
            desk = Desk(
                connection=connection,
                vocabulary=vocabulary,
                currency=currency,
                partner_id=partner_id,
                as_of=as_of,
                held=held,
                scratch=scratch,
                on_progress=on_progress,
                name=name,
                path=inside,
                rejects=rejects,
            )
            kind = _read(desk, stem=_stem(name))
    except OSError as error:
        raise Refused(
            Issue(file=name, message=f"cannot be read: {error.strerror or error}")
        ) from error
    except duckdb.Error as error:
        raise Refused(unreadable(name, error)) from error
    return _reading(desk, kind=kind, digest=digest)


def _reading(desk: Desk, *, kind: str, digest: str) -> Reading:
    kept = {name: staged for name, staged in desk.staged.items() if staged.read > staged.bad}
    return Reading(
        file=desk.name,
        kind=kind,
        sha256=digest,
        rows=desk.rows,
        staged={name: staged.paths for name, staged in kept.items()},
        staged_rows={name: staged.read - staged.bad for name, staged in kept.items()},
        rejected=desk.rejects.count,
        rejects=desk.rejects.path,
        header=desk.header,
        columns=dict(desk.columns),
        notes=tuple(desk.notes),
    )


def _stem(name: str) -> str:
    return name.removesuffix(".gz").rpartition(".")[0] or name


def _read(desk: Desk, *, stem: str) -> str:
    """Tell the kind of the file by its first bytes, then by its header or first record."""
    with desk.path.open("rb") as file:
        start = file.read(1 << 12)
    if start.startswith(_PARQUET):
        tables.read_parquet(desk, stem=stem)
        return tables.KIND
    if start.startswith(workbook.ZIP):
        workbook.read_workbook(desk, stem=stem)
        return tables.KIND
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"[", b"{"):
        return _read_json(desk, is_list=text.startswith(b"["))
    return _read_csv(desk, stem=stem)


def _read_csv(desk: Desk, *, stem: str) -> str:
    file = csv_files.opened(desk.path, name=desk.name)
    if transactions.is_header(file.header):
        transactions.read_csv(desk, file)
        return transactions.KIND
    if catalog.is_header(file.header):
        catalog.read_csv(desk, file)
        return catalog.KIND
    tables.read_csv(desk, file, stem=stem)
    return tables.KIND


def _read_json(desk: Desk, *, is_list: bool) -> str:
    if not is_list:
        if has_key(desk.path, _LIST_KEY, name=desk.name):
            transactions.read_json(desk, under=_LIST_KEY)
            return transactions.KIND
        raise _unknown(desk)
    first = next(records(desk.path, name=desk.name, under=None), None)
    if first is None or transactions.is_record(first):
        transactions.read_json(desk, under=None)
        return transactions.KIND
    if scope.is_record(first):
        scope.read_json(desk)
        return scope.KIND
    raise _unknown(desk)


def _unknown(desk: Desk) -> Refused:
    message = "is JSON, but neither a transactions report nor a bug bounty scope list"
    return Refused(Issue(file=desk.name, message=message, hint="is it the right file?"))

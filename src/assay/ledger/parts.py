"""Parts: what one batch changes in one table, judged and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.core.facts import Table
from assay.ledger.batches import Counts, Standing
from assay.ledger.changes import Restated, restated_rows
from assay.ledger.holdings import digest_of, standing_of
from assay.ledger.judging import judge
from assay.ledger.log import HeldFile
from assay.ledger.rows import layout_of, listed, read, superseded_of
from assay.ledger.totals import write_totals
from assay.ledger.writing import NEWEST, Desk, write_facts, write_rows
from assay.tables.digest import TableDigest, digest_columns
from assay.tables.duck import parquet


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a batch changes in one table; `next_row` is the first `_row` that is free after it.

    `restated` are examples of rows that restate held ones.
    """

    counts: Counts
    standing: Standing
    added: tuple[HeldFile, ...]
    removed: tuple[HeldFile, ...]
    next_row: int
    restated: tuple[Restated, ...] = ()


def write_parts(
    desk: Desk,
    tables: Mapping[str, Table],
    staged: Mapping[str, Sequence[Path]],
    *,
    next_row: int,
) -> tuple[dict[str, Part], Counts]:
    """Judge and write the staged rows of every table.

    Returns the parts, and how many rows of the file (not facts) were `kept` and are
    `restatements`: a row that gives several facts counts once, by the strongest of them.
    """
    parts: dict[str, Part] = {}
    desk.connection.execute("CREATE TABLE lines (appended BIT, restating BIT)")
    staged = {name: paths for name, paths in staged.items() if paths}
    every = parquet(tuple(str(path) for paths in staged.values() for path in paths))
    (longest,) = desk.one(f"SELECT coalesce(max(_line), 1) FROM {every}") if staged else (1,)
    for name, paths in staged.items():
        columns = listed((*tables[name].columns, "_line", "_seen_at"))
        rows = parquet(tuple(str(path) for path in paths))
        desk.connection.execute(f"CREATE OR REPLACE VIEW staged AS SELECT {columns} FROM {rows}")
        parts[name] = _part(desk, tables[name], first_row=next_row)
        next_row = parts[name].next_row
        _mark_lines(desk, name, parts[name], longest)
    appended, restating = desk.one(
        "SELECT coalesce(bit_count(bit_or(appended)), 0),"
        " coalesce(bit_count(bit_or(restating)), 0) FROM lines"
    )
    return parts, Counts(kept=appended - restating, restatements=restating)


def _part(desk: Desk, table: Table, *, first_row: int) -> Part:
    held = desk.version.of(table.name)
    gone = desk.version.of(superseded_of(table.name))
    judged = judge(desk.connection, table, staged="staged", files=held, superseded=gone)
    newest = write_facts(desk, table, source=NEWEST, rows=judged.newest, first_row=first_row)
    next_row = _after(newest, first_row)
    earlier = write_facts(desk, table, source="earlier", rows=judged.earlier, first_row=next_row)
    superseded = _write_superseded(desk, table, earlier)
    totals, merged = _write_totals(desk, table, newest)
    counts = Counts(
        read=judged.staged,
        kept=judged.kept,
        already_held=judged.staged - judged.kept - judged.restatements,
        restatements=judged.restatements,
    )
    return Part(
        counts=counts,
        standing=_standing(desk, table, newest, superseded),
        added=(*newest, *earlier, *superseded, *totals),
        removed=merged,
        next_row=_after((*newest, *earlier), first_row),
        restated=restated_rows(desk.connection, table, most=desk.examples),
    )


def _after(files: Sequence[HeldFile], first_row: int) -> int:
    return max((file.highest["_row"] + 1 for file in files), default=first_row)


def _write_superseded(
    desk: Desk, table: Table, earlier: Sequence[HeldFile]
) -> tuple[HeldFile, ...]:
    """Write the `_row` of the rows that this batch restates, its own among them."""
    rows = "SELECT _row FROM replaced"
    if earlier:
        rows += f" UNION ALL SELECT _row FROM {read(earlier)}"
    fact = superseded_of(table.name)
    written = write_rows(
        desk.connection,
        select=f"{rows} ORDER BY _row",
        fact=fact,
        path=desk.shelf.place(fact, "rows"),
    )
    return (written,) if written else ()


def _write_totals(
    desk: Desk, table: Table, newest: Sequence[HeldFile]
) -> tuple[tuple[HeldFile, ...], tuple[HeldFile, ...]]:
    if not table.totals_of:
        return (), ()
    return write_totals(
        desk,
        table,
        added=f"FROM {read(newest)}" if newest else "FROM replaced WHERE false",
        taken="FROM replaced",
    )


def _standing(
    desk: Desk, table: Table, newest: Sequence[HeldFile], superseded: Sequence[HeldFile]
) -> Standing:
    before = standing_of(desk.version).get(table.name, Standing())
    digest = digest_of(table, desk.version)
    digest -= TableDigest(*desk.one(f"SELECT {digest_columns(table)} FROM replaced"))
    if newest:
        came = desk.one(f"SELECT {digest_columns(table)} FROM {read(newest)}")
        digest += TableDigest(*came)
    return Standing(
        rows=digest.rows,
        restated=before.restated + sum(file.rows for file in superseded),
        digest=digest,
        layout=layout_of(table),
    )


def _mark_lines(desk: Desk, name: str, part: Part, longest: int) -> None:
    """Mark the rows of the file that gave facts of this table, and those that restate."""
    facts = [file for file in part.added if file.fact == name]
    if facts:
        marks = f"bitstring_agg(_line, 1, {longest})"
        desk.connection.execute(
            f"INSERT INTO lines SELECT {marks}, (SELECT {marks} FROM restating) FROM {read(facts)}"
        )

"""Undo: one batch is taken out of what is current, by a new batch, all or nothing.

What is current of a key is the newest version of it that no undone batch brought: rows that the
batch added are withdrawn, rows that it restated get their former content, and rows that were
restated since stay as they are. No row is written: what changes is which rows are superseded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from assay.core.facts import Table, Vocabulary
from assay.core.issues import Issue, Refused
from assay.ledger.batches import Batch, Counts, Receipt, Standing, file_identity
from assay.ledger.disk import batch_of, one_writer, sweep_facts, sync_all
from assay.ledger.holdings import digest_of, standing_of
from assay.ledger.judging import overlapping
from assay.ledger.log import Change, HeldFile, Version, batches, commit, known_batch, read_log
from assay.ledger.parts import Part
from assay.ledger.rows import (
    current_rows,
    fields_of,
    layout_of,
    listed,
    read,
    refuse_other_layout,
    superseded_of,
)
from assay.ledger.totals import write_totals
from assay.ledger.writing import Desk, Shelf, is_of_newest, write_rows
from assay.tables.digest import TableDigest, digest_columns
from assay.tables.duck import connect, named

KIND = "undo"


@dataclass(frozen=True, kw_only=True)
class Undoing:
    """The number of the batch to undo, when that becomes known, and what asked for it."""

    batch: int
    undone_at: datetime
    reference: str = ""


def undo(ledger: Path, undoing: Undoing, *, vocabulary: Vocabulary, scratch: Path) -> Receipt:
    """Undo a batch; what the receipt says is on disk when this returns.

    The receipt counts facts. The file of an undone batch may be imported again.
    """
    facts = ledger / "facts"
    with one_writer(ledger):
        version = read_log(facts)
        batch = _found(facts, version, undoing.batch)
        known = known_batch(version, _name(batch))
        if known is not None:
            return Receipt(file=batch.file, batch=known, counts=Counts(), again=True)
        refuse_other_layout(vocabulary, version)
        sweep_facts(facts, last=version.last)
        parts = _parts(version, batch, facts, vocabulary=vocabulary, scratch=scratch)
        change = Change(
            added=tuple(added for part in parts.values() for added in part.added),
            removed=tuple(removed for part in parts.values() for removed in part.removed),
            fields=fields_of(vocabulary),
        )
        sync_all(Path(added.path) for added in change.added)
        made = _batch(undoing, version, batch, parts)
        forgotten = file_identity(batch.sha256, source=batch.source, options=batch.options)
        known_as = {_name(batch): made.number, forgotten: 0}
        commit(facts, version, change, batch=made, known_as=known_as)
    return Receipt(file=batch.file, batch=made.number, counts=made.counts, tables=made.tables)


def _name(batch: Batch) -> str:
    return f"undo:{batch.number}"


def _found(facts: Path, version: Version, number: int) -> Batch:
    known = (batch for batch in batches(facts, until=version.number) if batch.number == number)
    batch = next(known, None)
    if batch is None:
        raise Refused(Issue(file="ledger", value=str(number), message="there is no such batch"))
    if batch.undoes is not None:
        raise Refused(
            Issue(
                file="ledger",
                value=str(number),
                message=f"the batch undoes batch {batch.undoes} itself",
                hint="import the file again instead",
            )
        )
    return batch


def _parts(
    version: Version, batch: Batch, facts: Path, *, vocabulary: Vocabulary, scratch: Path
) -> dict[str, Part]:
    with connect(scratch=scratch) as connection:
        desk = Desk(
            connection=connection,
            version=version,
            shelf=Shelf(facts=facts, batch=version.last + 1),
            file=batch.file,
            subject=vocabulary.tables[vocabulary.subject].key[0],
        )
        return {name: _part(desk, vocabulary.tables[name], batch) for name in batch.tables}


def _part(desk: Desk, table: Table, batch: Batch) -> Part:
    """Work out what undoing `batch` changes in one table, and write it."""
    files = desk.version.of(table.name)
    gone = desk.version.of(superseded_of(table.name))
    mine = [file for file in files if batch_of(Path(file.path)) == batch.number]
    undone = {batch.number, *(desk.version.batch.undone if desk.version.batch else ())}
    others = [
        file for file in files if is_of_newest(file) and batch_of(Path(file.path)) not in undone
    ]
    withdrawn, restored = _choose(desk, table, mine, others, gone)
    added, removed = _superseded(desk, table, gone, any_restored=restored > 0)
    totals, merged = _totals(desk, table)
    made_current = sum(file.rows for file in mine if is_of_newest(file))
    return Part(
        counts=Counts(
            read=made_current,
            withdrawn=withdrawn - restored,
            restatements=restored,
            already_held=made_current - withdrawn,
        ),
        standing=_standing(desk, table, added, removed),
        added=(*added, *totals),
        removed=(*removed, *merged),
        next_row=desk.version.batch.next_row if desk.version.batch else 1,
    )


def _choose(
    desk: Desk,
    table: Table,
    mine: Sequence[HeldFile],
    others: Sequence[HeldFile],
    gone: Sequence[HeldFile],
) -> tuple[int, int]:
    """Choose the rows that stop being current and those that are current again; count both.

    Leaves their `_row` in the tables `withdrawn` (with the key) and `restored`, and their columns
    in the views `withdrawn_rows` and `restored_rows`.
    """
    run, columns, key = desk.connection.execute, listed(tuple(table.columns)), listed(table.key)
    rows = current_rows(table, mine, gone, own=("_row",))
    run(f"CREATE OR REPLACE VIEW withdrawn_rows AS SELECT * FROM ({rows})")
    run(f"CREATE OR REPLACE TABLE withdrawn AS SELECT {key}, _row FROM withdrawn_rows")
    near = overlapping(desk.connection, table, "withdrawn", others)
    if not near:
        run("CREATE OR REPLACE TABLE restored (_row BIGINT)")
        run(f"CREATE OR REPLACE VIEW restored_rows AS SELECT {columns} FROM withdrawn_rows LIMIT 0")
    else:
        met = " AND ".join(f"o.{named(name)} = w.{named(name)}" for name in table.key)
        run(
            f"CREATE OR REPLACE TABLE restored AS SELECT max(o._row) AS _row "
            f"FROM {read(near)} o JOIN withdrawn w ON {met} GROUP BY w._row"
        )
        run(
            f"CREATE OR REPLACE VIEW restored_rows AS "
            f"SELECT {columns} FROM {read(near)} SEMI JOIN restored USING (_row)"
        )
    counted = desk.one("SELECT (SELECT count(*) FROM withdrawn), (SELECT count(*) FROM restored)")
    return int(counted[0]), int(counted[1])


def _superseded(
    desk: Desk, table: Table, gone: Sequence[HeldFile], *, any_restored: bool
) -> tuple[tuple[HeldFile, ...], tuple[HeldFile, ...]]:
    """Write which rows are superseded from now on; returns the new file, and those it replaces."""
    replaced: list[HeldFile] = []
    rows = "SELECT _row FROM withdrawn"
    if any_restored:
        ends = desk.one("SELECT min(_row), max(_row) FROM restored")
        replaced = [file for file in gone if file.may_hold("_row", *ends)]
        rows += f" UNION ALL SELECT _row FROM {read(replaced)} ANTI JOIN restored USING (_row)"
    fact = superseded_of(table.name)
    written = write_rows(
        desk.connection,
        select=f"{rows} ORDER BY _row",
        fact=fact,
        path=desk.shelf.place(fact, "rows"),
    )
    return ((written,) if written else ()), tuple(replaced)


def _totals(desk: Desk, table: Table) -> tuple[tuple[HeldFile, ...], tuple[HeldFile, ...]]:
    if not table.totals_of:
        return (), ()
    return write_totals(desk, table, added="FROM restored_rows", taken="FROM withdrawn_rows")


def _standing(
    desk: Desk, table: Table, added: Sequence[HeldFile], removed: Sequence[HeldFile]
) -> Standing:
    before = standing_of(desk.version).get(table.name, Standing())
    sums = f"SELECT {digest_columns(table)} FROM"
    digest = digest_of(table, desk.version)
    digest -= TableDigest(*desk.one(f"{sums} withdrawn_rows"))
    digest += TableDigest(*desk.one(f"{sums} restored_rows"))
    fewer = sum(file.rows for file in removed)
    return Standing(
        rows=digest.rows,
        restated=before.restated + sum(file.rows for file in added) - fewer,
        digest=digest,
        layout=layout_of(table),
    )


def _batch(undoing: Undoing, version: Version, batch: Batch, parts: Mapping[str, Part]) -> Batch:
    last = version.batch or batch
    tables = {name: part.counts for name, part in parts.items()}
    counts = [asdict(one) for one in tables.values()]
    return Batch(
        number=version.last + 1,
        source=batch.source,
        file=batch.file,
        kind=KIND,
        sha256=batch.sha256,
        options={},
        imported_at=version.after(undoing.undone_at),
        counts=Counts(**{name: sum(one[name] for one in counts) for name in asdict(Counts())}),
        tables=tables,
        standing={**last.standing, **{name: part.standing for name, part in parts.items()}},
        next_row=last.next_row,
        reference=undoing.reference,
        undoes=batch.number,
        undone=(*last.undone, batch.number),
    )

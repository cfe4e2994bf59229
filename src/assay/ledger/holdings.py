"""Holdings: what a version of the table holds, as facts that an engine computes on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assay.core.facts import Table, Vocabulary
from assay.ledger.batches import Standing
from assay.ledger.log import Version
from assay.ledger.rows import current_rows, superseded_of, totals_of
from assay.ledger.totals import totals_rows
from assay.tables.digest import TableDigest, digest_columns, facts_digest
from assay.tables.duck import connect
from assay.tables.held import Facts, HeldTable, RowCount


def facts_of(version: Version, vocabulary: Vocabulary) -> Facts:
    """Return the facts of `vocabulary` that a version holds."""
    tables = {name: _held(table, version) for name, table in vocabulary.tables.items()}
    digests = {name: digest_of(table, version) for name, table in vocabulary.tables.items()}
    return Facts(
        tables=MappingProxyType(tables),
        digest=facts_digest(digests),
        totals=MappingProxyType(_totals(vocabulary, version)),
        notes=tuple(
            f"The ledger holds no rows of {name}."
            for name, held in tables.items()
            if not held.rows.read
        ),
    )


def standing_of(version: Version) -> Mapping[str, Standing]:
    """Return how each table stands that was ever imported."""
    return version.batch.standing if version.batch else {}


def rows_of(table: Table, version: Version, *, own: tuple[str, ...] = ()) -> str:
    """Write the SELECT of the current rows of a table, with the ledger's `own` columns if named."""
    return current_rows(
        table, version.of(table.name), version.of(superseded_of(table.name)), own=own
    )


def digest_of(table: Table, version: Version) -> TableDigest:
    """Return the digest of a table's current rows: as kept, or counted where the scheme changed."""
    kept = standing_of(version).get(table.name, Standing()).digest
    if kept is not None:
        return kept
    with connect() as connection:
        rows = f"SELECT {digest_columns(table)} FROM ({rows_of(table, version)})"
        return TableDigest(*connection.execute(rows).fetchall()[0])


def _held(table: Table, version: Version) -> HeldTable:
    return HeldTable(
        sql=rows_of(table, version),
        rows=RowCount(read=standing_of(version).get(table.name, Standing()).rows),
        paths=tuple(file.path for file in version.of(table.name)),
        superseded=tuple(file.path for file in version.of(superseded_of(table.name))),
    )


def _totals(vocabulary: Vocabulary, version: Version) -> dict[str, HeldTable]:
    standing = standing_of(version)
    return {
        table.name: HeldTable(
            sql=totals_rows(table, files, restated=standing[table.name].restated > 0),
            rows=RowCount(read=sum(file.rows for file in files)),
        )
        for table in vocabulary.tables.values()
        if (files := version.of(totals_of(table.name)))
    }

"""Rows: how the columns of fact tables are stored, and where the current rows are read."""

from __future__ import annotations

from collections.abc import Sequence

from deltalake import Field
from deltalake.schema import PrimitiveType

from assay.core.facts import Table, Vocabulary
from assay.core.issues import Issue, Refused
from assay.ledger.log import HeldFile, Version
from assay.tables.duck import named, parquet

_DELTA = {"VARCHAR": "string", "BIGINT": "long", "BOOLEAN": "boolean", "DATE": "date"}
_OWN = {
    "fact": "string",
    "_row": "long",  # of the whole ledger, from 1, rising batch by batch
    "_file": "string",  # the file the row came from
    "_line": "long",  # its row in that file, from 1
    "_seen_at": "long",  # when the source last changed it, microseconds, or none
    "_month": "date",  # of totals: the month's first day
    "_rows": "long",  # of totals: row count, negative for what a batch took away
}
_SUM = "_sum_"
_HINT = "use the vocabulary the ledger was made with, or import the reports into a new ledger"


def superseded_of(table: str) -> str:
    """Name the partition that has the `_row` of every older version of rows of `table`."""
    return f"{table}.superseded"


def totals_of(table: str) -> str:
    """Name the partition that has the monthly totals of `table`."""
    return f"{table}.totals"


def sum_column(name: str) -> str:
    """Name the column that holds sums of the money column `name`: wider than one amount."""
    return f"{_SUM}{name}"


def fields_of(vocabulary: Vocabulary) -> tuple[Field, ...]:
    """Return every column of a ledger of these tables; raises Refused where types clash."""
    types: dict[str, str] = dict(_OWN)
    owners: dict[str, str] = dict.fromkeys(_OWN, "the ledger itself")
    for table in vocabulary.tables.values():
        for column in table.columns.values():
            type_ = _DELTA[column.type.sql]
            if types.setdefault(column.name, type_) != type_ or column.name in _OWN:
                raise Refused(_clash(table.name, column.name, owners[column.name]))
            owners.setdefault(column.name, f"table {table.name}")
        types |= {sum_column(name): "decimal(38,0)" for name in table.totals_of}
    return tuple(Field(name, PrimitiveType(type_)) for name, type_ in types.items())


def layout_of(table: Table) -> tuple[str, ...]:
    """Tell how rows of a table are stored: what must not change under the rows that are held."""
    columns = (f"{column.name} {column.type.sql}" for column in table.columns.values())
    totals = (*table.totals_by, "sums", *table.totals_of) if table.totals_of else ()
    return (*columns, "key", *table.key, "dated", table.dated or "", "totals", *totals)


def refuse_other_layout(vocabulary: Vocabulary, version: Version) -> None:
    """Raise Refused where held rows are stored otherwise than these tables ask for."""
    held = {field.name: field.type for field in version.table.schema().fields}
    issues = [
        Issue(file=table.name, message="the ledger holds this table with other columns", hint=_HINT)
        for table in vocabulary.tables.values()
        if _layout(version, table.name) not in ((), layout_of(table))
    ]
    issues += [
        Issue(file="ledger", column=field.name, message="held with another type", hint=_HINT)
        for field in fields_of(vocabulary)
        if held.get(field.name, field.type) != field.type
    ]
    if issues:
        raise Refused(*issues)


def _layout(version: Version, table: str) -> tuple[str, ...]:
    standing = version.batch.standing.get(table) if version.batch else None
    return standing.layout if standing else ()


def listed(names: Sequence[str], *, of: str = "") -> str:
    """Write column names for a SELECT, e.g. `d."app_id", d."hosting"`."""
    return ", ".join(f"{of}{named(name)}" for name in names)


def current_rows(
    table: Table,
    files: Sequence[HeldFile],
    superseded: Sequence[HeldFile],
    *,
    own: Sequence[str] = (),
) -> str:
    """Write the SELECT of the current rows of a table, with the ledger's `own` numbers if named.

    Only files that may hold an older version are read with their `_row`.
    """
    if not files:
        types = {column.name: column.type.sql for column in table.columns.values()}
        types |= dict.fromkeys(own, "BIGINT")
        cells = (f"NULL::{type_} AS {named(name)}" for name, type_ in types.items())
        return f"SELECT {', '.join(cells)} WHERE false"
    columns = listed((*table.columns, *own))
    mixed = [file for file in files if _may_be_superseded(file, superseded)]
    clean = [file for file in files if file not in mixed]
    parts = []
    if clean:
        parts.append(f"SELECT {columns} FROM {read(clean)}")
    if mixed:
        gone = f"SELECT _row FROM {read(superseded)}"
        parts.append(f"SELECT {columns} FROM {read(mixed)} ANTI JOIN ({gone}) USING (_row)")
    return " UNION ALL ".join(parts)


def read(files: Sequence[HeldFile]) -> str:
    """Write the table function that reads these files, at least one."""
    return parquet(tuple(file.path for file in files))


def _may_be_superseded(file: HeldFile, superseded: Sequence[HeldFile]) -> bool:
    return any(
        file.may_hold("_row", gone.lowest["_row"], gone.highest["_row"]) for gone in superseded
    )


def _clash(table: str, column: str, owner: str) -> Issue:
    return Issue(
        file=table,
        column=column,
        message=f"a column of this name has another type in {owner}",
        hint="a name has one type in a ledger, and names of its own it keeps: rename the column",
    )

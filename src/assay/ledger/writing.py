"""Write: rows to sorted Parquet files, several at a time, and what bounds their columns have."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from assay.core.facts import Column, Table
from assay.ledger.log import HeldFile, Version
from assay.ledger.rows import listed
from assay.tables.duck import named, quoted, room

_FORMAT = (
    "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE 122880, RETURN_STATS"
)
_ROWS_A_SLICE = 1_000_000  # one core sorts and writes a slice; fewer rows are one slice
NEWEST = "newest"
_LONGEST_BOUND = 64  # characters; longer texts are not worth a bound


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Where the files of one batch go: `facts/fact=NAME/BATCH-PART.parquet`."""

    facts: Path
    batch: int

    def place(self, fact: str, part: str) -> Path:
        """Name a file of the batch, in a folder that is there."""
        folder = self.facts / f"fact={fact}"
        folder.mkdir(exist_ok=True)
        return folder / f"{self.batch:08}-{part}.parquet"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What one batch is written with: `subject` is the column that rows are sorted by.

    `examples` is how many restated rows of each table are shown.
    """

    connection: duckdb.DuckDBPyConnection
    version: Version
    shelf: Shelf
    file: str
    subject: str
    examples: int = 0

    def one(self, select: str) -> tuple[Any, ...]:
        """Return the one row of a SELECT."""
        return self.connection.execute(select).fetchall()[0]


def is_of_newest(file: HeldFile) -> bool:
    """Tell whether a file of facts holds rows that were current after the batch that wrote it."""
    return file.path.rpartition("/")[2].split("-")[1] == NEWEST


def write_rows(
    connection: duckdb.DuckDBPyConnection,
    *,
    select: str,
    fact: str,
    path: Path,
    bounded: Sequence[str] = (),
) -> HeldFile | None:
    """Write a SELECT to one Parquet file, as it comes; None where it has no rows.

    The log keeps bounds of `_row` and of the text columns `bounded`.
    """
    told = connection.execute(f"COPY ({select}) TO {quoted(str(path))} ({_FORMAT})").fetchone()
    if told is None or not told[1]:
        path.unlink(missing_ok=True)
        return None
    stats = {name: told[4].get(named(name), {}) for name in ("_row", *bounded)}
    return HeldFile(
        path=str(path),
        fact=fact,
        rows=told[1],
        size=path.stat().st_size,
        lowest=_bounds(stats, "min"),
        highest=_bounds(stats, "max"),
    )


def write_facts(
    desk: Desk, table: Table, *, source: str, rows: int, first_row: int
) -> tuple[HeldFile, ...]:
    """Write the relation `source`, sorted by subject and date, `_row` from `first_row`.

    `source` has `rows` rows of the table's columns, `_line` and `_seen_at`. Slices of the subject
    are sorted and written at once, one a core: numbering a sorted stream takes one core.
    """
    if not rows:
        return ()
    order = [name for name in (desk.subject, table.dated or "") if name in table.columns]
    texts = [name for name in table.key if table.columns[name].type.is_text]
    conditions = _slices(desk, table, source, rows)
    choices = ", ".join(_choice(column) for column in table.columns.values() if column.values)
    narrow = f"SELECT * REPLACE ({choices}) FROM" if choices else "FROM"

    def write(number: int) -> HeldFile | None:
        with desk.connection.cursor() as cursor:
            return write_rows(
                cursor,
                select=f"SELECT {first_row + number * rows} + row_number() OVER () - 1 AS _row, "
                f"{listed(tuple(table.columns))}, {quoted(desk.file)} AS _file, _line, _seen_at "
                f"FROM ({narrow} {source} WHERE {conditions[number]} "
                f"ORDER BY {listed(order or table.key)})",
                fact=table.name,
                path=desk.shelf.place(table.name, f"{source}-{number}"),
                bounded=texts,
            )

    with ThreadPoolExecutor(max_workers=len(conditions)) as pool:
        written = list(pool.map(write, range(len(conditions))))
    return tuple(one for one in written if one is not None)


def _slices(desk: Desk, table: Table, source: str, rows: int) -> Sequence[str]:
    """Cut rows into slices of like size by the subject: conditions that never overlap."""
    count = min(os.cpu_count() or 1, rows // _ROWS_A_SLICE, room().slices)
    if count < 2 or desk.subject not in table.columns:  # noqa: PLR2004 - one slice is no slice
        return ("true",)
    column = named(desk.subject)
    shares = [number / count for number in range(1, count)]
    (found,) = desk.one(
        f"SELECT quantile_disc(coalesce({column}, ''), {shares}) "
        f"FROM (FROM {source} USING SAMPLE 20000)"
    )
    cuts = [quoted(value) for value in sorted(set(found))]
    between = (f"{column} >= {low} AND {column} < {high}" for low, high in pairwise(cuts))
    return (f"({column} < {cuts[0]}) IS NOT FALSE", *between, f"{column} >= {cuts[-1]}")


def _choice(column: Column) -> str:
    """Write a choice as a number with a name: rows to be sorted are smaller for it."""
    values = ", ".join(quoted(value) for value in column.values)
    return f"{named(column.name)}::ENUM({values}) AS {named(column.name)}"


def _bounds(stats: Mapping[str, Mapping[str, str]], which: str) -> dict[str, Any]:
    """Read the bounds that are exact and short, as the log keeps them."""
    exact = {
        name: column[which]
        for name, column in stats.items()
        if column.get(f"{which}_is_exact") == "true" and len(column[which]) <= _LONGEST_BOUND
    }
    return {name: int(value) if name == "_row" else value for name, value in exact.items()}

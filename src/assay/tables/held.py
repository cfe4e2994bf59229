"""Where the rows of fact tables can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class RowCount:
    """How many rows of one table were read, and what became of those that do not count."""

    read: int = 0
    rejected: int = 0
    repeated: int = 0


@dataclass(frozen=True, kw_only=True)
class HeldTable:
    """Where the rows of one fact table can be read, in the stored types of `core.facts.Type`.

    `sql` is a DuckDB SELECT of the table's columns, current rows only. `paths` are the Parquet
    files that hold exactly these columns (perhaps more), for engines that read files; of them,
    rows whose `_row` stands in one of the files `superseded` do not count. `paths` is None where
    the rows are not in such files.
    """

    sql: str
    rows: RowCount
    paths: tuple[str, ...] | None = None
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Facts ready to be computed on: a ledger as known at a moment, or a folder of files.

    `tables` has every table of the vocabulary. `digest` is the same for the same facts, whatever
    their order, files and engine. `totals` maps a table's name to its monthly totals, where they
    are kept: columns `month` (DATE, first day), the `totals_by`, `row_count`, and the sums of
    `totals_of` under their own names. `notes` are sentences that a review repeats.
    """

    tables: Mapping[str, HeldTable]
    digest: str
    totals: Mapping[str, HeldTable] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

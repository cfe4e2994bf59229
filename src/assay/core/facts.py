"""Facts: what a table of dated, keyed facts looks like.

A fact is something that happened or held, dated, with a key. The tables themselves are data
(`assay/vocabularies/*.yaml`, and the `facts` of a program); nothing here knows a marketplace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Type(StrEnum):
    """The types of fact columns, with how each is stored (Parquet and SQL) beside it."""

    TEXT = "text"  # VARCHAR
    CHOICE = "choice"  # VARCHAR, one of `Column.values`
    COUNTRY = "country"  # VARCHAR, ISO 3166-1 alpha-2
    TIME_ZONE = "time_zone"  # VARCHAR, IANA name
    CURRENCY = "currency"  # VARCHAR, the program's ISO 4217 code
    BOOLEAN = "boolean"  # BOOLEAN
    INTEGER = "integer"  # BIGINT, not negative
    MONEY = "money"  # BIGINT, minor units (1/100 of the currency's unit), |amount| < 10^12 units
    DATE = "date"  # DATE
    INSTANT = "instant"  # BIGINT, microseconds since 1970-01-01T00:00:00Z
    HOURS = "hours"  # BIGINT, microseconds; of derived relations only

    @property
    def sql(self) -> str:
        """The SQL type that stores it, on every engine."""
        if self is Type.BOOLEAN:
            return "BOOLEAN"
        if self is Type.DATE:
            return "DATE"
        if self in (Type.INTEGER, Type.MONEY, Type.INSTANT, Type.HOURS):
            return "BIGINT"
        return "VARCHAR"

    @property
    def is_text(self) -> bool:
        """Whether values compare as text."""
        return self.sql == "VARCHAR"


# How many stored units are one of people's: cents of the currency's unit, microseconds of an hour.
UNITS = {Type.MONEY: 100, Type.HOURS: 3_600_000_000, Type.INTEGER: 1}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a fact table or of a derived relation.

    `optional`: empty means "none"; a column that is not optional refuses an empty cell.
    `values`: for a choice, the values that count; `spellings` maps what real reports write,
    lower-cased, to one of them. `not_before` names an instant or date column of the same row.
    """

    name: str
    type: Type
    optional: bool = False
    values: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    may_be_negative: bool = False
    not_before: str | None = None
    references: str | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of facts: its columns by name, the columns of its key, the column that dates it.

    `totals` are kept by month of `dated` for a ledger: sums of the money columns in `totals_of`,
    and a row count, for each value of the columns in `totals_by`.
    """

    name: str
    title: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    dated: str | None = None
    totals_by: tuple[str, ...] = ()
    totals_of: tuple[str, ...] = ()

    @property
    def names_of(self) -> str | None:
        """The table whose rows this one gives other names and nothing else; None: it is no such."""
        alias, *others = self.columns.values()
        if self.key != (alias.name,) or len(others) != 1:
            return None
        return others[0].references


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Rows derived from facts by one declared SELECT, e.g. a listing as it stood on a day.

    `subject` is the column that names whose rows they are; `dated` the column a window applies
    to, or None for what is already read as of the cut-off. `left_out` is a SELECT of the rows
    that are not among them, with the subject's column and a `reason` (for explanations).
    """

    name: str
    title: str
    columns: Mapping[str, Column]
    sql: str
    subject: str
    dated: str | None = None
    left_out: str | None = None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Local days as spans of instants: the engine makes a table of them for the zones in use.

    Columns: the zone (`time_zone`), `starts_at`, `ends_at` (instants, end exclusive). `days` are
    ISO weekdays (Monday 1). `zones` is the `TABLE.COLUMN` that lists the zones in use.
    """

    name: str
    days: tuple[int, ...]
    zones: str


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The facts and derived relations that programs speak about.

    `subject` is the table whose rows are decided on (its key has one column).
    """

    name: str
    version: int
    subject: str
    tables: Mapping[str, Table]
    relations: Mapping[str, Relation]
    calendars: Mapping[str, Calendar]

"""The one place where cells of fact tables become stored values, or are found to be bad.

Everything here is DuckDB SQL made from the declared columns: an expression for the stored value,
a condition for "this cell is bad". Money never passes through a binary float.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from assay.core.clock import zones
from assay.core.facts import Column, Table, Type
from assay.tables.duck import named, quoted

MOST_UNITS = 10**12  # amounts stay below this many units, so that sums fit in 128 bits
_FIRST_MOMENT = -62_135_596_800_000_000  # 0001-01-01T00:00:00Z in microseconds
_LAST_MOMENT = 253_402_300_799_999_999  # 9999-12-31T23:59:59.999999Z
_INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
)
_WHOLE_NUMBERS = {
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
}
_TEXT = "VARCHAR"
_NOTHING = '"NULL"'  # the type of a Parquet column that holds no value at all
_MOMENTS_WITHOUT_ZONE = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a column's cells come from: an SQL expression and its SQL type."""

    sql: str
    type: str = _TEXT


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How the cells of one column are read, as SQL over the rows of a document.

    `text` is the cell as the document has it, `value` the stored value (NULL for "none" and for
    what is bad). `bad` and `early` (before the column named by `not_before`) are never NULL.

    `lean` is the stored value where the text is good and stored as it is, or the value costs
    nothing; whether a cell has another value or may not be kept is told by two conditions, of
    which NULL means no: `at_a_glance`, which the statistics of a Parquet file can answer for a
    million rows at once, and `on_reading`, which takes every cell.
    """

    column: Column
    text: str
    value: str
    bad: str
    lean: str
    at_a_glance: str = "false"
    on_reading: str = "false"
    early: str | None = None

    @property
    def fault(self) -> str:
        """Whether the cell may not be kept."""
        return self.bad if self.early is None else f"({self.bad} OR {self.early})"

    @property
    def other(self) -> str:
        """Whether reading tells that the stored value is not `lean`, or that there is none."""
        return self.on_reading if self.early is None else f"({self.on_reading} OR {self.early})"


class TypeNotReadable(Exception):
    """A typed column cannot be read as its declared type without guessing or rounding."""

    def __init__(self, column: Column, sql_type: str, hint: str) -> None:
        """Keep what is wrong and how to mend it."""
        super().__init__(f"{column.name}: {sql_type} cannot be read as {column.type}")
        self.column = column
        self.sql_type = sql_type
        self.hint = hint


def cells(table: Table, sources: Mapping[str, Source], *, currency: str) -> tuple[Cell, ...]:
    """Say how each column of `table` is read; a column without a source is "none" in every row.

    Raises TypeNotReadable where a typed column does not fit.
    """
    read = {
        name: _cell(column, sources[name], currency=currency)
        if name in sources
        else _absent(column)
        for name, column in table.columns.items()
    }
    return tuple(_ordered_in_time(cell, read) for cell in read.values())


def _cell(column: Column, source: Source, *, currency: str) -> Cell:
    if source.type == _NOTHING:
        return _absent(column)
    if source.type == _TEXT or source.type.startswith("ENUM"):
        text = source.sql if source.type == _TEXT else f"{source.sql}::VARCHAR"
        return _text_cell(column, text, currency=currency)
    return _typed_cell(column, source)


def _absent(column: Column) -> Cell:
    nothing = f"NULL::{column.type.sql}"
    bad = "false" if column.optional else "true"
    return Cell(
        column=column, text="NULL::VARCHAR", value=nothing, bad=bad, lean=nothing, at_a_glance=bad
    )


def _ordered_in_time(cell: Cell, cells_by_name: Mapping[str, Cell]) -> Cell:
    if cell.column.not_before is None:
        return cell
    start = cells_by_name[cell.column.not_before]
    return replace(cell, early=f"coalesce({cell.value} < {start.value}, false)")


def _text_cell(column: Column, text: str, *, currency: str) -> Cell:
    value, wrong = _TEXT_RULES[column.type](column, text, currency)
    if column.optional:
        bad = f"{text} <> '' AND ({wrong})"
    else:
        bad = f"{text} IS NULL OR {text} = '' OR {wrong}"
    bad = f"coalesce({bad}, false)"
    cell = Cell(column=column, text=text, value=value, bad=bad, lean=value, on_reading=bad)
    if column.type.is_text:
        glance, reading = _other_than_written(column, text, wrong, currency)
        empty = f"{text} = ''" if column.optional else f"{text} IS NULL OR {text} = ''"
        cell = replace(cell, lean=text, at_a_glance=f"{empty} OR {glance}", on_reading=reading)
    return cell


def _other_than_written(column: Column, text: str, wrong: str, currency: str) -> tuple[str, str]:
    """Write the two conditions, at a glance and on reading, that a text is not stored as it is."""
    match column.type:
        case Type.TEXT:
            return _is_formula(text), _has_nul(text)
        case Type.CHOICE:
            values = ", ".join(quoted(value) for value in column.values)
            return f"{text} NOT IN ({values})", "false"
        case Type.CURRENCY:
            return f"{text} <> {quoted(currency)}", "false"
        case Type.TIME_ZONE:
            return wrong, "false"
        case _:
            return "false", wrong


def _plain_text(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    return f"nullif({text}, '')", f"{_is_formula(text)} OR {_has_nul(text)}"


def _is_formula(text: str) -> str:
    return f"({text} >= '=' AND {text} < '>') OR ({text} >= '@' AND {text} < 'A')"


def _has_nul(text: str) -> str:
    return f"contains({text}, chr(0))"


def _choice(column: Column, text: str, _currency: str) -> tuple[str, str]:
    arms = " ".join(
        f"WHEN {quoted(written)} THEN {quoted(meant)}"
        for written, meant in spellings(column).items()
    )
    value = f"CASE lower({text}) {arms} END"
    return value, f"{value} IS NULL"


def _country(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    return f"nullif({text}, '')", f"NOT regexp_full_match({text}, '[A-Z]{{2}}')"


def _time_zone(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    names = ", ".join(quoted(name) for name in time_zones())
    return f"nullif({text}, '')", f"{text} NOT IN ({names})"


def _currency(_column: Column, text: str, currency: str) -> tuple[str, str]:
    return f"nullif({text}, '')", f"{text} <> {quoted(currency)}"


def _boolean(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    value = f"CASE lower({text}) WHEN 'true' THEN true WHEN 'false' THEN false END"
    return value, f"{value} IS NULL"


def _integer(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    value = f"TRY_CAST({text} AS BIGINT)"
    return value, f"NOT regexp_full_match({text}, '[0-9]+') OR {value} IS NULL"


def _money(column: Column, text: str, _currency: str) -> tuple[str, str]:
    sign = "-?" if column.may_be_negative else ""
    pattern = rf"{sign}0*[0-9]{{1,12}}(\.[0-9]{{1,2}})?"
    value = f"(TRY_CAST({text} AS DECIMAL(14, 2)) * 100)::BIGINT"
    return value, f"NOT regexp_full_match({text}, {quoted(pattern)})"


def _date(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    value = f"TRY_CAST({text} AS DATE)"
    return value, f"strlen({text}) <> 10 OR coalesce({value}::VARCHAR <> {text}, true)"


def _instant(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    value = f"epoch_us(TRY_CAST({text} AS TIMESTAMPTZ))"
    inside = f"coalesce({value} BETWEEN {_FIRST_MOMENT} AND {_LAST_MOMENT}, false)"
    return value, f"NOT regexp_full_match({text}, {quoted(_INSTANT)}) OR NOT {inside}"


_TEXT_RULES = {
    Type.TEXT: _plain_text,
    Type.CHOICE: _choice,
    Type.COUNTRY: _country,
    Type.TIME_ZONE: _time_zone,
    Type.CURRENCY: _currency,
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _integer,
    Type.MONEY: _money,
    Type.DATE: _date,
    Type.INSTANT: _instant,
}


def _typed_cell(column: Column, source: Source) -> Cell:
    rule = _TYPED_RULES.get(column.type)
    if rule is None:
        raise TypeNotReadable(column, source.type, "write the column as text")
    value, bad = rule(column, source)
    at_a_glance = f"{source.sql} {'IS NOT NULL AND' if column.optional else 'IS NULL OR'} ({bad})"
    return Cell(
        column=column,
        text=f"{source.sql}::VARCHAR",
        value=value,
        bad=f"coalesce({at_a_glance}, true)",
        lean=value,
        at_a_glance=at_a_glance,
    )


def _typed_text(column: Column, source: Source) -> tuple[str, str]:
    if source.type not in _WHOLE_NUMBERS:
        raise TypeNotReadable(column, source.type, "write identifiers and names as text")
    return f"{source.sql}::VARCHAR", "false"


def _typed_boolean(column: Column, source: Source) -> tuple[str, str]:
    if source.type != "BOOLEAN":
        raise TypeNotReadable(column, source.type, "write the column as booleans")
    return source.sql, "false"


def _typed_integer(column: Column, source: Source) -> tuple[str, str]:
    if source.type not in _WHOLE_NUMBERS:
        raise TypeNotReadable(column, source.type, "write the column as whole numbers (int64)")
    value = source.sql if source.type == "BIGINT" else f"TRY_CAST({source.sql} AS BIGINT)"
    return value, f"{source.sql} < 0 OR {value} IS NULL"


def _typed_money(column: Column, source: Source) -> tuple[str, str]:
    scale = re.fullmatch(r"DECIMAL\(\d+,\s*(\d+)\)", source.type)
    if scale is None and source.type not in _WHOLE_NUMBERS:
        hint = "cast the column to a decimal with two places: binary floats cannot hold cents"
        raise TypeNotReadable(column, source.type, hint)
    exact = f"TRY_CAST({source.sql} AS DECIMAL(14, 2))"
    conditions = [f"{exact} IS NULL"]
    if scale is not None and int(scale[1]) > 2:  # noqa: PLR2004 - cents have two places
        conditions.append(f"{exact} <> {source.sql}")
    if not column.may_be_negative:
        conditions.append(f"{source.sql} < 0")
    return f"({exact} * 100)::BIGINT", " OR ".join(conditions)


def _typed_date(column: Column, source: Source) -> tuple[str, str]:
    if source.type in _MOMENTS_WITHOUT_ZONE:
        day = f"{source.sql}::DATE"
        inside = f"{day} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
        return day, f"NOT ({inside}) OR {day}::{source.type} <> {source.sql}"
    if source.type != "DATE":
        raise TypeNotReadable(column, source.type, "cast the column to a date without a time")
    inside = f"{source.sql} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    return source.sql, f"NOT ({inside})"


def _typed_instant(column: Column, source: Source) -> tuple[str, str]:
    if source.type not in {"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS"}:
        hint = "give the instants a time zone (UTC): without one the moment is not known"
        raise TypeNotReadable(column, source.type, hint)
    value = f"epoch_us({source.sql}::TIMESTAMPTZ)"
    bad = f"NOT coalesce({value} BETWEEN {_FIRST_MOMENT} AND {_LAST_MOMENT}, false)"
    if source.type == "TIMESTAMPTZ_NS":
        bad += f" OR {source.sql}::TIMESTAMPTZ::TIMESTAMPTZ_NS <> {source.sql}"
    return value, bad


_TYPED_RULES = {
    Type.TEXT: _typed_text,
    Type.BOOLEAN: _typed_boolean,
    Type.INTEGER: _typed_integer,
    Type.MONEY: _typed_money,
    Type.DATE: _typed_date,
    Type.INSTANT: _typed_instant,
}


def spellings(column: Column) -> dict[str, str]:
    """Map what documents may write for a choice, lower-cased, to the value that counts."""
    return {**column.spellings, **{value.lower(): value for value in column.values}}


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """List the IANA time zones that this machine knows, sorted."""
    return tuple(sorted(zones()))


def selected(read: tuple[Cell, ...]) -> str:
    """Write the select list of stored values, under the columns' names."""
    return ", ".join(f"{cell.value} AS {named(cell.column.name)}" for cell in read)


def selected_lean(read: tuple[Cell, ...]) -> str:
    """Write the select list of `Cell.lean`, and `_other`: whether reading tells against it."""
    other = " OR ".join(cell.other for cell in read)
    columns = ", ".join(f"{cell.lean} AS {named(cell.column.name)}" for cell in read)
    return f"{columns}, {other} AS _other"


def any_fault(read: tuple[Cell, ...]) -> str:
    """Write the condition that some cell of a row may not be kept."""
    return " OR ".join(cell.fault for cell in read)

"""Measures as SQL aggregates, with bounds where a missing fact leaves the number open.

A row counts (its condition holds), does not, or may count (the condition is unknown). The bounds
are the least and the greatest number that the missing facts could give.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.core.program import Aggregate, Measure
from assay.tables.duck import named

INFINITE = 9_223_372_036_854_775_807  # stands for "no bound"; no stored number reaches it


def bounds_of(measure: Measure, *, by_month: bool) -> Mapping[str, str]:
    """Map the columns of a measure to their aggregates: `NAME`, and `NAME__high` where open.

    With `by_month` the rows are monthly totals: counts are sums of `row_count`. A count of
    different values reads rows of `marks_of`, one a value.
    """
    if measure.aggregate is Aggregate.COUNT_DISTINCT:
        return {
            column: f"count(CASE WHEN {named(column)} THEN 1 END)" for column in marks_of(measure)
        }
    counts = _holds(measure)
    if by_month:
        value = "row_count" if measure.aggregate is Aggregate.COUNT else _value(measure)
        return {measure.name: _sum(counts, value)}
    if not measure.may_be_unknown:
        return {measure.name: _exact(measure, counts)}
    low, high = _OPEN[measure.aggregate](counts, _value(measure))
    return {measure.name: low, f"{measure.name}__high": high}


def marks_of(measure: Measure) -> Mapping[str, str]:
    """Map the columns of a count of different values to whether one value counts, or may.

    They are aggregates over the rows with that value: a pass that groups by it costs half of
    what counting different values does.
    """
    counts = _holds(measure)
    marks = {measure.name: f"bool_or({counts or 'TRUE'})"}
    if measure.may_be_unknown:
        marks[f"{measure.name}__high"] = f"bool_or({_may(counts)})"
    return marks


def _holds(measure: Measure) -> str | None:
    """Write the condition under which a row counts; None: every row does."""
    return " AND ".join(part.sql for part in measure.where) or None


def _value(measure: Measure) -> str:
    return "1" if measure.value is None else measure.value.sql


def _exact(measure: Measure, counts: str | None) -> str:
    value = _value(measure)
    match measure.aggregate:
        case Aggregate.COUNT:
            return "count(*)" if counts is None else f"count(CASE WHEN {counts} THEN 1 END)"
        case Aggregate.SUM:
            return _sum(counts, value)
        case _:
            return f"{measure.aggregate}({_when(counts, value)})"


def _when(counts: str | None, value: str) -> str:
    return value if counts is None else f"CASE WHEN {counts} THEN {value} END"


def _sum(counts: str | None, value: str) -> str:
    return f"sum({value})" if counts is None else f"sum(CASE WHEN {counts} THEN {value} ELSE 0 END)"


def _may(counts: str | None) -> str:
    """Write the condition under which a row counts or may count."""
    return "TRUE" if counts is None else f"coalesce({counts}, TRUE)"


def _open_count(counts: str | None, value: str) -> tuple[str, str]:
    del value
    return (
        f"count(CASE WHEN {counts or 'TRUE'} THEN 1 END)",
        f"count(CASE WHEN {_may(counts)} THEN 1 END)",
    )


def _open_sum(counts: str | None, value: str) -> tuple[str, str]:
    """A sum with a row that may count, or without its value, has no bounds."""
    open_rows = _rows_open(counts, value)
    total = f"sum(CASE WHEN {counts or 'TRUE'} THEN {value} ELSE 0 END)"
    return (
        f"CASE WHEN {open_rows} > 0 THEN -{INFINITE} ELSE {total} END",
        f"CASE WHEN {open_rows} > 0 THEN {INFINITE} ELSE {total} END",
    )


def _open_max(counts: str | None, value: str) -> tuple[str, str]:
    """A value that is missing lies anywhere from 0 up; a row that may count only raises."""
    missing = f"count(CASE WHEN {_may(counts)} AND {value} IS NULL THEN 1 END)"
    most = f"max(CASE WHEN {_may(counts)} THEN {value} END)"
    return (
        f"max(CASE WHEN {counts or 'TRUE'} THEN coalesce({value}, 0) END)",
        f"CASE WHEN {missing} > 0 THEN {INFINITE} ELSE {most} END",
    )


def _open_min(counts: str | None, value: str) -> tuple[str, str]:
    """A minimum with a row that may count, or without its value, has no bounds."""
    open_rows = _rows_open(counts, value)
    least = f"min(CASE WHEN {counts or 'TRUE'} THEN {value} END)"
    return (
        f"CASE WHEN {open_rows} > 0 THEN -{INFINITE} ELSE {least} END",
        f"CASE WHEN {open_rows} > 0 THEN {INFINITE} ELSE {least} END",
    )


def _rows_open(counts: str | None, value: str) -> str:
    unknown = "FALSE" if counts is None else f"({counts}) IS NULL"
    return f"count(CASE WHEN {_may(counts)} AND ({unknown} OR {value} IS NULL) THEN 1 END)"


_OPEN = {
    Aggregate.COUNT: _open_count,
    Aggregate.SUM: _open_sum,
    Aggregate.MAX: _open_max,
    Aggregate.MIN: _open_min,
}

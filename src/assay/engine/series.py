"""Sums month by month, and by the values of a column, for one subject: one pass over its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from assay.core.facts import Type
from assay.core.program import Measure, Program
from assay.core.sums import Sums
from assay.engine.compile import Moment, rows_of, window_sql
from assay.engine.duck import Session
from assay.tables.duck import named, quoted

Series = tuple[tuple[Sums, ...], tuple[Sums, ...]]


def series_of(
    session: Session,
    program: Program,
    measures: Sequence[Measure],
    moment: Moment,
    subject: str,
    *,
    column: str,
) -> Series:
    """Add measures of one source and window up by month, and by the values of `column`.

    Months are all months, in the window or not, the oldest first; values are of the rows in the
    window, the largest sum of the first measure first.
    """
    measure = measures[0]
    source = rows_of(program.vocabulary, measure.source)
    dated = str(source.dated)
    kind = source.columns[dated].type
    day = f"make_timestamp({named(dated)})" if kind is Type.INSTANT else named(dated)
    window = "TRUE"
    if measure.window is not None:
        window = window_sql(program, measure.window, moment, kind=kind, column=dated)
    key = program.vocabulary.tables[program.vocabulary.subject].key[0]
    sums = ", ".join(f"coalesce(sum({_value(m)}){_only(m)}, 0)" for m in measures)
    found = session.connection.execute(
        f"SELECT date_trunc('month', {day})::DATE, {named(column)}, {window}, count(*), {sums} "
        f"FROM {named(measure.source)} WHERE {named(key)} = {quoted(subject)} GROUP BY 1, 2, 3"
    ).fetchall()
    months: dict[date | str | None, list[int]] = defaultdict(lambda: [0] * (1 + len(measures)))
    values: dict[date | str | None, list[int]] = defaultdict(lambda: [0] * (1 + len(measures)))
    for month, value, counts, *numbers in found:
        for into in (months[month], *((values[value],) if counts else ())):
            into[:] = [held + int(number) for held, number in zip(into, numbers, strict=True)]
    by_value = sorted(values.items(), key=lambda item: (-item[1][1], str(item[0])))
    by_month = sorted(months.items(), key=lambda item: str(item[0]))
    return tuple(map(_told, by_month)), tuple(map(_told, by_value))


def _told(item: tuple[date | str | None, list[int]]) -> Sums:
    return Sums(of=item[0], rows=item[1][0], sums=tuple(item[1][1:]))


def _value(measure: Measure) -> str:
    return "1" if measure.value is None else measure.value.sql


def _only(measure: Measure) -> str:
    where = " AND ".join(f"({part.sql})" for part in measure.where)
    return f" FILTER (WHERE {where})" if where else ""

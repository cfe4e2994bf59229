"""Outlook: what a review would find if sales went on at the pace of the last months.

The same SELECT judges measures that are projected: what is known within the coming review's
window, and for sums the pace of the last whole months for each month that is left. What falls
out of the window before the review is not counted. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from assay.core.explanations import Explanation
from assay.core.program import Aggregate, Measure, Program, Window
from assay.engine.aggregates import INFINITE, bounds_of
from assay.engine.compile import Compiled, Moment, compile_review, judged_sql
from assay.engine.duck import Session
from assay.engine.explain import explain_judged
from assay.tables.duck import named
from assay.tables.held import Facts


def explain_outlook(
    program: Program, facts: Facts, *, on: date, pace_months: int, scratch: Path
) -> Iterator[Explanation]:
    """Yield the explanation of every subject as the coming review would find it, by key.

    Facts count up to the first day of the month of `on`. Sums in a window of months are what is
    known of the coming review's window, and `pace_months` before that day give the pace: their
    sum x months left / pace_months, cut to whole stored units. Everything else is as known.
    """
    day = on.replace(day=1)
    left = _months(day, program.review.next_cut_off(day))
    kept = _with_windows(program, lambda months: max(months - left, 0))
    paced = _with_windows(program, lambda _: pace_months)
    moment = Moment.of(kept, day)
    with Session.open(facts, program.vocabulary, scratch=scratch) as session:
        for name, variant in (("known", kept), ("pace", paced)):
            compiled = compile_review(variant, day, totals=facts.totals)
            session.judge(compiled, Moment.of(variant, day))
            session.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM judged")
        measures = _projected_sql(program, left, pace_months)
        projected = judged_sql(kept, measures, parts=True)
        session.judge(Compiled(sql=projected, tables=(), totals=(), calendars=()), moment)
        yield from explain_judged(session, kept, moment)


def months_left(program: Program, on: date) -> int:
    """Return how many whole months are left until the coming review's cut-off."""
    day = on.replace(day=1)
    return _months(day, program.review.next_cut_off(day))


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month


def _with_windows(program: Program, months: Callable[[int], int]) -> Program:
    """Return the program with other lengths of the windows that have one."""

    def resized(window: Window) -> Window:
        if window.months is None:
            return window
        return replace(window, months=months(window.months))

    windows = {name: resized(window) for name, window in program.windows.items()}
    return replace(program, windows=windows)


def _projected_sql(program: Program, left: int, pace_months: int) -> str:
    key = named(program.vocabulary.tables[program.vocabulary.subject].key[0])
    columns = [f"known.{key} AS subject"]
    for measure in program.measures.values():
        if isinstance(measure, Measure):
            columns += _columns(measure, program, left, pace_months)
    return f"SELECT {', '.join(columns)} FROM known JOIN pace USING ({key})"


def _columns(measure: Measure, program: Program, left: int, pace_months: int) -> Iterator[str]:
    window = program.windows[measure.window] if measure.window else None
    months = min(left, window.months) if window and window.months else 0
    for column in bounds_of(measure, by_month=False):
        name = named(column)
        if measure.aggregate is Aggregate.SUM and months:
            open_ = f"abs(known.{name}) = {INFINITE} OR abs(pace.{name}) = {INFINITE}"
            end = INFINITE if column.endswith("__high") else -INFINITE
            sum_ = f"known.{name} + pace.{name}::HUGEINT * {months} // {pace_months}"
            yield f"CASE WHEN {open_} THEN {end} ELSE {sum_} END AS {name}"
        else:
            yield f"known.{name} AS {name}"
    if measure.aggregate in ("max", "min"):
        none = named(f"{measure.name}__none")
        yield f"known.{none} AS {none}"

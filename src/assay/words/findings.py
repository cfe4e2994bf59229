"""Findings in words: the rule, what was measured, and how far off, part by part.

The same lines stand in the terminal, on pages and in mails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assay.core.explanations import (
    Distance,
    Finding,
    Judged,
    JudgedComparison,
    JudgedGroup,
    Measured,
    Outcome,
)
from assay.core.facts import UNITS, Type
from assay.core.nearness import scale_of, way_to, without_not
from assay.core.program import Comparison, Measure, Operator, Program, Share
from assay.words.conditions import (
    comparison_words,
    condition_words,
    lower_first,
    stored_words,
)

MARKS = {Outcome.MET: "●", Outcome.NOT_MET: "○", Outcome.UNKNOWN: "◌"}
OUTCOMES = {Outcome.MET: "Met", Outcome.NOT_MET: "Not met", Outcome.UNKNOWN: "Unknown"}

_RISING = (Operator.GE, Operator.GT)
_FALLING = (Operator.LE, Operator.LT)
_STRICT = (Operator.GT, Operator.LT)


@dataclass(frozen=True)
class Figure:
    """A piece of what was found; `measure` is "" where no rows are behind it."""

    words: str
    measure: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One part of a finding in words.

    A comparison has its `rule`, what was `found`, and the `distance` ("" where there is nothing
    to say). A group has `parts`: `all` of them are asked, or `any` one is enough (the nearest
    first); its `rule` is the whole condition. What must not hold is told as its opposite.
    `figures` are what was found in pieces, each with the measure whose rows are behind it.
    """

    kind: str
    outcome: Outcome
    rule: str
    found: str = ""
    distance: str = ""
    parts: tuple[Line, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def mark(self) -> str:
        """The mark of the outcome."""
        return MARKS[self.outcome]


def finding_line(finding: Finding, measured: Mapping[str, Measured], program: Program) -> Line:
    """Put a finding into words, down to its parts."""
    condition = program.requirements[finding.requirement].by_tier[finding.tier]
    scale = scale_of(condition, program)
    line = _line(without_not(finding.judged), measured, program, scale)
    return line if line.kind == "comparison" else _ruled(line, condition_words(condition, program))


def distances_of(line: Line) -> str:
    """Say what is missing in one phrase: of all parts that must hold, or of the nearest way."""
    if line.kind == "comparison":
        return line.distance
    unmet = [part for part in line.parts if part.outcome is not Outcome.MET]
    wanted = unmet[:1] if line.kind == "any" else unmet
    return ", ".join(filter(None, (distances_of(part) for part in wanted)))


def amount_words(stored: int, measure: Measure, program: Program) -> str:
    """Say an amount with its unit: `$1,234.50`, `26 h 10 min`, `3 apps`."""
    words = stored_words(stored, measure.type, currency=program.currency)
    if measure.type is not Type.INTEGER:
        return words
    return f"{words} {unit_words(measure.unit, one=abs(stored) == 1)}"


def value_words(measured: Measured, program: Program) -> str:
    """Say a measured value, or between which values a missing fact leaves it."""
    measure = program.measure(measured.measure)
    if measured.exact and measured.low is not None:
        if measured.none:
            return "none"
        return amount_words(measured.low, measure, program)
    low = None if measured.low is None else amount_words(measured.low, measure, program)
    high = None if measured.high is None else amount_words(measured.high, measure, program)
    if low is None or high is None:
        return f"at least {low}" if low else f"at most {high}" if high else "not known"
    return f"from {low} to {high}"


def share_words(part: Measured, whole: Measured, program: Program, *, down: bool = True) -> str:
    """Say a share as a percentage, and of what.

    Rounded down, or up where the rule asks for at most: it never looks met when it is not.
    """
    amounts = f"{value_words(part, program)} of {value_words(whole, program)}"
    if not (part.exact and whole.exact) or part.low is None or whole.low is None:
        return amounts
    if whole.low <= 0:
        return f"no share: {amounts}"
    tenths = 1000 * part.low // whole.low if down else -(1000 * -part.low // whole.low)
    return f"{Decimal(tenths) / 10:,.1f} % ({amounts})"


def _ruled(line: Line, rule: str) -> Line:
    return Line(kind=line.kind, outcome=line.outcome, rule=rule, parts=line.parts)


def _line(
    judged: Judged, measured: Mapping[str, Measured], program: Program, scale: int | None
) -> Line:
    if isinstance(judged, JudgedGroup):
        parts = judged.parts
        if judged.kind == "any":
            parts = tuple(sorted(parts, key=lambda part: _nearness(part, measured, program, scale)))
        return Line(
            kind=judged.kind,
            outcome=judged.outcome,
            rule="",
            parts=tuple(_line(part, measured, program, scale) for part in parts),
        )
    comparison = judged.comparison
    found = _found(comparison, measured, program)
    return Line(
        kind="comparison",
        outcome=judged.outcome,
        rule=comparison_words(comparison, program),
        found=found,
        distance=distance_words(judged, measured, program),
        figures=tuple(_figures(found, comparison, measured, program)),
    )


def _figures(
    found: str, comparison: Comparison, measured: Mapping[str, Measured], program: Program
) -> Iterator[Figure]:
    """Cut what was found into the values of measures and the words between them."""
    measure = program.measures[comparison.measure]
    if isinstance(measure, Share):
        names = [measure.part, measure.whole]
    else:
        names = [name for name in (comparison.measure, comparison.bound) if isinstance(name, str)]
    for name in names:
        before, value, found = found.partition(value_words(measured[name], program))
        if before:
            yield Figure(before)
        yield Figure(value, name)
    if found:
        yield Figure(found)


def _nearness(
    judged: Judged, measured: Mapping[str, Measured], program: Program, scale: int | None
) -> tuple[int, float]:
    """Order alternatives: those that are met, then the nearest, then those not known."""
    way = way_to(judged, measured, program, scale=scale)
    if way is None:
        return 2, 0.0
    return (0, 0.0) if judged.outcome is Outcome.MET else (1, float(way))


def _found(comparison: Comparison, measured: Mapping[str, Measured], program: Program) -> str:
    measure = program.measures[comparison.measure]
    if isinstance(measure, Share):
        down = comparison.operator not in _FALLING
        return share_words(measured[measure.part], measured[measure.whole], program, down=down)
    found = value_words(measured[comparison.measure], program)
    if isinstance(comparison.bound, str):
        return f"{found}, against {value_words(measured[comparison.bound], program)}"
    return found


def distance_words(
    judged: JudgedComparison, measured: Mapping[str, Measured], program: Program
) -> str:
    """Say how far off, or how much is to spare; "" where there is no distance or none matters."""
    comparison, distance = judged.comparison, judged.distance
    if distance is None:
        return ""
    measure = program.measures[comparison.measure]
    if isinstance(measure, Share):
        no_share = (measured[measure.whole].low or 0) <= 0
        return "" if no_share else _share_distance(judged, distance, program)
    if measured[measure.name].none:
        return ""
    if isinstance(comparison.bound, str) and measured[comparison.bound].none:
        return ""
    stored = distance.missing
    if measure.type is Type.HOURS and comparison.operator in _STRICT:
        stored -= 1  # the step of a microsecond beyond the bound is nothing to tell
    if judged.outcome is Outcome.MET:
        return _spare(comparison.operator, -stored, measure, program)
    return _missing(comparison, stored, measure, measured, program)


def _spare(operator: Operator, stored: int, measure: Measure, program: Program) -> str:
    if operator not in (*_RISING, *_FALLING):
        return ""
    if stored == 0:
        return "none to spare"
    words = "above" if operator in _RISING else "to spare"
    return f"{amount_words(stored, measure, program)} {words}"


def _missing(
    comparison: Comparison,
    stored: int,
    measure: Measure,
    measured: Mapping[str, Measured],
    program: Program,
) -> str:
    if comparison.operator is Operator.NE:
        return "any other number would do"
    if stored == 0:
        return "exactly the limit, which is not enough"
    rising = comparison.operator in _RISING
    if comparison.operator is Operator.EQ and not isinstance(comparison.bound, str):
        rising = (measured[measure.name].low or 0) < comparison.bound * UNITS[measure.type]
    words = "short" if rising else _EXCESS[measure.type]
    return f"{amount_words(stored, measure, program)} {words}"


_EXCESS = {Type.MONEY: "too much", Type.HOURS: "too slow", Type.INTEGER: "too many"}


def _share_distance(judged: JudgedComparison, distance: Distance, program: Program) -> str:
    """Say what more of the part alone would reach the share, or what could be lost of it."""
    part = program.measure(distance.measure)
    if judged.outcome is Outcome.MET:
        spare = amount_words(-distance.missing, part, program)
        return f"{spare} of it to spare" if distance.missing < 0 else "none to spare"
    more = amount_words(max(distance.missing, 1), part, program)
    return f"{more} more of {lower_first(part.title)} would reach it"


@lru_cache(maxsize=256)
def unit_words(unit: str, *, one: bool = False) -> str:
    """Return the word for a measure's unit: what stands in [ ] is left out at 1."""
    return re.sub(r"\[([^\[\]]*)\]", "" if one else r"\1", unit)

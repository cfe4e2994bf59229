"""How near a condition is to holding: what is missing as a part of what is asked.

It ranks near misses and alternatives, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from assay.core.explanations import (
    Explanation,
    Judged,
    JudgedComparison,
    JudgedGroup,
    Measured,
    Outcome,
)
from assay.core.facts import UNITS, Type
from assay.core.program import Comparison, Condition, Measure, Program, Share, comparisons


def scale_of(condition: Condition, program: Program) -> int | None:
    """Return what distances within a condition are parts of, in stored units.

    Where all its parts are about one type, this is the least number above zero that it asks:
    $1 is then as far in every alternative. None: each comparison has its own.
    """
    bounds, types = [], set()
    for comparison in comparisons(condition):
        measure = program.measures[comparison.measure]
        kind = type_of(measure, program)
        types.add(kind)
        if isinstance(measure, Measure) and not isinstance(comparison.bound, str):
            bounds.append(int(comparison.bound * UNITS[kind]))
    return min((b for b in bounds if b > 0), default=None) if len(types) == 1 else None


def type_of(measure: Measure | Share, program: Program) -> Type:
    """Return the type of a measure, or of what would change a share."""
    return program.measure(measure.part).type if isinstance(measure, Share) else measure.type


def without_not(judged: Judged, *, negated: bool = False) -> Judged:
    """Return the same judgement without "not": what must not hold becomes its opposite."""
    if isinstance(judged, JudgedComparison):
        return _opposite(judged) if negated else judged
    if judged.kind == "not":
        return without_not(judged.parts[0], negated=not negated)
    return JudgedGroup(
        kind=_OPPOSITE_KINDS[judged.kind] if negated else judged.kind,
        outcome=_OPPOSITE_OUTCOMES[judged.outcome] if negated else judged.outcome,
        parts=tuple(without_not(part, negated=negated) for part in judged.parts),
    )


_OPPOSITE_KINDS = {"all": "any", "any": "all"}
_OPPOSITE_OUTCOMES = {
    Outcome.MET: Outcome.NOT_MET,
    Outcome.NOT_MET: Outcome.MET,
    Outcome.UNKNOWN: Outcome.UNKNOWN,
}


def _opposite(judged: JudgedComparison) -> JudgedComparison:
    """Turn a comparison round; what was to spare, and a step, is what is missing then."""
    comparison, distance = judged.comparison, judged.distance
    return JudgedComparison(
        comparison=replace(comparison, operator=comparison.operator.opposite),
        outcome=_OPPOSITE_OUTCOMES[judged.outcome],
        distance=None if distance is None else replace(distance, missing=1 - distance.missing),
    )


def way_to(
    judged: Judged, measured: Mapping[str, Measured], program: Program, *, scale: int | None
) -> Fraction | None:
    """Return how far a judged condition is from holding; None where it is unknown.

    $1 of $4 is 1/4; where zero is asked, parts are of one unit. Of parts that must all hold the
    furthest counts, of alternatives the nearest.
    """
    judged = without_not(judged)
    if judged.outcome is Outcome.MET:
        return Fraction(0)
    if isinstance(judged, JudgedComparison):
        if judged.distance is None:
            return None
        asked = scale or _asked(judged.comparison, measured, program)
        return Fraction(max(judged.distance.missing, 0), asked)
    ways = [way_to(part, measured, program, scale=scale) for part in judged.parts]
    known = [way for way in ways if way is not None]
    if judged.kind == "any":
        return min(known, default=None)
    return max(known) if len(known) == len(ways) else None


def miss_of(explanation: Explanation, program: Program) -> tuple[str, Fraction | None]:
    """Return the next tier above the one held and how far it is; "" where there is none.

    The distance is the sum of what is missing for each requirement, as a part of what is asked;
    None where one of them is unknown, or by no known distance away.
    """
    tier = program.next_tier(explanation.tier)
    if tier is None:
        return "", None
    ways = [
        way_to(
            found.judged,
            explanation.measured,
            program,
            scale=scale_of(program.requirements[found.requirement].by_tier[tier], program),
        )
        for found in explanation.findings
        if found.tier == tier
    ]
    known = [way for way in ways if way is not None]
    return tier, sum(known, Fraction(0)) if len(known) == len(ways) else None


def room_of(
    judged: Judged, measured: Mapping[str, Measured], program: Program
) -> tuple[Fraction, JudgedComparison] | None:
    """Return how far a met condition is from failing, and the comparison that would fail first.

    Of parts that must all hold the tightest counts, of alternatives the roomiest. Only amounts
    and times have room; None where there is nothing to lose a part of.
    """
    judged = without_not(judged)
    if judged.outcome is not Outcome.MET:
        return None
    if isinstance(judged, JudgedComparison):
        distance = judged.distance
        if distance is None or distance.type not in _WITH_ROOM:
            return None
        asked = _asked(judged.comparison, measured, program)
        return Fraction(max(-distance.missing, 0), asked), judged
    rooms = [room for part in judged.parts if (room := room_of(part, measured, program))]
    choose = max if judged.kind == "any" else min
    return choose(rooms, key=lambda room: room[0], default=None)


_WITH_ROOM = (Type.MONEY, Type.HOURS)


def _asked(comparison: Comparison, measured: Mapping[str, Measured], program: Program) -> int:
    """Return the size of what a comparison asks, in stored units; at least one unit."""
    measure = program.measures[comparison.measure]
    unit = UNITS[type_of(measure, program)]
    if isinstance(measure, Share):
        return max(abs(measured[measure.whole].low or 0), unit)
    if isinstance(comparison.bound, str):
        return max(abs(measured[comparison.bound].low or 0), unit)
    return max(abs(int(comparison.bound * unit)), unit)

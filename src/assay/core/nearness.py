"""How near a condition is to holding: what is missing as a part of what is asked.

It ranks near misses and alternatives, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assay.core.distances import UNITS
from assay.core.explanations import Judged, JudgedComparison, Measured, Outcome
from assay.core.facts import Type
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


def way_to(
    judged: Judged,
    measured: Mapping[str, Measured],
    program: Program,
    *,
    scale: int | None,
    negated: bool = False,
) -> Fraction | None:
    """Return how far a judged condition is from holding; None where it is unknown.

    $1 of $4 is 1/4; where zero is asked, parts are of one unit. Of parts that must all hold the
    furthest counts, of alternatives the nearest.
    """
    if judged.outcome is (Outcome.NOT_MET if negated else Outcome.MET):
        return Fraction(0)
    if isinstance(judged, JudgedComparison):
        if judged.distance is None:
            return None
        missing = judged.distance.missing
        asked = scale or _asked(judged.comparison, measured, program)
        return Fraction(max(1 - missing if negated else missing, 0), asked)
    negated = negated is not (judged.kind == "not")
    ways = [way_to(part, measured, program, scale=scale, negated=negated) for part in judged.parts]
    known = [way for way in ways if way is not None]
    if (judged.kind == "any") is not negated:
        return min(known, default=None)
    return max(known) if known and len(known) == len(ways) else None


def _asked(comparison: Comparison, measured: Mapping[str, Measured], program: Program) -> int:
    """Return the size of what a comparison asks, in stored units; at least one unit."""
    measure = program.measures[comparison.measure]
    unit = UNITS[type_of(measure, program)]
    if isinstance(measure, Share):
        return max(abs(measured[measure.whole].low or 0), unit)
    if isinstance(comparison.bound, str):
        return max(abs(measured[comparison.bound].low or 0), unit)
    return max(abs(int(comparison.bound * unit)), unit)

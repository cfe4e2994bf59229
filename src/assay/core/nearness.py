"""How near a condition is to holding: what is missing as a part of what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assay.core.distances import UNITS
from assay.core.explanations import Judged, JudgedComparison, Measured, Outcome
from assay.core.program import Comparison, Program, Share


def way_to(
    judged: Judged, measured: Mapping[str, Measured], program: Program, *, negated: bool = False
) -> Fraction | None:
    """Return what is missing as a part of what is asked; None where it is unknown.

    $1 of $4 is 1/4; where zero is asked, of one unit. Parts that must all hold add up, of
    alternatives the nearest counts. It ranks, and decides nothing.
    """
    wanted = Outcome.NOT_MET if negated else Outcome.MET
    if judged.outcome is wanted:
        return Fraction(0)
    if isinstance(judged, JudgedComparison):
        if judged.distance is None:
            return None
        missing = judged.distance.missing
        return Fraction(max(1 - missing if negated else missing, 0)) / _asked(
            judged.comparison, measured, program
        )
    negated = negated is not (judged.kind == "not")
    ways = [way_to(part, measured, program, negated=negated) for part in judged.parts]
    known = [way for way in ways if way is not None]
    if (judged.kind == "any") is not negated:
        return min(known, default=None)
    return sum(known, Fraction(0)) if len(known) == len(ways) else None


def _asked(comparison: Comparison, measured: Mapping[str, Measured], program: Program) -> Fraction:
    """Return the size of what a comparison asks, in stored units; at least one unit."""
    measure = program.measures[comparison.measure]
    if isinstance(measure, Share):
        whole = measured[measure.whole]
        asked = Fraction(str(comparison.bound)) * (whole.low or 0)
        return max(abs(asked), Fraction(UNITS[whole.type]))
    unit = Fraction(UNITS[measure.type])
    if isinstance(comparison.bound, str):
        return max(abs(Fraction(measured[comparison.bound].low or 0)), unit)
    return max(abs(Fraction(comparison.bound) * unit), unit)

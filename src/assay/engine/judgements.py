"""Conditions as SQL over the bounds of measures: TRUE met, FALSE not met, NULL unknown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from assay.core.facts import UNITS, Type
from assay.core.program import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Measure,
    Not,
    Operator,
    Share,
)
from assay.tables.duck import named

# How `left OP right` is decided from bounds: (surely TRUE, surely FALSE).
_SURELY = {
    Operator.GE: ("{low} >= {top}", "{high} < {bottom}"),
    Operator.GT: ("{low} > {top}", "{high} <= {bottom}"),
    Operator.LE: ("{high} <= {bottom}", "{low} > {top}"),
    Operator.LT: ("{high} < {bottom}", "{low} >= {top}"),
    Operator.EQ: ("{low} = {top} AND {high} = {bottom}", "{low} > {top} OR {high} < {bottom}"),
    Operator.NE: ("{low} > {top} OR {high} < {bottom}", "{low} = {top} AND {high} = {bottom}"),
}


class Bounds(NamedTuple):
    """The SQL of the least and the greatest value; the same text where the value is exact."""

    low: str
    high: str

    @property
    def exact(self) -> bool:
        """Whether no missing fact leaves the value open."""
        return self.low == self.high


def stored_units(number: Decimal, kind: Type) -> int:
    """Convert a number in people's units to the stored whole number."""
    return int(number * UNITS[kind])


def bounds(measure: Measure) -> Bounds:
    """Name the columns that hold a measure's bounds."""
    low = named(measure.name)
    return Bounds(low, named(f"{measure.name}__high") if measure.may_be_unknown else low)


def condition_sql(condition: Condition, measures: Mapping[str, Measure | Share]) -> str:
    """Write a condition over the columns of the compiled measures."""
    match condition:
        case Comparison():
            return comparison_sql(condition, measures)
        case Not(part):
            return f"(NOT {condition_sql(part, measures)})"
        case AllOf(parts):
            return f"({' AND '.join(condition_sql(part, measures) for part in parts)})"
        case AnyOf(parts):
            return f"({' OR '.join(condition_sql(part, measures) for part in parts)})"


def comparison_sql(comparison: Comparison, measures: Mapping[str, Measure | Share]) -> str:
    """Write one comparison; a share by cross-multiplication."""
    measure = measures[comparison.measure]
    if isinstance(measure, Share):
        return _share_sql(comparison, measure, measures)
    left = bounds(measure)
    other = measures[comparison.bound] if isinstance(comparison.bound, str) else None
    if isinstance(other, Measure):
        right = bounds(other)
    else:
        number = str(stored_units(Decimal(str(comparison.bound)), measure.type))
        right = Bounds(number, number)
    if left.exact and right.exact:
        return f"({left.low} {comparison.operator} {right.low})"
    true, false = (
        text.format(low=left.low, high=left.high, bottom=right.low, top=right.high)
        for text in _SURELY[comparison.operator]
    )
    return f"(CASE WHEN {true} THEN TRUE WHEN {false} THEN FALSE END)"


def _share_sql(
    comparison: Comparison, share: Share, measures: Mapping[str, Measure | Share]
) -> str:
    """`part / whole OP n / d` is `part * d OP n * whole`, the whole being positive."""
    part, whole = measures[share.part], measures[share.whole]
    if not (isinstance(part, Measure) and isinstance(whole, Measure)):
        raise TypeError(share)
    numerator, denominator = Decimal(str(comparison.bound)).as_integer_ratio()
    low = bounds(whole).low
    test = f"{named(part.name)} * {denominator} {comparison.operator} {numerator} * {low}"
    otherwise = "TRUE" if share.when_not_positive else "FALSE"
    decided = f"CASE WHEN {low} > 0 THEN {test} ELSE {otherwise} END"
    open_parts = [f"{b.low} = {b.high}" for b in (bounds(part), bounds(whole)) if not b.exact]
    if open_parts:
        return f"(CASE WHEN {' AND '.join(open_parts)} THEN {decided} END)"
    return f"({decided})"

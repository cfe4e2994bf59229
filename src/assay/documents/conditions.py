"""Conditions of tiers and requirements: boolean expressions over named measures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlglot import exp

from assay.core.program import AllOf, AnyOf, Comparison, Condition, Measure, Not, Operator, Share
from assay.documents.expressions import Unreadable, parse, read_each, stored_number
from assay.documents.hints import known
from assay.documents.values import number_of

_OPERATORS: dict[type[exp.Expr], Operator] = {
    exp.LT: Operator.LT,
    exp.LTE: Operator.LE,
    exp.EQ: Operator.EQ,
    exp.NEQ: Operator.NE,
    exp.GTE: Operator.GE,
    exp.GT: Operator.GT,
}
_SHARE_DECIMALS = 6
_MIRRORED = {
    Operator.LT: Operator.GT,
    Operator.LE: Operator.GE,
    Operator.EQ: Operator.EQ,
    Operator.NE: Operator.NE,
    Operator.GE: Operator.LE,
    Operator.GT: Operator.LT,
}


def read_condition(text: str, measures: Mapping[str, Measure | Share]) -> Condition:
    """Read a condition, e.g. `gross_sales >= 500000 and cloud_share >= 0.25`; raises Unreadable."""
    return _condition(parse(text), measures)


def _condition(tree: exp.Expr, measures: Mapping[str, Measure | Share]) -> Condition:
    if isinstance(tree, exp.Paren):
        return _condition(tree.this, measures)
    if isinstance(tree, exp.Not):
        return Not(_condition(tree.this, measures))
    if isinstance(tree, exp.And):
        return AllOf(_parts(tree, exp.And, measures))
    if isinstance(tree, exp.Or):
        return AnyOf(_parts(tree, exp.Or, measures))
    if type(tree) in _OPERATORS:
        return _comparison(tree, measures)
    raise Unreadable(
        f"`{tree.sql()}` is no condition",
        "compare measures with numbers, join with and, or, not",
    )


def _parts(
    tree: exp.Expr, kind: type[exp.Connector], measures: Mapping[str, Measure | Share]
) -> tuple[Condition, ...]:
    """Flatten a chain of one connector, so that three alternatives are three."""
    inner = tree.unnest()
    if isinstance(inner, kind):
        sides = read_each(lambda side: _parts(side, kind, measures), inner.flatten())
        return tuple(part for side in sides for part in side)
    return (_condition(inner, measures),)


def _comparison(tree: exp.Expr, measures: Mapping[str, Measure | Share]) -> Comparison:
    left, right = tree.args["this"].unnest(), tree.args["expression"].unnest()
    operator = _OPERATORS[type(tree)]
    if not isinstance(left, exp.Column):
        left, right, operator = right, left, _MIRRORED[operator]
    if not isinstance(left, exp.Column):
        raise Unreadable(f"`{tree.sql()}` compares no measure", "compare a measure with a number")
    if isinstance(right, exp.Column):
        both = read_each(lambda side: _measure(side, measures), (left, right))
        return _between_measures(tree, both[0], operator, both[1])
    measure = _measure(left, measures)
    number = _number(right)
    if isinstance(measure, Measure):
        stored_number(str(number), measure.type)
    elif not 0 <= number <= 1 or number != round(number, _SHARE_DECIMALS):
        raise Unreadable(
            f"`{tree.sql()}`: a share lies between 0 and 1",
            f"15 % is 0.15; at most {_SHARE_DECIMALS} decimals",
        )
    return Comparison(measure=measure.name, operator=operator, bound=number)


def _between_measures(
    tree: exp.Expr, left: Measure | Share, operator: Operator, right: Measure | Share
) -> Comparison:
    if not (isinstance(left, Measure) and isinstance(right, Measure) and left.type is right.type):
        raise Unreadable(
            f"`{tree.sql()}` compares measures of different kinds", "compare like with like"
        )
    return Comparison(measure=left.name, operator=operator, bound=right.name)


def _measure(tree: exp.Expr, measures: Mapping[str, Measure | Share]) -> Measure | Share:
    found = measures.get(tree.name) if isinstance(tree, exp.Column) and not tree.table else None
    if found is None:
        raise Unreadable(f"no measure `{tree.sql()}`", known(tree.sql(), measures, what="measures"))
    return found


def _number(tree: exp.Expr) -> Decimal:
    negative = isinstance(tree, exp.Neg)
    literal = tree.this if negative else tree
    plain = isinstance(literal, exp.Literal) and not literal.is_string
    number = number_of(str(literal.this)) if plain else None
    if number is None:
        hint = "compare with a number of at most 20 digits, or with a measure"
        raise Unreadable(f"`{tree.sql()}` is no number in range", hint)
    return -number if negative else number

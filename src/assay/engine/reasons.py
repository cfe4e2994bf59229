"""Why a row does not count, in plain words: the opposite of a condition of one row."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_OPPOSITES: dict[type[exp.Expr], str] = {
    exp.EQ: "is not",
    exp.NEQ: "is",
    exp.GT: "is not more than",
    exp.GTE: "is less than",
    exp.LT: "is not less than",
    exp.LTE: "is more than",
}


def why_not(text: str) -> str:
    """Say that a condition, as the program file writes it, does not hold: `hosting is not cloud`.

    What no short words fit is told as it is written.
    """
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except SqlglotError:
        return f"{text} does not hold"
    return _not(tree) or f"{text} does not hold"


def not_known(columns: Iterable[str]) -> str:
    """Say that missing facts leave a row open: `installs not known`."""
    return f"{' or '.join(sorted(column.replace('_', ' ') for column in columns))} not known"


def _not(tree: exp.Expr) -> str:
    """Say the opposite of a condition; "" where no short words fit."""
    match tree:
        case exp.Paren():
            found = _not(tree.this)
        case exp.Column():
            found = f"not {_words(tree)}"
        case exp.Not():
            found = _holds(tree.this)
        case exp.Is(this=exp.Column()):
            found = f"{_words(tree.this)} is given"
        case exp.In(this=exp.Column()):
            values = [_words(value) for value in tree.expressions]
            found = f"{_words(tree.this)} is neither {' nor '.join(values)}" if all(values) else ""
        case exp.Binary(this=exp.Column()) if type(tree) in _OPPOSITES:
            other = _words(tree.expression)
            found = f"{_words(tree.this)} {_OPPOSITES[type(tree)]} {other}" if other else ""
        case _:
            found = ""
    return found


def _holds(tree: exp.Expr) -> str:
    """Say a condition that should not hold and does."""
    if isinstance(tree, exp.Paren):
        return _holds(tree.this)
    if isinstance(tree, exp.Column):
        return _words(tree)
    if isinstance(tree, exp.Is) and isinstance(tree.this, exp.Column):
        return f"{_words(tree.this)} is not given"
    return ""


def _words(tree: exp.Expr) -> str:
    """Name a column, a value or an amount by its table; "" for what is more than that."""
    if isinstance(tree, exp.Column):
        return tree.name.replace("_", " ")
    if isinstance(tree, exp.Literal):
        return str(tree.this).replace("_", " ") if tree.is_string else f"{Decimal(tree.this):,f}"
    if isinstance(tree, exp.Anonymous) and all(
        isinstance(one, exp.Column) for one in tree.expressions
    ):
        return f"the {str(tree.this).replace('_', ' ').lower()}"
    return ""

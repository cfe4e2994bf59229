"""Row expressions as z3 terms, in SQL's three-valued logic: a value, and whether it is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlglot
import z3
from sqlglot import exp


class Untranslatable(Exception):
    """An expression has a part that the search cannot follow."""


@dataclass(frozen=True)
class Term:
    """A z3 value (Int or Bool) and when it is known; a value that is not known is any value."""

    value: z3.ExprRef
    known: z3.BoolRef
    is_text: bool = False


class Texts:
    """Whole numbers for texts: those a program names, and all others above them."""

    def __init__(self) -> None:
        """Start with no text."""
        self._codes: dict[str, int] = {}

    def code(self, text: str) -> int:
        """Return the number of a text, giving it one if it is new."""
        return self._codes.setdefault(text, len(self._codes))

    def text(self, code: int) -> str:
        """Return the text of a number; one that no program names is made up."""
        named = list(self._codes)
        return named[code] if code < len(named) else f"other {code - len(named) + 1}"


_ORDERS: dict[type[exp.Expression], Callable[[z3.ArithRef, z3.ArithRef], z3.BoolRef]] = {
    exp.LT: lambda left, right: left < right,
    exp.LTE: lambda left, right: left <= right,
    exp.GT: lambda left, right: left > right,
    exp.GTE: lambda left, right: left >= right,
}


class RowTerms:
    """Translates row expressions over the columns of one row."""

    def __init__(self, columns: Mapping[str, Term], texts: Texts, context: z3.Context) -> None:
        """Keep the terms of the columns."""
        self.columns = columns
        self.texts = texts
        self.context = context
        self._true = z3.BoolVal(val=True, ctx=context)

    def term(self, sql: str) -> Term:
        """Translate the SQL of a row expression; raises Untranslatable."""
        return self._term(sqlglot.parse_one(sql, dialect="duckdb"))

    def both(self, left: Term, right: Term) -> Term:
        """Join two conditions with AND: one that fails decides alone."""
        known = z3.Or(
            z3.And(left.known, right.known),
            z3.And(left.known, z3.Not(left.value)),
            z3.And(right.known, z3.Not(right.value)),
        )
        return Term(z3.And(left.value, right.value), known)

    def _term(self, tree: exp.Expression) -> Term:
        for kind, read in _READERS.items():
            if isinstance(tree, kind):
                return read(self, tree)
        raise Untranslatable(tree.sql())

    def _paren(self, tree: exp.Expression) -> Term:
        return self._term(tree.this)

    def _column(self, tree: exp.Expression) -> Term:
        return self.columns[tree.name]

    def _boolean(self, tree: exp.Expression) -> Term:
        return Term(z3.BoolVal(val=bool(tree.this), ctx=self.context), self._true)

    def _number(self, number: int) -> Term:
        return Term(z3.IntVal(number, self.context), self._true)

    def _literal(self, tree: exp.Expression) -> Term:
        if tree.is_string:
            code = self.texts.code(str(tree.this))
            return Term(z3.IntVal(code, self.context), self._true, is_text=True)
        return self._number(int(tree.this))

    def _negative(self, tree: exp.Expression) -> Term:
        return self._number(-int(tree.this.this))

    def _date(self, tree: exp.Expression) -> Term:
        return self._number(date.fromisoformat(tree.this.this).toordinal())

    def _all(self, tree: exp.Expression) -> Term:
        return self.both(self._term(tree.args["this"]), self._term(tree.args["expression"]))

    def _any(self, tree: exp.Expression) -> Term:
        left, right = self._term(tree.args["this"]), self._term(tree.args["expression"])
        neither = self.both(self._opposite(left), self._opposite(right))
        return self._opposite(neither)

    def _opposite(self, term: Term) -> Term:
        return Term(z3.Not(term.value), term.known)

    def _not(self, tree: exp.Expression) -> Term:
        return self._opposite(self._term(tree.this))

    def _equal(self, tree: exp.Expression) -> Term:
        left, right = self._term(tree.args["this"]), self._term(tree.args["expression"])
        return Term(left.value == right.value, z3.And(left.known, right.known))

    def _unequal(self, tree: exp.Expression) -> Term:
        return self._opposite(self._equal(tree))

    def _ordered(self, tree: exp.Expression) -> Term:
        left, right = self._term(tree.args["this"]), self._term(tree.args["expression"])
        if left.is_text or right.is_text:
            raise Untranslatable(tree.sql())
        holds = _ORDERS[type(tree)](left.value, right.value)
        return Term(holds, z3.And(left.known, right.known))

    def _among(self, tree: exp.Expression) -> Term:
        subject = self._term(tree.this)
        found = [subject.value == self._term(choice).value for choice in tree.expressions]
        return Term(z3.Or(*found), subject.known)

    def _missing(self, tree: exp.Expression) -> Term:
        return Term(z3.Not(self._term(tree.this).known), self._true)

    def _case(self, tree: exp.Expression) -> Term:
        """A CASE of dated amounts; one without a branch that holds is not known."""
        subject = None if tree.this is None else self._term(tree.this)
        chosen = Term(z3.IntVal(0, self.context), z3.BoolVal(val=False, ctx=self.context))
        for branch in reversed(tree.args["ifs"]):
            test, then = self._term(branch.this), self._term(branch.args["true"])
            holds = test.value if subject is None else subject.value == test.value
            known = test.known if subject is None else subject.known
            taken = z3.And(known, holds)
            chosen = Term(
                z3.If(taken, then.value, chosen.value), z3.If(taken, then.known, chosen.known)
            )
        return chosen


_READERS: dict[type[exp.Expression], Callable[[RowTerms, exp.Expression], Term]] = {
    exp.Paren: RowTerms._paren,
    exp.Column: RowTerms._column,
    exp.Boolean: RowTerms._boolean,
    exp.Literal: RowTerms._literal,
    exp.Neg: RowTerms._negative,
    exp.Cast: RowTerms._date,
    exp.And: RowTerms._all,
    exp.Or: RowTerms._any,
    exp.Not: RowTerms._not,
    exp.EQ: RowTerms._equal,
    exp.NEQ: RowTerms._unequal,
    exp.LT: RowTerms._ordered,
    exp.LTE: RowTerms._ordered,
    exp.GT: RowTerms._ordered,
    exp.GTE: RowTerms._ordered,
    exp.In: RowTerms._among,
    exp.Is: RowTerms._missing,
    exp.Case: RowTerms._case,
}

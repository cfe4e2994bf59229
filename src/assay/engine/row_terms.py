"""Row expressions as z3 terms, in SQL's three-valued logic: a value, and whether it is known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, singledispatchmethod

import sqlglot
import z3
from sqlglot import exp


class Untranslatable(Exception):
    """An expression has a part that the search cannot follow."""


@dataclass(frozen=True)
class Term:
    """A z3 value (Int or Bool) and when it is known; one that is not known may be any value."""

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


_ORDERS: Mapping[type[exp.Expr], Callable[[z3.ExprRef, z3.ExprRef], z3.BoolRef]] = {
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
}


@lru_cache(maxsize=1_000)
def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect="duckdb")


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
        return self._term(_parsed(sql))

    def all_of(self, parts: Sequence[Term]) -> Term:
        """Join conditions with AND: one that fails decides alone."""
        fails = (z3.And(part.known, z3.Not(part.value)) for part in parts)
        known = z3.Or(z3.And(self._true, *(part.known for part in parts)), *fails)
        return Term(z3.And(self._true, *(part.value for part in parts)), known)

    @singledispatchmethod
    def _term(self, tree: exp.Expr) -> Term:
        raise Untranslatable(tree.sql())

    @_term.register
    def _paren(self, tree: exp.Paren) -> Term:
        return self._term(tree.this)

    @_term.register
    def _column(self, tree: exp.Column) -> Term:
        return self.columns[tree.name]

    @_term.register
    def _boolean(self, tree: exp.Boolean) -> Term:
        return Term(z3.BoolVal(val=bool(tree.this), ctx=self.context), self._true)

    def _number(self, number: int) -> Term:
        return Term(z3.IntVal(number, self.context), self._true)

    @_term.register
    def _literal(self, tree: exp.Literal) -> Term:
        if tree.is_string:
            code = self.texts.code(str(tree.this))
            return Term(z3.IntVal(code, self.context), self._true, is_text=True)
        return self._number(int(tree.this))

    @_term.register
    def _negative(self, tree: exp.Neg) -> Term:
        return self._number(-int(tree.this.this))

    @_term.register
    def _date(self, tree: exp.Cast) -> Term:
        return self._number(date.fromisoformat(tree.this.this).toordinal())

    @_term.register
    def _all(self, tree: exp.And) -> Term:
        return self.all_of([self._term(part) for part in tree.flatten()])

    @_term.register
    def _any(self, tree: exp.Or) -> Term:
        return self._opposite(
            self.all_of([self._opposite(self._term(part)) for part in tree.flatten()])
        )

    def _opposite(self, term: Term) -> Term:
        return Term(z3.Not(term.value), term.known)

    @_term.register
    def _not(self, tree: exp.Not) -> Term:
        return self._opposite(self._term(tree.this))

    @_term.register
    def _equal(self, tree: exp.EQ) -> Term:
        return self._alike(tree)

    @_term.register
    def _unequal(self, tree: exp.NEQ) -> Term:
        return self._opposite(self._alike(tree))

    def _alike(self, tree: exp.Binary) -> Term:
        left, right = self._term(tree.args["this"]), self._term(tree.args["expression"])
        return Term(left.value == right.value, z3.And(left.known, right.known))

    @_term.register(exp.LT)
    @_term.register(exp.LTE)
    @_term.register(exp.GT)
    @_term.register(exp.GTE)
    def _ordered(self, tree: exp.Binary) -> Term:
        left, right = self._term(tree.args["this"]), self._term(tree.args["expression"])
        if left.is_text or right.is_text:
            raise Untranslatable(tree.sql())
        holds = _ORDERS[type(tree)](left.value, right.value)
        return Term(holds, z3.And(left.known, right.known))

    @_term.register
    def _among(self, tree: exp.In) -> Term:
        subject = self._term(tree.this)
        found = [subject.value == self._term(choice).value for choice in tree.expressions]
        return Term(z3.Or(*found), subject.known)

    @_term.register
    def _missing(self, tree: exp.Is) -> Term:
        return Term(z3.Not(self._term(tree.this).known), self._true)

    @_term.register
    def _case(self, tree: exp.Case) -> Term:
        """A CASE of dated amounts; one without a branch that holds is not known."""
        subject = None if tree.this is None else self._term(tree.this)
        missing = z3.FreshInt("missing", self.context)
        chosen = Term(missing, z3.BoolVal(val=False, ctx=self.context))
        for branch in reversed(tree.args["ifs"]):
            test, then = self._term(branch.this), self._term(branch.args["true"])
            holds = test.value if subject is None else subject.value == test.value
            known = test.known if subject is None else subject.known
            taken = z3.And(known, holds)
            chosen = Term(
                z3.If(taken, then.value, chosen.value), z3.If(taken, then.known, chosen.known)
            )
        return chosen

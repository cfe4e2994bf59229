"""Row expressions: SQL over one row's columns, parsed, type-checked and put in stored types.

Only this is read: columns of the row, literals, `and`, `or`, `not`, comparisons, `in`, `between`,
`is null`, and look-ups in the program's dated amounts. Everything else is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assay.core.facts import UNITS, Column, Type
from assay.core.program import Amounts, RowExpression
from assay.documents.hints import known, shown
from assay.documents.values import number_of
from assay.documents.yaml import Form

Read = TypeVar("Read")

MOST_CHARACTERS = 2_000
MOST_NESTING = 16
_MOST_STORED = 10**18  # a stored number has 64 bits
_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


class Unreadable(Exception):
    """An expression is not one that programs may hold: what is wrong, and the hint.

    `faults` are all that are known of it, this one first.
    """

    def __init__(self, message: str, hint: str, *others: Unreadable) -> None:
        """Keep both sentences, and the faults of other parts of the same expression."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.faults: tuple[Unreadable, ...] = (self, *others)


def read_each(read: Callable[[exp.Expr], Read], trees: Iterable[exp.Expr]) -> list[Read]:
    """Read every tree; raises Unreadable with the faults of all that cannot be read."""
    found: list[Read] = []
    faults: dict[str, Unreadable] = {}
    for tree in trees:
        try:
            found.append(read(tree))
        except Unreadable as fault:
            faults.update({one.message: one for one in fault.faults})
    if faults:
        first, *others = faults.values()
        raise Unreadable(first.message, first.hint, *others)
    return found


def note(fault: Unreadable, form: Form, key: str, *, what: str) -> None:
    """Note on `form` everything that is wrong with the expression at `key`, called `what`."""
    for one in fault.faults:
        form.fault(f"{what}: {one.message}", one.hint, key=key)


def parse(text: str) -> exp.Expr:
    """Parse one SQL expression; raises Unreadable."""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("the expression is too long", f"at most {MOST_CHARACTERS} characters")
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        problem = str(error).splitlines()[0].split(". Line")[0]
        message = f"`{shown(text)}` is no SQL expression: {shown(problem)}"
        raise Unreadable(message, "check its spelling") from None
    check_nesting(tree)
    return tree


def check_nesting(tree: exp.Expr, *, most: int = MOST_NESTING) -> None:
    """Refuse a tree that nests too deeply to be read again; a chain of one connector is flat."""
    if any(_nesting(node) > most for node in tree.walk()):
        raise Unreadable("the expression is nested too deeply", "simplify it")


def _nesting(node: exp.Expr) -> int:
    depth = 0
    while node.parent is not None:
        depth += not (isinstance(node, exp.Connector) and type(node) is type(node.parent))
        node = node.parent
    return depth


def conjuncts(tree: exp.Expr) -> list[exp.Expr]:
    """Split at the `and`s on top, so that each part can be told as a reason."""
    inner = tree.unnest()
    if isinstance(inner, exp.And):
        return [part for side in inner.flatten() for part in conjuncts(side)]
    return [inner]


@dataclass(frozen=True)
class _Typed:
    sql: str
    type: Type
    may_be_unknown: bool = False
    column: Column | None = None
    literal: exp.Expr | None = None


class RowReader:
    """Reads expressions over the columns of one table or relation."""

    def __init__(
        self, columns: Mapping[str, Column], *, where: str, amounts: Mapping[str, Amounts]
    ) -> None:
        """Name the columns that may be used; `where` names their table in messages."""
        self.columns = columns
        self.where = where
        self.amounts = amounts
        self._used: set[str] = set()

    def condition(self, tree: exp.Expr) -> RowExpression:
        """Read a boolean expression; raises Unreadable."""
        return self._read(tree, wanted=Type.BOOLEAN)

    def value(self, tree: exp.Expr) -> RowExpression:
        """Read a value of any type; raises Unreadable."""
        return self._read(tree, wanted=None)

    def _read(self, tree: exp.Expr, *, wanted: Type | None) -> RowExpression:
        self._used = set()
        typed = self._typed(tree)
        text = tree.sql(dialect="duckdb", normalize_functions=False, comments=False)
        if wanted is not None and typed.type is not wanted:
            raise Unreadable(
                f"`{text}` is of type {typed.type}, not {wanted}", "compare it with something"
            )
        return RowExpression(
            text=text,
            sql=typed.sql,
            type=typed.type,
            columns=frozenset(self._used),
            may_be_unknown=typed.may_be_unknown,
        )

    def _typed(self, tree: exp.Expr) -> _Typed:
        for kind, read in self._readers():
            if isinstance(tree, kind):
                return read(tree)
        text = tree.sql(dialect="duckdb")
        raise Unreadable(
            f"`{text}` is not allowed here",
            "use columns, literals, and, or, not, comparisons, in, between, is null",
        )

    def _readers(
        self,
    ) -> tuple[tuple[type | tuple[type, ...], Callable[..., _Typed]], ...]:
        return (
            (exp.Paren, self._paren),
            ((exp.And, exp.Or), self._connected),
            (exp.Not, self._negated),
            (exp.Between, self._between),
            (tuple(_OPERATORS), self._compared),
            (exp.In, self._contained),
            (exp.Is, self._is_null),
            (exp.Boolean, self._boolean),
            ((exp.Literal, exp.Neg), self._literal),
            (exp.Column, self._column),
            (exp.Anonymous, self._looked_up),
        )

    def _paren(self, tree: exp.Paren) -> _Typed:
        return self._typed(tree.this)

    def _boolean_part(self, tree: exp.Expr) -> _Typed:
        part = self._typed(tree)
        if part.type is not Type.BOOLEAN:
            text = tree.sql(dialect="duckdb")
            raise Unreadable(f"`{text}` is {part.type}, not a condition", "compare it")
        return part

    def _connected(self, tree: exp.And | exp.Or) -> _Typed:
        parts = read_each(self._boolean_part, tree.flatten())
        word = " AND " if isinstance(tree, exp.And) else " OR "
        unknown = any(part.may_be_unknown for part in parts)
        return _Typed(f"({word.join(part.sql for part in parts)})", Type.BOOLEAN, unknown)

    def _negated(self, tree: exp.Not) -> _Typed:
        part = self._boolean_part(tree.this)
        return _Typed(f"(NOT {part.sql})", Type.BOOLEAN, part.may_be_unknown)

    def _compared(self, tree: exp.Binary) -> _Typed:
        sides = read_each(self._typed, (tree.left, tree.right))
        left, right = self._alike(sides[0], sides[1], tree)
        operator = _OPERATORS[type(tree)]
        if left.type in (Type.BOOLEAN, Type.CHOICE) and operator not in ("=", "<>"):
            raise Unreadable(f"`{tree.sql()}` has no order", "compare with = or <>")
        unknown = left.may_be_unknown or right.may_be_unknown
        return _Typed(f"({left.sql} {operator} {right.sql})", Type.BOOLEAN, unknown)

    def _between(self, tree: exp.Between) -> _Typed:
        low = exp.GTE(this=tree.this.copy(), expression=tree.args["low"].copy())
        high = exp.LTE(this=tree.this.copy(), expression=tree.args["high"].copy())
        return self._connected(exp.And(this=low, expression=high))

    def _contained(self, tree: exp.In) -> _Typed:
        choices = tree.expressions
        if not choices or not all(isinstance(choice, exp.Literal) for choice in choices):
            raise Unreadable(f"`{tree.sql()}` must list literals", "write in ('a', 'b')")
        subject = self._typed(tree.this)

        def choice_sql(choice: exp.Expr) -> str:
            return self._alike(subject, self._typed(choice), tree)[1].sql

        texts = read_each(choice_sql, choices)
        return _Typed(
            f"({subject.sql} IN ({', '.join(texts)}))", Type.BOOLEAN, subject.may_be_unknown
        )

    def _is_null(self, tree: exp.Is) -> _Typed:
        if not isinstance(tree.expression, exp.Null):
            raise Unreadable(f"`{tree.sql()}` is not allowed here", "write is null or is not null")
        return _Typed(f"({self._typed(tree.this).sql} IS NULL)", Type.BOOLEAN)

    def _boolean(self, tree: exp.Boolean) -> _Typed:
        return _Typed("TRUE" if tree.this else "FALSE", Type.BOOLEAN)

    def _literal(self, tree: exp.Literal | exp.Neg) -> _Typed:
        number = tree.this if isinstance(tree, exp.Neg) else tree
        if not isinstance(number, exp.Literal) or (tree is not number and number.is_string):
            raise Unreadable(f"`{tree.sql()}` is not allowed here", "write a plain number")
        kind = Type.TEXT if number.is_string else Type.INTEGER
        return _Typed("", kind, literal=tree)

    def _column(self, tree: exp.Column) -> _Typed:
        column = self.columns.get(tree.name)
        if column is None or tree.table:
            hint = known(tree.sql(), self.columns, what="its columns")
            raise Unreadable(f"{self.where} has no column `{tree.sql()}`", hint)
        self._used.add(column.name)
        return _Typed(f'"{column.name}"', column.type, column.optional, column)

    def _looked_up(self, tree: exp.Anonymous) -> _Typed:
        amounts = self.amounts.get(tree.name)
        if amounts is None:
            hint = known(tree.name, self.amounts, what="dated amounts")
            raise Unreadable(f"`{tree.name}` is no function here", hint)
        arguments = read_each(self._typed, tree.expressions)
        shape = [(a.column is not None, a.type) for a in arguments]
        if shape != [(True, Type.CHOICE), (True, Type.DATE)]:
            usage = f"{tree.name}({amounts.by}, a date column)"
            raise Unreadable(f"`{tree.sql()}` has wrong arguments", f"write {usage}")
        choice = arguments[0].column
        values = choice.values if choice is not None else ()
        for name in (name for cells in amounts.since.values() for name in cells):
            if name not in values:
                hint = known(name, values, what="its values")
                raise Unreadable(f"amounts `{amounts.name}`: `{name}` is no {amounts.by}", hint)
        sql = _amount_sql(amounts, arguments[0].sql, arguments[1].sql)
        return _Typed(sql, Type.MONEY, may_be_unknown=True)

    def _alike(self, left: _Typed, right: _Typed, tree: exp.Expr) -> tuple[_Typed, _Typed]:
        """Give a literal the type of what it is compared with; refuse different types."""
        if left.literal is not None and right.literal is not None:
            raise Unreadable(f"`{tree.sql()}` compares two literals", "compare with a column")
        if left.literal is not None:
            return literal_as(left.literal, right), right
        if right.literal is not None:
            return left, literal_as(right.literal, left)
        same = left.type is right.type or (left.type.is_text and right.type.is_text)
        if not same:
            raise Unreadable(
                f"`{tree.sql()}` compares {left.type} with {right.type}",
                "compare values of one type",
            )
        return left, right


def literal_as(tree: exp.Expr, other: _Typed) -> _Typed:
    """Write a literal in the stored type of `other`; raises Unreadable."""
    negative = isinstance(tree, exp.Neg)
    literal = tree.this if negative else tree
    written = ("-" if negative else "") + str(literal.this)
    column = other.column
    is_choice = other.type is Type.CHOICE and column is not None and literal.is_string
    if is_choice and column is not None and written not in column.values:
        hint = known(written, column.values, what="its values")
        raise Unreadable(f"'{written}' is no value of `{column.name}`", hint)
    if other.type.is_text and literal.is_string:
        return _Typed(str(literal.sql(dialect="duckdb")), other.type)
    if other.type is Type.DATE and literal.is_string:
        return _Typed(f"DATE '{_date(written)}'", other.type)
    if other.type in UNITS and not literal.is_string:
        return _Typed(str(stored_number(written, other.type)), other.type)
    raise Unreadable(
        f"{tree.sql()} cannot be compared with a value of type {other.type}",
        "quote texts and dates, leave numbers bare",
    )


def stored_number(written: str, kind: Type) -> int:
    """Convert a number in people's units (money, hours) to the stored whole number."""
    number = number_of(written)
    if number is None:
        raise Unreadable(f"{written[:40]} is no number", "write digits, with a point")
    stored = number * UNITS[kind]
    if stored != stored.to_integral_value():
        raise Unreadable(f"{written} is finer than {kind} is kept", "round it")
    if abs(stored) >= _MOST_STORED:
        raise Unreadable(f"{written} is out of range", f"below {_MOST_STORED // UNITS[kind]:,}")
    return int(stored)


def _date(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise Unreadable(f"'{written}' is no date", "write 'YYYY-MM-DD'") from None


def _amount_sql(amounts: Amounts, choice: str, day: str) -> str:
    """Write the look-up: the newest version on or before `day`, then the amount of `choice`."""
    branches = []
    for first_day in sorted(amounts.since, reverse=True):
        cells = " ".join(
            f"WHEN {exp.Literal.string(value).sql(dialect='duckdb')} "
            f"THEN {stored_number(str(amount), Type.MONEY)}"
            for value, amount in amounts.since[first_day].items()
        )
        branches.append(f"WHEN {day} >= DATE '{first_day}' THEN CASE {choice} {cells} END")
    return f"(CASE {' '.join(branches)} END)"

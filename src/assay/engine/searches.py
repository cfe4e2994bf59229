"""Looks for facts under which a condition holds: an answer, and the simplest such facts found.

Deterministic: a fresh context for each question, a fixed seed, and a bound on the solver's work
(not on time), so that the answer is the same on every machine. A question that meets its bound is
answered "undecided".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

import z3

from assay.core.facts import Type
from assay.core.policy import Witness, WitnessRows
from assay.core.program import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Measure,
    Not,
    Operator,
    Program,
    Share,
)
from assay.engine.compile import rows_of
from assay.engine.judgements import stored_units
from assay.engine.populations import Group, Rows
from assay.engine.row_terms import Term, Texts, Untranslatable

MOST_WORK = 20_000_000  # of all questions about one program: about a second a million
_MOST_WORK_OF_A_CHECK = 2_000_000  # in the solver's own unit
_WORK_OF_A_QUESTION, _WORK_OF_A_CHECK, _WORK_OF_A_CHARACTER = 10_000, 2_000, 8


class OutOfWork(Exception):
    """The bound on work is met; the question is not even asked."""


class Answer(Enum):
    """Whether facts exist."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass
class Budget:
    """The work that is left for questions about one program."""

    left: int = MOST_WORK

    def spend(self, work: int) -> None:
        """Take work off."""
        self.left -= work


_COMPARE: Mapping[Operator, Callable[[z3.ArithRef, z3.ArithRef], z3.BoolRef]] = {
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.GE: operator.ge,
    Operator.GT: operator.gt,
}


class Search:
    """One question: do facts exist under which a condition of the program holds?"""

    def __init__(self, program: Program, condition: Condition, budget: Budget) -> None:
        """Write the question down; nothing is solved yet. Raises OutOfWork."""
        if budget.left <= 0:
            raise OutOfWork
        self.program = program
        self.budget = budget
        self.context = z3.Context()
        self.texts = Texts()
        self.measures = program.measures_of(condition)
        self.solver = z3.Solver(ctx=self.context)
        self.solver.set("random_seed", 0)
        self.rows = {
            source: Rows(
                rows_of(program.vocabulary, source), tuple(measures), self.texts, self.context
            )
            for source, measures in _by_source(self.measures).items()
        }
        budget.spend(_WORK_OF_A_QUESTION + _WORK_OF_A_CHARACTER * self._characters())
        self.is_written = self._write(condition)

    def answer(self) -> Answer:
        """Solve. YES: facts exist, none missing. NO: no facts do, whatever is missing of them."""
        if not self.is_written:
            return Answer.UNDECIDED
        nothing_open = [law for rows in self.rows.values() for law in rows.nothing_open]
        if self._check(*nothing_open) == z3.sat:
            self.solver.add(*nothing_open)
            return Answer.YES
        complete = all(rows.is_complete for rows in self.rows.values())
        return Answer.NO if complete and self._check() == z3.unsat else Answer.UNDECIDED

    def witness(self) -> Witness:
        """Return simple facts that show a YES: few rows, nothing missing, small numbers."""
        groups = [group for rows in self.rows.values() for group in rows.groups]
        self._lessen(z3.Sum(*(group.rows for group in groups)))
        self._fix(group.rows for group in groups)
        present = [group for group in groups if self._number(group.rows) > 0]
        self._tidy(present)
        return Witness(
            rows=tuple(self._rows()),
            measures={
                measure.name: _people_units(self._number(self.values[measure.name]), measure.type)
                for measure in self.measures
            },
        )

    def _characters(self) -> int:
        """Count what is written for all measures and groups."""
        return sum(
            sum(len(part.sql) for part in measure.where) * len(self.rows[measure.source].groups)
            for measure in self.measures
        )

    def _write(self, condition: Condition) -> bool:
        try:
            self.values = {m.name: self.rows[m.source].measure(m) for m in self.measures}
        except Untranslatable:
            return False
        for rows in self.rows.values():
            self.solver.add(*rows.laws)
        self.solver.add(self._condition(condition))
        return True

    def _condition(self, condition: Condition) -> z3.BoolRef:
        match condition:
            case Comparison():
                return self._comparison(condition)
            case Not(part):
                return z3.Not(self._condition(part))
            case AllOf(parts):
                return z3.And(*(self._condition(part) for part in parts))
            case AnyOf(parts):
                return z3.Or(*(self._condition(part) for part in parts))

    def _comparison(self, comparison: Comparison) -> z3.BoolRef:
        compare = _COMPARE[comparison.operator]
        measure = self.program.measures[comparison.measure]
        if isinstance(measure, Share):
            part, whole = self.values[measure.part], self.values[measure.whole]
            number, of = Decimal(comparison.bound).as_integer_ratio()
            otherwise = z3.BoolVal(measure.when_not_positive, self.context)
            return z3.If(whole > 0, compare(part * of, whole * number), otherwise)
        if isinstance(comparison.bound, str):
            return compare(self.values[measure.name], self.values[comparison.bound])
        bound = stored_units(comparison.bound, measure.type)
        return compare(self.values[measure.name], z3.IntVal(bound, self.context))

    def _check(self, *also: z3.BoolRef) -> z3.CheckSatResult:
        if self.budget.left <= 0:
            return z3.unknown
        self.solver.set("rlimit", min(_MOST_WORK_OF_A_CHECK, self.budget.left))
        before = self._spent()
        result = self.solver.check(*also)
        self.budget.spend(_WORK_OF_A_CHECK + self._spent() - before)
        if result == z3.sat:
            self.model = self.solver.model()
        return result

    def _spent(self) -> int:
        statistics = self.solver.statistics()
        found = {key: statistics.get_key_value(key) for key in statistics.keys()}  # noqa: SIM118
        return int(found.get("rlimit count", 0))

    def _number(self, term: z3.ExprRef) -> int:
        value = self.model.eval(term, model_completion=True)
        return int(z3.is_true(value)) if z3.is_bool(value) else value.as_long()

    def _fix(self, terms: Iterable[z3.ExprRef]) -> None:
        fixed = [term == self.model.eval(term, model_completion=True) for term in terms]
        self.solver.add(*fixed)

    def _lessen(self, term: z3.ArithRef, *, least: int = 0, fixed: bool = True) -> None:
        """Make `term`, at least `least`, as small as the work allows; `fixed` keeps it so."""
        best = self._number(term)
        guess = least
        while least < best:
            result = self._check(term <= guess)
            if result == z3.unknown:
                break
            if result == z3.sat:
                best = self._number(term)
            else:
                least = guess + 1
            guess = (least + best) // 2
        self.solver.add(term == best if fixed else term >= best)

    def _tidy(self, present: list[Group]) -> None:
        """Choose plain values: nothing missing, something installed, the rest small."""
        terms = [term for group in present for term in group.columns.values()]
        missing = z3.Sum(*(_one_if(z3.Not(term.known)) for term in terms)) if terms else None
        if missing is not None:
            self._lessen(missing)
        whole = [t.value for t in terms if z3.is_int(t.value) and not t.is_text]
        if whole and self._check(*(value >= 1 for value in whole)) == z3.sat:
            self.solver.add(*(value >= 1 for value in whole))
        for measure in self.measures:
            self._lessen_measure(measure)
        for group in present:
            for number in (*group.totals.values(), *map(_as_number, group.columns.values())):
                self._lessen(number)
        for rows in self.rows.values():
            for cells in rows.cells.values():
                self._fix(cells.values())

    def _lessen_measure(self, measure: Measure) -> None:
        """Make a measure small, and an amount with cents rather a little larger and round."""
        term, unit = self.values[measure.name], stored_units(Decimal(1), measure.type)
        least = min(0, stored_units(measure.none, measure.type))
        self._lessen(term, least=least, fixed=False)
        best = self._number(term)
        step = 10 ** (len(str(best)) - 2)
        rounded = -(-best // step) * step if best % unit and step > unit else best
        if rounded != best and self._check(term == rounded) == z3.sat:
            best = rounded
        self.solver.add(term == best)

    def _rows(self) -> Iterator[WitnessRows]:
        for source, rows in self.rows.items():
            for number, group in enumerate(rows.groups):
                if self._number(group.rows) > 0:
                    yield self._witness_rows(source, rows, number, group)

    def _witness_rows(self, source: str, rows: Rows, number: int, group: Group) -> WitnessRows:
        return WitnessRows(
            source=source,
            count=self._number(group.rows),
            values={
                name: self._value(rows.source.columns[name].type, term)
                for name, term in group.columns.items()
            },
            totals={name: self._number(total) for name, total in group.totals.items()},
            distinct={
                name: self._cell_numbers(cells, number) for name, cells in rows.cells.items()
            },
        )

    def _value(self, kind: Type, term: Term) -> str | int | bool | None:
        if not self._number(term.known):
            return None
        number = self._number(term.value)
        if kind is Type.BOOLEAN:
            return bool(number)
        if kind is Type.DATE:
            return date.fromordinal(number).isoformat()
        return self.texts.text(number) if kind.is_text else number

    def _cell_numbers(
        self, cells: Mapping[tuple[int, ...], z3.ArithRef], number: int
    ) -> tuple[int, ...]:
        """Number the values of all cells through; return those of one group."""
        found: list[int] = []
        first = 1
        for subset, cell in cells.items():
            size = self._number(cell)
            if number in subset:
                found.extend(range(first, first + size))
            first += size
        return tuple(found)


def _by_source(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        found.setdefault(measure.source, []).append(measure)
    return found


def _one_if(test: z3.BoolRef) -> z3.ArithRef:
    return z3.If(test, z3.IntVal(1, test.ctx), z3.IntVal(0, test.ctx))


def _as_number(term: Term) -> z3.ArithRef:
    return _one_if(term.value) if z3.is_bool(term.value) else term.value


def _people_units(stored: int, kind: Type) -> Decimal:
    return Decimal(stored) / stored_units(Decimal(1), kind)

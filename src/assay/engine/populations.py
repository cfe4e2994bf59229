"""A small symbolic population: groups of like rows of one subject, and measures over them.

Each table or relation that the measures read has a few groups. The rows of a group agree in
every column that a condition looks at; a column that is only added up has a total, and one whose
different values are only counted has cells, so that a group stands for any number of rows.
Amounts are not negative (a refund only undoes a sale), and every row lies in its window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations

import z3

from assay.core.facts import Column, Relation, Table, Type
from assay.core.program import Aggregate, Measure, RowExpression
from assay.engine.judgements import stored_units
from assay.engine.row_terms import RowTerms, Term, Texts

FEWEST_GROUPS, MOST_GROUPS = 2, 6
_MOST = {Type.MONEY: 10**14 - 1, Type.DATE: date.max.toordinal()}
_MOST_WHOLE = 2**63 - 1
_FEW_VALUES = (Type.CHOICE, Type.BOOLEAN)


@dataclass(frozen=True)
class Group:
    """`rows` like rows: their columns, and the totals of columns that are only added up."""

    rows: z3.ArithRef
    columns: Mapping[str, Term]
    totals: Mapping[str, z3.ArithRef]


class Rows:
    """The groups of one table or relation, as far as `measures`, all reading it, need them.

    `laws` is what holds of any rows, `nothing_open` what holds of rows where no missing fact
    leaves a measure open. `is_complete` tells whether these few groups can stand for every set of
    rows, so that what they cannot do no facts can do.
    """

    def __init__(
        self,
        source: Table | Relation,
        measures: tuple[Measure, ...],
        texts: Texts,
        context: z3.Context,
    ) -> None:
        """Make the groups and their laws."""
        self.source = source
        self.texts = texts
        self.context = context
        self.laws: list[z3.BoolRef] = []
        self.nothing_open: list[z3.BoolRef] = []
        alike, added, counted = _uses(source, measures)
        few = (self._choices(name) - 1 for name in counted & alike)
        size = max(FEWEST_GROUPS, len(measures) + sum(few))
        self.is_complete = size <= MOST_GROUPS
        size = min(size, MOST_GROUPS)
        columns = [column for name, column in source.columns.items() if name in alike]
        self.groups = tuple(self._group(number, columns, added) for number in range(size))
        self.cells = {column: self._cells(column) for column in counted - alike}
        if isinstance(source, Table):
            self._keep_keys_apart(source.key)

    def measure(self, measure: Measure) -> z3.ArithRef:
        """Write the measure over the groups, in stored units; raises Untranslatable."""
        counting = [self._counts(measure, group) for group in self.groups]
        if measure.aggregate is Aggregate.COUNT:
            return self._sum(counting, [group.rows for group in self.groups])
        if measure.aggregate is Aggregate.COUNT_DISTINCT:
            return self._distinct(measure, counting)
        if measure.aggregate is Aggregate.SUM:
            return self._sum(counting, [self._total(measure, group) for group in self.groups])
        return self._extreme(measure, counting)

    def _group(self, number: int, columns: Iterable[Column], added: Iterable[str]) -> Group:
        prefix = f"{self.source.name}.{number}"
        rows = z3.Int(f"{prefix}.rows", self.context)
        self.laws.append(rows >= 0)
        totals = {name: z3.Int(f"{prefix}.{name}.total", self.context) for name in added}
        for total in totals.values():
            self.laws += [total >= 0, total <= rows * _MOST[Type.MONEY]]
        terms = {column.name: self._term(f"{prefix}.{column.name}", column) for column in columns}
        return Group(rows, terms, totals)

    def _term(self, name: str, column: Column) -> Term:
        known = z3.Bool(f"{name}.known", self.context)
        if not column.optional:
            self.laws.append(known)
        if column.type is Type.BOOLEAN:
            return Term(z3.Bool(name, self.context), known)
        value = z3.Int(name, self.context)
        if column.type is Type.CHOICE:
            self.laws.append(z3.Or(*(value == self.texts.code(v) for v in column.values)))
            return Term(value, known, is_text=True)
        low = 1 if column.type is Type.DATE else 0
        self.laws += [value >= low, value <= _MOST.get(column.type, _MOST_WHOLE)]
        return Term(value, known, is_text=column.type.is_text)

    def _keep_keys_apart(self, key: tuple[str, ...]) -> None:
        """No two rows of a table have the same key."""
        if len(key) == 1 and key[0] in self.cells:
            cells = self.cells[key[0]]
            self.laws += [cell == 0 for subset, cell in cells.items() if len(subset) > 1]
            self.laws += [cells[n,] == group.rows for n, group in enumerate(self.groups)]
        if all(name in self.groups[0].columns for name in key):
            self.is_complete = False
            self.laws += [group.rows <= 1 for group in self.groups]
            for one, other in combinations(self.groups, 2):
                same = [one.columns[name].value == other.columns[name].value for name in key]
                self.laws.append(z3.Not(z3.And(one.rows > 0, other.rows > 0, *same)))

    def _cells(self, column: str) -> dict[tuple[int, ...], z3.ArithRef]:
        """For each set of groups: how many different values stand in just these groups."""
        numbers = range(len(self.groups))
        subsets = chain.from_iterable(combinations(numbers, n + 1) for n in numbers)
        cells = {
            subset: z3.Int(f"{self.source.name}.{column}.{subset}", self.context)
            for subset in subsets
        }
        self.laws += [cell >= 0 for cell in cells.values()]
        for number, group in enumerate(self.groups):
            different = z3.Sum(*(cell for subset, cell in cells.items() if number in subset))
            self.laws += [different <= group.rows, z3.Implies(group.rows > 0, different > 0)]
        return cells

    def _terms(self, group: Group) -> RowTerms:
        return RowTerms(group.columns, self.texts, self.context)

    def _counts(self, measure: Measure, group: Group) -> z3.BoolRef:
        """Write when the group's rows count."""
        terms = self._terms(group)
        term = terms.all_of([terms.term(part.sql) for part in measure.where])
        counts = z3.And(group.rows > 0, term.value)
        self.nothing_open.append(z3.Implies(group.rows > 0, term.known))
        if measure.value is not None and not self._is_summed_up(measure, group):
            value = terms.term(measure.value.sql)
            self.nothing_open.append(z3.Implies(counts, value.known))
        return counts

    def _is_summed_up(self, measure: Measure, group: Group) -> bool:
        name = _plain(measure.value)
        return name in group.totals or (name is not None and name not in group.columns)

    def _total(self, measure: Measure, group: Group) -> z3.ArithRef:
        name = _plain(measure.value)
        if name is not None and name in group.totals:
            return group.totals[name]
        return group.rows * self._value(measure, group)

    def _value(self, measure: Measure, group: Group) -> z3.ArithRef:
        return self._terms(group).term("" if measure.value is None else measure.value.sql).value

    def _sum(self, counting: list[z3.BoolRef], numbers: list[z3.ArithRef]) -> z3.ArithRef:
        zero = z3.IntVal(0, self.context)
        pairs = zip(counting, numbers, strict=True)
        return z3.Sum(*(z3.If(counts, number, zero) for counts, number in pairs))

    def _distinct(self, measure: Measure, counting: list[z3.BoolRef]) -> z3.ArithRef:
        name = _plain(measure.value)
        if name is not None and name in self.cells:
            cells = self.cells[name].items()
            counted = [z3.Or(*(counting[number] for number in subset)) for subset, _ in cells]
            return self._sum(counted, [cell for _, cell in cells])
        self.is_complete &= name is not None and self._choices(name) <= len(self.groups)
        values = [self._value(measure, group) for group in self.groups]
        first = [
            z3.And(
                counts,
                *(z3.Not(z3.And(counting[n], values[n] == values[number])) for n in range(number)),
            )
            for number, counts in enumerate(counting)
        ]
        return self._sum(first, [z3.IntVal(1, self.context)] * len(first))

    def _choices(self, name: str) -> int:
        """Count the values that a column can have."""
        column = self.source.columns[name]
        if column.type not in _FEW_VALUES:
            return _MOST_WHOLE
        return len(column.values) or len((True, False))

    def _extreme(self, measure: Measure, counting: list[z3.BoolRef]) -> z3.ArithRef:
        """The greatest or least value of the groups that count; `none` where none does."""
        found = z3.BoolVal(False, self.context)  # noqa: FBT003
        best = z3.IntVal(stored_units(measure.none, measure.type), self.context)
        for group, counts in zip(self.groups, counting, strict=True):
            value = self._value(measure, group)
            better = value > best if measure.aggregate is Aggregate.MAX else value < best
            best = z3.If(z3.And(counts, z3.Or(z3.Not(found), better)), value, best)
            found = z3.Or(found, counts)
        return best


def _plain(value: RowExpression | None) -> str | None:
    """Name the column that a value is, if it is just a column."""
    name = None if value is None else value.sql.strip('"')
    return name if value is not None and value.columns == {name} else None


def _uses(
    source: Table | Relation, measures: Iterable[Measure]
) -> tuple[set[str], set[str], set[str]]:
    """Tell columns that must be alike in a group, that are only added up, and that are counted."""
    alike: set[str] = set()
    added: set[str] = set()
    counted: set[str] = set()
    for measure in measures:
        for part in measure.where:
            alike |= part.columns
        if measure.value is None:
            continue
        plain = _plain(measure.value) is not None
        if plain and measure.aggregate is Aggregate.SUM:
            added |= measure.value.columns
        elif plain and measure.aggregate is Aggregate.COUNT_DISTINCT:
            counted |= measure.value.columns
        else:
            alike |= measure.value.columns
    alike |= added & counted
    alike |= {name for name in counted if source.columns[name].type in _FEW_VALUES}
    return alike, added - alike, counted

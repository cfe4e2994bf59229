"""Golden cases: a few facts and what a program makes of them, in files that people read.

A file `cases/*.yaml` beside a program has `about`, `clause`, `on` (the review day), `defaults` (the
cells left out of a table's rows), `facts` (rows that each of its cases begins with) and `cases`. A
case has a `name`, its own `facts` (rows added), `replace` (tables that begin anew), and `expect`:
always the `tier`; `met`, `not_met`, `unknown` (requirements by tier) and `measured` (values by
measure) as far as the case is about them. A cell that is left out and has no default refers to the
only row there is to refer to, or is an id numbered by itself; else it is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from assay.core.facts import Table, Type, Vocabulary
from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.documents.yaml import Fields, Form, Items, Scalar, Value, read_yaml

OUTCOMES = ("met", "not_met", "unknown")


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One row of a fact table, its cells as text, and the line of the case file it stands on."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What a case says the review finds; what it does not list it does not say.

    `outcomes` are by tier and requirement, `measured` by measure, as people write values:
    `3`, `499999.99`, `47:59:59`, `none`, `0 to 1`, `1 or more`.
    """

    tier: str
    outcomes: Mapping[tuple[str, str], str]
    measured: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A golden case: facts by table, the review day, the subject it is about (its first one)."""

    name: str
    clause: str
    file: str
    line: int
    on: date
    subject: str
    rows: Mapping[str, tuple[CaseRow, ...]]
    expect: Expectation


def read_cases(folder: Path, program: Program) -> tuple[Case, ...]:
    """Read the cases of the program whose folder is `folder`, file by file.

    Raises Refused with every fault, or where there is no case at all.
    """
    paths = sorted((folder / "cases").glob("*.yaml"))
    cases: list[Case] = []
    issues: list[Issue] = []
    for path in paths:
        try:
            fields, faults = read_yaml(path, name=path.name)
        except Refused as refused:
            issues.extend(refused.issues)
            continue
        form = Form(fields, file=path.name, what="case file", issues=faults)
        cases.extend(_CaseFile(form, program).cases())
        issues.extend(sorted(faults, key=lambda issue: issue.line or 0))
    if not cases and not issues:
        issues.append(
            Issue(file=str(folder), message="no case there", hint="write cases/NAME.yaml")
        )
    if issues:
        raise Refused(*issues)
    return tuple(cases)


class _CaseFile:
    """Reads one file; faults are noted on its form."""

    def __init__(self, form: Form, program: Program) -> None:
        self.form = form
        self.program = program
        self.vocabulary = program.vocabulary
        form.text("about")
        self.clause = form.text("clause")
        self.on = _day(form, default=None)
        self.defaults = self._defaults()
        self.facts = self._tables(form, "facts")

    def cases(self) -> Iterator[Case]:
        """Read every case, in order."""
        items = self.form.value("cases")
        listed = items.items if isinstance(items, Items) else ()
        for item in listed:
            if isinstance(item, Fields):
                case = self._case(item)
                if case is not None:
                    yield case
            else:
                self._fault(item.line, "a case must have fields", "write `- name: …`")
        if not listed:
            self.form.fault("`cases` is missing or no list", "write `cases:` and `- name: …`")
        self.form.close("about, clause, on, defaults, facts, cases")

    def _case(self, fields: Fields) -> Case | None:
        line = fields.line
        form = Form(fields, file=self.form.file, what="case", issues=self.form.issues, line=line)
        name = form.text("name")
        form.what = f"case `{name}`"
        tables = self.facts | self._tables(form, "replace")
        for table, added in self._tables(form, "facts").items():
            tables[table] = (*tables.get(table, ()), *added)
        rows = _filled(tables, self.vocabulary)
        subjects = rows.get(self.vocabulary.subject, ())
        if not subjects:
            form.fault(f"{form.what}: nobody to judge", f"give a row of {self.vocabulary.subject}")
        on = _day(form, default=self.on)
        clause = form.text("clause", default=self.clause)
        expect = self._expectation(form)
        form.close("name, clause, on, facts, replace, expect")
        if not subjects or on is None or expect is None:
            return None
        key = self.vocabulary.tables[self.vocabulary.subject].key[0]
        return Case(
            name=name,
            clause=clause,
            file=self.form.file,
            line=line,
            on=on,
            subject=subjects[0].cells[key],
            rows=MappingProxyType(rows),
            expect=expect,
        )

    # --- facts ---------------------------------------------------------------------------------

    def _defaults(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name, inner in self.form.forms("defaults", what="defaults of", needed=False):
            table = self._table(name, inner.line)
            if table is not None:
                found[name] = self._cells(inner.fields, table)
        return found

    def _tables(self, form: Form, key: str) -> dict[str, tuple[CaseRow, ...]]:
        """Read `facts` or `replace`: lists of rows by table, defaults filled in."""
        value = form.value(key)
        if value is None:
            return {}
        if not isinstance(value, Fields):
            form.fault(f"{form.what}: `{key}` must have tables", "write `TABLE: [{…}]`", key=key)
            return {}
        found: dict[str, tuple[CaseRow, ...]] = {}
        for name, rows in value.fields.items():
            table = self._table(name, value.lines[name])
            if table is not None:
                found[name] = tuple(self._rows(rows, table))
        return found

    def _rows(self, rows: Value, table: Table) -> Iterator[CaseRow]:
        if not isinstance(rows, Items):
            self._fault(rows.line, f"`{table.name}` must be a list of rows", "write `- {…}`")
            return
        for row in rows.items:
            if isinstance(row, Fields):
                cells = self.defaults.get(table.name, {}) | self._cells(row, table)
                yield CaseRow(line=row.line, cells=cells)
            else:
                self._fault(row.line, f"a row of `{table.name}` has cells", "write `{column: …}`")

    def _cells(self, row: Fields, table: Table) -> dict[str, str]:
        cells: dict[str, str] = {}
        for column, value in row.fields.items():
            if column not in table.columns:
                known = f"its columns: {', '.join(table.columns)}"
                self._fault(row.lines[column], f"`{table.name}` has no column `{column}`", known)
            elif isinstance(value, Scalar):
                cells[column] = value.text
            else:
                self._fault(value.line, f"`{column}` must be one value", f"write `{column}: …`")
        return cells

    def _table(self, name: str, line: int) -> Table | None:
        table = self.vocabulary.tables.get(name)
        if table is None:
            known = f"tables: {', '.join(self.vocabulary.tables)}"
            self._fault(line, f"no table `{name}`", known)
        return table

    # --- expectations --------------------------------------------------------------------------

    def _expectation(self, form: Form) -> Expectation | None:
        inner = form.form("expect")
        if inner is None:
            return None
        inner.what = f"{form.what}, expect"
        tier = inner.text("tier")
        if tier and tier not in ("none", *self.program.tiers):
            known = f"tiers: none, {', '.join(self.program.tiers)}"
            inner.fault(f"{inner.what}: no tier `{tier}`", known, key="tier")
        outcomes: dict[tuple[str, str], str] = {}
        for outcome in OUTCOMES:
            if inner.has(outcome):
                for place in self._places(inner, outcome):
                    if place in outcomes:
                        told = f"`{place[1]}` of {place[0]} is expected twice"
                        inner.fault(f"{inner.what}: {told}", "keep one", key=outcome)
                    outcomes[place] = outcome
        measured = inner.scalars("measured")
        self._check_measures(inner, measured)
        inner.close("tier, met, not_met, unknown, measured")
        return Expectation(tier=tier, outcomes=outcomes, measured=measured)

    def _places(self, form: Form, outcome: str) -> Iterator[tuple[str, str]]:
        """Yield the (tier, requirement) pairs listed under an outcome."""
        by_tier = form.form(outcome)
        if by_tier is None:
            return
        for tier in list(by_tier.fields.fields):
            asked = [k for k, r in self.program.requirements.items() if tier in r.by_tier]
            for requirement in by_tier.texts(tier):
                if requirement in asked:
                    yield tier, requirement
                else:
                    known = ", ".join(asked) or f"tiers: {', '.join(self.program.ranked_tiers)}"
                    by_tier.fault(f"{tier} has no requirement `{requirement}`", known, key=tier)

    def _check_measures(self, form: Form, measured: Mapping[str, str]) -> None:
        conditions = (c for r in self.program.requirements.values() for c in r.by_tier.values())
        known = {m.name: None for c in conditions for m in self.program.measures_of(c)}
        for name in measured:
            if name not in known:
                hint = f"measures: {', '.join(known)}"
                form.fault(f"{form.what}: no measure `{name}`", hint, key="measured")

    def _fault(self, line: int, message: str, hint: str) -> None:
        self.form.issues.append(Issue(file=self.form.file, line=line, message=message, hint=hint))


def _day(form: Form, *, default: date | None) -> date | None:
    written = form.text("on", default="" if default is None else default.isoformat())
    try:
        return date.fromisoformat(written) if written else default
    except ValueError:
        form.fault(f"{form.what}: `{written}` is no date", "write YYYY-MM-DD", key="on")
        return default


def _filled(
    tables: Mapping[str, Sequence[CaseRow]], vocabulary: Vocabulary
) -> dict[str, tuple[CaseRow, ...]]:
    """Fill the cells that are left out: ids first, then what refers to the only row there is."""
    numbered = {
        name: tuple(
            _with_id(row, vocabulary.tables[name], number) for number, row in enumerate(rows, 1)
        )
        for name, rows in tables.items()
    }
    only: dict[str, str] = {}
    filled: dict[str, tuple[CaseRow, ...]] = {}
    for name, table in vocabulary.tables.items():  # a table stands below those it refers to
        rows = tuple(_with_references(row, table, only) for row in numbered.get(name, ()))
        if len(rows) == 1:
            only[name] = rows[0].cells.get(table.key[0], "")
        if rows:
            filled[name] = rows
    return filled


def _with_id(row: CaseRow, table: Table, number: int) -> CaseRow:
    column = table.columns[table.key[0]]
    wanted = column.type is Type.TEXT and column.references is None
    if not wanted or column.name in row.cells:
        return row
    return CaseRow(line=row.line, cells={column.name: f"{table.name}-{number}", **row.cells})


def _with_references(row: CaseRow, table: Table, only: Mapping[str, str]) -> CaseRow:
    added = {
        column.name: only[str(column.references)]
        for column in table.columns.values()
        if column.name not in row.cells and not column.optional and column.references in only
    }
    return CaseRow(line=row.line, cells={**added, **row.cells}) if added else row

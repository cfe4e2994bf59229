"""The rows behind a measure, in words: counted, may count, near an edge, left out and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.core.explanations import Evidence, EvidenceRow, Explanation, Finding, Standing
from assay.core.facts import Type
from assay.core.program import Measure, Program
from assay.words.conditions import stored_words
from assay.words.dates import moment_words, window_words
from assay.words.findings import value_words

STANDINGS = {
    Standing.COUNTED: "counted",
    Standing.MAY_COUNT: "may count",
    Standing.LEFT_OUT: "left out",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row in words: what became of it, and its cells."""

    standing: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows that belong together: the first of `count`, or of at least so many."""

    title: str
    count: int
    at_least: bool
    rows: tuple[Row, ...]

    @property
    def mixed(self) -> bool:
        """Whether the rows' standings are worth telling one by one."""
        return self.title == NEAR_EDGES

    @property
    def more(self) -> int:
        """How many rows of the group are not among `rows`."""
        return self.count - len(self.rows)


@dataclass(frozen=True, kw_only=True)
class MeasureEvidence:
    """A measure, its value and the rows behind it. `columns` name the cells; `right`: figures."""

    name: str
    title: str
    clause: str
    value: str
    source: str
    window: str
    columns: tuple[str, ...]
    right: tuple[bool, ...]
    groups: tuple[Group, ...]


def evidence_words(
    explanation: Explanation, program: Program, *, most: int
) -> tuple[MeasureEvidence, ...]:
    """Put the evidence of every measure into words, at most `most` rows of each group."""
    return tuple(
        _measure_evidence(evidence, explanation, program, most)
        for evidence in explanation.evidence.values()
    )


def missing_words(finding: Finding, explanation: Explanation, program: Program) -> str:
    """Say which facts are missing for a finding: `installs missing in 2 listings`."""
    said: dict[str, None] = {}
    for name in finding.measures:
        evidence = explanation.evidence.get(name)
        if evidence is not None:
            said.update(dict.fromkeys(_missing_facts(evidence, program)))
    return "; ".join(said) or "a fact is missing"


def cell_words(cell: object, kind: Type, program: Program) -> str:
    """Say one cell in stored type; nothing is a dash."""
    if cell is None:
        return "–"
    if kind is Type.DATE:
        return str(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if not isinstance(cell, int):
        return str(cell)
    if kind is Type.INSTANT:
        return moment_words(cell, program.time_zone)
    return stored_words(cell, kind, currency=program.currency)


def spaced(name: str) -> str:
    """Turn a column's or table's name into words."""
    return name.replace("_", " ")


def rows_words(count: int, *, more: bool = False) -> str:
    """Say a number of rows, or of more rows than were shown."""
    return f"{count:,}{' more' if more else ''} {'row' if count == 1 else 'rows'}"


def _measure_evidence(
    evidence: Evidence, explanation: Explanation, program: Program, most: int
) -> MeasureEvidence:
    measure = program.measure(evidence.measure)
    columns = _told_columns(evidence, program)
    tables, relations = program.vocabulary.tables, program.vocabulary.relations
    source = tables.get(evidence.source) or relations[evidence.source]
    window = ""
    if measure.window is not None:
        first = explanation.windows[measure.window]
        window = window_words(measure.window, first, explanation.cut_off, program)
    return MeasureEvidence(
        name=measure.name,
        title=measure.title,
        clause=measure.clause,
        value=value_words(explanation.measured[measure.name], program),
        source=source.title,
        window=window,
        columns=tuple(spaced(column) for column in columns),
        right=tuple(evidence.columns.get(column) in _FIGURES for column in columns),
        groups=tuple(_groups(evidence, columns, program, most)),
    )


NEAR_EDGES = "Within a week of the window's edges"
_FIGURES = (Type.MONEY, Type.INTEGER, Type.HOURS)


def _groups(
    evidence: Evidence, columns: tuple[str, ...], program: Program, most: int
) -> Iterable[Group]:
    """Yield the rows that may count, those near an edge, those counted, those left out by reason.

    Where not all rows are given, the counts of edges and reasons are of those given.
    """
    given = {standing: _of(evidence, standing) for standing in Standing}
    all_given = {
        standing: len(rows) == evidence.counts.get(standing, 0) for standing, rows in given.items()
    }

    def group(title: str, rows: list[EvidenceRow], count: int, *, complete: bool) -> Group:
        told = tuple(_row(row, evidence, columns, program) for row in rows[:most])
        return Group(title=title, count=count, at_least=not complete, rows=told)

    for reason, rows in _by_reason(given[Standing.MAY_COUNT]).items():
        complete = all_given[Standing.MAY_COUNT]
        yield group(f"May count: {reason}", rows, len(rows), complete=complete)
    near = [row for row in evidence.rows if row.near_edge]
    if near:
        complete = all(all_given.values())
        yield group(NEAR_EDGES, near, len(near), complete=complete)
    counted = evidence.counts.get(Standing.COUNTED, 0)
    if counted:
        yield group("Counted", given[Standing.COUNTED], counted, complete=True)
    for reason, rows in _by_reason(given[Standing.LEFT_OUT]).items():
        complete = all_given[Standing.LEFT_OUT]
        yield group(f"Left out: {reason}", rows, len(rows), complete=complete)


def _of(evidence: Evidence, standing: Standing) -> list[EvidenceRow]:
    return [row for row in evidence.rows if row.standing is standing]


def _by_reason(rows: list[EvidenceRow]) -> dict[str, list[EvidenceRow]]:
    found: dict[str, list[EvidenceRow]] = {}
    for row in rows:
        found.setdefault(row.reason or STANDINGS[row.standing], []).append(row)
    return found


def _row(row: EvidenceRow, evidence: Evidence, columns: tuple[str, ...], program: Program) -> Row:
    return Row(
        standing=STANDINGS[row.standing],
        cells=tuple(
            cell_words(row.cells.get(column), evidence.columns.get(column, Type.TEXT), program)
            for column in columns
        ),
    )


def _told_columns(evidence: Evidence, program: Program) -> tuple[str, ...]:
    """Choose the columns that say which row it is and what it was judged on, empty ones not."""
    key = program.vocabulary.tables[program.vocabulary.subject].key[0]
    used = _used_columns(program.measure(evidence.measure))
    return tuple(
        column
        for column, kind in evidence.columns.items()
        if column != key
        and (column in used or kind in _NAMING)
        and any(row.cells.get(column) is not None for row in evidence.rows)
    )


_NAMING = (Type.TEXT, Type.CHOICE, Type.DATE, Type.INSTANT)


def _used_columns(measure: Measure) -> frozenset[str]:
    value = frozenset[str]() if measure.value is None else measure.value.columns
    return value.union(*(part.columns for part in measure.where))


def _missing_facts(evidence: Evidence, program: Program) -> Iterable[str]:
    """Yield what is missing in the rows that may count, a column at a time."""
    rows = [row for row in evidence.rows if row.standing is Standing.MAY_COUNT]
    for column in sorted(_used_columns(program.measure(evidence.measure))):
        count = sum(1 for row in rows if row.cells.get(column, "") is None)
        if count:
            yield f"{spaced(column)} missing in {rows_words(count)} of {spaced(evidence.source)}"

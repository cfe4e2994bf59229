"""Run the golden cases of a program: all cases of one review day are one review."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from assay.core.facts import Table, Type
from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.documents.cases import Case, CaseRow, read_cases
from assay.documents.folder import open_folder
from assay.documents.programs import load_program, program_folder
from assay.engine.reviews import DUCKDB, Review, review


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a case expects and what the review found instead."""

    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Tell the difference in a clause."""
        return f"{self.what}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """A case, the tier the review gave, the values it measured, and what differs."""

    case: Case
    tier: str
    measured: Mapping[str, str]
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether the review found everything the case expects."""
        return not self.differences


def run_cases(reference: str, *, engine: str = DUCKDB) -> tuple[CaseResult, ...]:
    """Run the golden cases of a program given as a path or as `NAME@VERSION`, in their order.

    `engine` is as for `assay.engine.reviews.review`. Raises Refused for a program or a case that
    cannot be read; facts that are wrong are told with the case file and line.
    """
    program = load_program(reference)
    cases = read_cases(program_folder(reference), program)
    prefixed = {f"{number:04d}/": case for number, case in enumerate(cases, start=1)}
    results: dict[str, CaseResult] = {}
    for on in sorted({case.on for case in cases}):
        of_day = {prefix: case for prefix, case in prefixed.items() if case.on == on}
        results |= _tested(program, of_day, on=on, engine=engine)
    return tuple(results[prefix] for prefix in prefixed)


def _tested(
    program: Program, cases: Mapping[str, Case], *, on: date, engine: str
) -> dict[str, CaseResult]:
    with TemporaryDirectory(prefix="assay-cases-") as made:
        folder, scratch = Path(made) / "facts", Path(made) / "scratch"
        folder.mkdir()
        scratch.mkdir()
        written = _written(folder, program, cases)
        try:
            facts = open_folder(
                folder,
                vocabulary=program.vocabulary,
                currency=program.currency,
                scratch=scratch,
            )
        except Refused as refused:
            raise Refused(*(_in_case(issue, written) for issue in refused.issues)) from None
        found = review(program, facts, on=on, engine=engine, scratch=scratch)
    return _compared(cases, found)


def case_document(result: CaseResult) -> dict[str, object]:
    """Return a result as `assay program test --json` has it."""
    return {
        "file": result.case.file,
        "line": result.case.line,
        "case": result.case.name,
        "clause": result.case.clause,
        "on": result.case.on.isoformat(),
        "passed": result.passed,
        "tier": result.tier,
        "measured": dict(result.measured),
        "differences": [asdict(difference) for difference in result.differences],
    }


# --- facts of all cases, told apart by a prefix of their ids -------------------------------------


def _written(
    folder: Path, program: Program, cases: Mapping[str, Case]
) -> dict[str, list[tuple[Case, CaseRow]]]:
    """Write a CSV file a table; return the case and row of each line, by file name."""
    written: dict[str, list[tuple[Case, CaseRow]]] = {}
    for table in program.vocabulary.tables.values():
        path = folder / f"{table.name}.csv"
        rows = written[path.name] = []
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(table.columns), lineterminator="\n")
            writer.writeheader()
            for prefix, case in cases.items():
                for row in case.rows.get(table.name, ()):
                    writer.writerow(_prefixed(row.cells, table, prefix))
                    rows.append((case, row))
    return written


def _prefixed(cells: Mapping[str, str], table: Table, prefix: str) -> dict[str, str]:
    return {
        name: prefix + cell if cell and _is_id(table, name) else cell
        for name, cell in cells.items()
    }


def _is_id(table: Table, name: str) -> bool:
    column = table.columns[name]
    return column.type is Type.TEXT and (name in table.key or column.references is not None)


def _in_case(issue: Issue, written: Mapping[str, Sequence[tuple[Case, CaseRow]]]) -> Issue:
    """Tell an issue of a written file where its row stands in a case file."""
    rows = written.get(issue.file, ())
    if issue.row is None or issue.row > len(rows):
        return issue
    case, row = rows[issue.row - 1]
    return replace(issue, file=case.file, line=row.line, row=None)


# --- what the review found -----------------------------------------------------------------------


@dataclass
class _Found:
    tier: str
    outcomes: dict[tuple[str, str], str]
    measured: dict[str, str]


def _compared(cases: Mapping[str, Case], reviewed: Review) -> dict[str, CaseResult]:
    key = reviewed.decisions.column_names[0]
    found = {row[key]: _Found(row["tier"], {}, {}) for row in reviewed.decisions.to_pylist()}
    for row in reviewed.findings.to_pylist():
        one = found[row[key]]
        one.outcomes[row["tier"], row["requirement"]] = row["outcome"]
        one.measured |= {n: told(v) for n, v in json.loads(row["measured"]).items()}
    results = {}
    for prefix, case in cases.items():
        one = found[prefix + case.subject]
        results[prefix] = CaseResult(
            case=case,
            tier=one.tier,
            measured=one.measured,
            differences=tuple(_differences(case, one)),
        )
    return results


def _differences(case: Case, found: _Found) -> Iterator[Difference]:
    if found.tier != case.expect.tier:
        yield Difference(what="tier", expected=case.expect.tier, found=found.tier)
    for (tier, requirement), expected in case.expect.outcomes.items():
        outcome = found.outcomes[tier, requirement]
        if outcome != expected:
            yield Difference(what=f"{tier} {requirement}", expected=expected, found=outcome)
    for measure, expected in case.expect.measured.items():
        value = found.measured.get(measure, "nothing")
        if value != expected:
            yield Difference(what=measure, expected=expected, found=value)


def told(value: object) -> str:
    """Write a measured value as case files do: `3`, `none`, `0 to 1`, `1 or more`."""
    if value is None:
        return "none"
    if not isinstance(value, dict):
        return str(value)
    low, high = value["at_least"], value["at_most"]
    if low is None and high is None:
        return "anything"
    if high is None:
        return f"{low} or more"
    return f"up to {high}" if low is None else f"{low} to {high}"

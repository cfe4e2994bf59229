"""Check a program: every fault of its file, then what it allows, each with file and line."""

from __future__ import annotations

from collections.abc import Mapping

from assay.core.issues import Issue, Refused, Severity
from assay.core.policy import PolicyFinding, PolicyKind
from assay.core.program import Program
from assay.documents.programs import MOST_ISSUES, program_file, read_program
from assay.engine.policy import policy_findings
from assay.engine.searches import MOST_WORK
from assay.words.policy import policy_words

_WARNINGS = (PolicyKind.EASIER, PolicyKind.SHADOWED, PolicyKind.UNDECIDED)
Lines = Mapping[tuple[str, ...], int]


def check_program(reference: str, *, work: int = MOST_WORK) -> tuple[Issue, ...]:
    """Return everything wrong with a program given as a path or `NAME@VERSION`, errors first.

    What it allows (tiers out of reach, contradictions, a higher tier easier than a lower one) is
    asked of a program whose file has no fault; `work` bounds that search.
    """
    try:
        program, lines = read_program(reference)
    except Refused as refused:
        return refused.issues
    file = str(program_file(reference))
    issues = [
        _issue(finding, program, file, lines) for finding in policy_findings(program, work=work)
    ]
    return tuple(sorted(issues, key=lambda issue: (issue.severity, issue.line or 0))[:MOST_ISSUES])


def _issue(finding: PolicyFinding, program: Program, file: str, lines: Lines) -> Issue:
    rows = {
        key: line
        for key in finding.requirements
        if (line := lines.get(("requirements", key, finding.tier))) is not None
    }
    message, hint = policy_words(finding, program, rows)
    return Issue(
        file=file,
        line=_line(finding, rows, lines),
        message=message,
        hint=hint,
        severity=Severity.WARNING if finding.kind in _WARNINGS else Severity.ERROR,
    )


def _line(finding: PolicyFinding, rows: Mapping[str, int], lines: Lines) -> int | None:
    """The row's cell of the tier; the row, where it asks the tier nothing; else the tier."""
    if finding.tier == "":
        return None
    if (
        finding.requirements
        and finding.requirements[0]
        and finding.kind is not PolicyKind.UNREACHABLE
    ):
        key = finding.requirements[0]
        return rows.get(key, lines.get(("requirements", key)))
    base = lines.get(("tiers", finding.tier, "base"))
    return base or lines.get(("tiers", finding.tier))

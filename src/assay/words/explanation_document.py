"""An explanation as a document of plain values, for `--json` and the API.

Field names are stable. Money is decimal text in the program's currency, hours are text h:mm:ss,
days and moments ISO 8601 (moments in UTC), counts numbers; null is "none" or "no bound".
"""

from __future__ import annotations

from datetime import UTC, date

from assay.core.explanations import (
    Evidence,
    EvidenceRow,
    Explanation,
    Judged,
    JudgedComparison,
    Measured,
)
from assay.core.facts import UNITS, Type
from assay.core.program import Measure, Program
from assay.words.dates import last_day, moment_of
from assay.words.findings import Line, unit_words
from assay.words.standing import Asked, answer, standings

Document = dict[str, object]


def explanation_document(explanation: Explanation, program: Program) -> Document:
    """Return an explanation as plain values that JSON can hold."""
    judged = {(f.tier, f.requirement): f.judged for f in explanation.findings}
    last = last_day(explanation.cut_off).isoformat()
    return {
        "program": explanation.program,
        "program_digest": explanation.program_digest,
        "facts_digest": explanation.facts_digest,
        "subject": explanation.subject,
        "name": explanation.name,
        "on": explanation.on.isoformat(),
        "cut_off": explanation.cut_off.isoformat(),
        "windows": {
            name: {"from": None if first is None else first.isoformat(), "to": last}
            for name, first in explanation.windows.items()
        },
        "tier": explanation.tier,
        "next_tier": program.next_tier(explanation.tier),
        "answer": " ".join(answer(explanation, program)),
        "tiers": [
            {
                "tier": standing.tier,
                "title": standing.title,
                "held": standing.held,
                "requirements": [
                    _requirement(asked, judged[standing.tier, asked.key])
                    for asked in standing.asked
                ],
            }
            for standing in standings(explanation, program)
        ],
        "measures": {
            name: _measured(measured, program) for name, measured in explanation.measured.items()
        },
        "evidence": {name: _evidence(evidence) for name, evidence in explanation.evidence.items()},
    }


def plain_value(cell: object, kind: Type) -> object:
    """Return a cell in stored type as JSON has it."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, int):
        return cell
    if kind is Type.MONEY:
        units, cents = divmod(abs(cell), UNITS[Type.MONEY])
        return f"{'-' if cell < 0 else ''}{units}.{cents:02}"
    if kind is Type.HOURS:
        return _hours(cell)
    if kind is Type.INSTANT:
        return moment_of(cell).astimezone(UTC).isoformat().replace("+00:00", "Z")
    return cell


def _hours(microseconds: int) -> str:
    hours, rest = divmod(abs(microseconds), UNITS[Type.HOURS])
    minutes, rest = divmod(rest, 60_000_000)
    seconds, rest = divmod(rest, 1_000_000)
    fraction = f".{rest:06}" if rest else ""
    return f"{'-' if microseconds < 0 else ''}{hours}:{minutes:02}:{seconds:02}{fraction}"


def _requirement(asked: Asked, judged: Judged) -> Document:
    return {
        "requirement": asked.key,
        "title": asked.title,
        "clause": asked.clause,
        "outcome": asked.line.outcome.value,
        "condition": asked.text,
        "words": asked.line.rule,
        "missing_facts": asked.missing or None,
        "remedy": asked.remedy or None,
        "judged": _judged(judged),
        "parts": _line(asked.line),
    }


def _judged(judged: Judged) -> Document:
    """Return what was judged, in the order of the condition as written."""
    if not isinstance(judged, JudgedComparison):
        return {
            "kind": judged.kind,
            "outcome": judged.outcome.value,
            "parts": [_judged(part) for part in judged.parts],
        }
    distance = judged.distance
    bound = judged.comparison.bound
    return {
        "kind": "comparison",
        "outcome": judged.outcome.value,
        "measure": judged.comparison.measure,
        "operator": judged.comparison.operator.value,
        "bound": bound if isinstance(bound, str) else f"{bound:f}",
        "distance": None
        if distance is None
        else {
            "measure": distance.measure,
            "missing": plain_value(distance.missing, distance.type),
        },
    }


def _line(line: Line) -> Document:
    """Return the same in words, alternatives with the nearest first."""
    return {
        "kind": line.kind,
        "outcome": line.outcome.value,
        "rule": line.rule,
        "found": line.found,
        "distance": line.distance,
        "parts": [_line(part) for part in line.parts],
    }


def _measured(measured: Measured, program: Program) -> Document:
    measure = program.measures[measured.measure]
    unit = measure.unit if isinstance(measure, Measure) else ""
    none = measured.none and measured.exact
    return {
        "title": measure.title,
        "clause": measure.clause,
        "unit": program.currency if measured.type is Type.MONEY else unit_words(unit),
        "window": measure.window if isinstance(measure, Measure) else None,
        "at_least": None if none else plain_value(measured.low, measured.type),
        "at_most": None if none else plain_value(measured.high, measured.type),
        "no_rows": measured.none,
    }


def _evidence(evidence: Evidence) -> Document:
    return {
        "source": evidence.source,
        "counts": {standing.value: count for standing, count in evidence.counts.items()},
        "rows": [_row(row, evidence) for row in evidence.rows],
    }


def _row(row: EvidenceRow, evidence: Evidence) -> Document:
    return {
        "standing": row.standing.value,
        "reason": row.reason,
        "dated": None if row.dated is None else row.dated.isoformat(),
        "near_edge": row.near_edge,
        "cells": {
            name: plain_value(cell, evidence.columns.get(name, Type.TEXT))
            for name, cell in row.cells.items()
        },
    }

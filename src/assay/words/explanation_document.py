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
from assay.core.program import Program, Share
from assay.words.dates import days_words, last_day, moment_of, window_words
from assay.words.findings import Line, distances_of, share_words, unit_words, value_words
from assay.words.standing import (
    Asked,
    TierStanding,
    answer,
    as_of,
    next_review_words,
    standings,
    tier_title,
)

Document = dict[str, object]


def explanation_document(explanation: Explanation, program: Program) -> Document:
    """Return an explanation as plain values that JSON can hold."""
    judged = {(f.tier, f.requirement): f.judged for f in explanation.findings}
    told = standings(explanation, program)
    next_cut_off = program.review.next_cut_off(explanation.on)
    return {
        "program": explanation.program,
        "program_digest": explanation.program_digest,
        "facts_digest": explanation.facts_digest,
        "subject": explanation.subject,
        "name": explanation.name,
        "on": explanation.on.isoformat(),
        "cut_off": explanation.cut_off.isoformat(),
        "windows": {name: _window(name, explanation, program) for name in explanation.windows},
        "next_review": {
            "cut_off": next_cut_off.isoformat(),
            "last_day": last_day(next_cut_off).isoformat(),
            "days_left": (next_cut_off - explanation.on).days,
            "clause": program.review.clause,
            "words": next_review_words(explanation, program),
        },
        "tier": explanation.tier,
        "tier_title": tier_title(explanation.tier, program),
        "order": list(program.tiers),
        "next_tier": program.next_tier(explanation.tier),
        "answer": " ".join(answer(explanation, program, told)),
        "as_of": as_of(explanation, program),
        "requirements": {
            key: {"title": requirement.title, "clause": requirement.clause}
            for key, requirement in program.requirements.items()
        },
        "tiers": [
            _tier(standing, [_requirement(a, judged[standing.tier, a.key]) for a in standing.asked])
            for standing in told
        ],
        "measures": {
            name: _measured(measured, explanation, program)
            for name, measured in explanation.measured.items()
        },
        "shares": {
            name: _share(measure, explanation, program)
            for name, measure in program.measures.items()
            if isinstance(measure, Share)
        },
        "evidence": {name: _evidence(evidence) for name, evidence in explanation.evidence.items()},
    }


def _window(name: str, explanation: Explanation, program: Program) -> Document:
    first = explanation.windows[name]
    return {
        "title": program.windows[name].title,
        "clause": program.windows[name].clause,
        "from": None if first is None else first.isoformat(),
        "to": last_day(explanation.cut_off).isoformat(),
        "days": days_words(first, explanation.cut_off),
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


def _tier(standing: TierStanding, requirements: list[Document]) -> Document:
    return {
        "tier": standing.tier,
        "title": standing.title,
        "held": standing.held,
        "next": standing.is_next,
        "asked": len(standing.asked),
        "met": len(standing.asked) - len(standing.unmet),
        "sentence": standing.sentence,
        "steps": list(standing.steps),
        "narrowest": standing.narrowest,
        "requirements": requirements,
    }


def _requirement(asked: Asked, judged: Judged) -> Document:
    return {
        "requirement": asked.key,
        "title": asked.title,
        "clause": asked.clause,
        "outcome": asked.line.outcome.value,
        "condition": asked.text,
        "words": asked.line.rule,
        "distance": distances_of(asked.line),
        "missing_facts": asked.missing or None,
        "remedy": asked.remedy or None,
        "who_can_act": asked.who,
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
        "figures": [{"words": one.words, "measure": one.measure or None} for one in line.figures],
        "distance": line.distance,
        "parts": [_line(part) for part in line.parts],
    }


def _measured(measured: Measured, explanation: Explanation, program: Program) -> Document:
    measure = program.measure(measured.measure)
    none = measured.none and measured.exact
    return {
        "title": measure.title,
        "clause": measure.clause,
        "source": measure.source,
        "unit": program.currency if measured.type is Type.MONEY else unit_words(measure.unit),
        "window": measure.window,
        "window_words": None
        if measure.window is None
        else window_words(
            measure.window, explanation.windows[measure.window], explanation.cut_off, program
        ),
        "at_least": None if none else plain_value(measured.low, measured.type),
        "at_most": None if none else plain_value(measured.high, measured.type),
        "no_rows": measured.none,
        "words": value_words(measured, program),
    }


def _share(share: Share, explanation: Explanation, program: Program) -> Document:
    part, whole = explanation.measured[share.part], explanation.measured[share.whole]
    return {
        "title": share.title,
        "clause": share.clause,
        "part": share.part,
        "whole": share.whole,
        "words": share_words(part, whole, program),
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

"""A program as a document for machines: plain values that JSON takes, conditions also in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from assay.core.program import (
    AllOf,
    Amounts,
    AnyOf,
    Benefit,
    BenefitKind,
    Comparison,
    Condition,
    Measure,
    Not,
    Program,
    Requirement,
    Share,
    Tier,
    Window,
)
from assay.core.review_rules import Assessments
from assay.core.security import SecurityProgram
from assay.words.conditions import condition_words
from assay.words.definitions import measure_words

Document = dict[str, Any]


def program_document(program: Program) -> Document:
    """Return the whole program. Amounts and bounds are decimal text, days `YYYY-MM-DD`.

    A condition has its `words` and a `tree` of `{"all": […]}`, `{"any": […]}`, `{"not": …}` and
    comparisons; that of a requirement also the `text` of the file.
    """
    return {
        "program": program.name,
        "version": program.version,
        "title": program.title,
        "source": program.source,
        "digest": program.digest,
        "vocabulary": f"{program.vocabulary.name}-{program.vocabulary.version}",
        "currency": program.currency,
        "time_zone": program.time_zone,
        "placement": program.placement,
        "review": {"month": program.review.month}
        | _cited(program.review)
        | {"assessments": _assessments(program.review.assessments)},
        "tiers": [_tier(tier, program) for tier in program.tiers.values()],
        "windows": [_window(window) for window in program.windows.values()],
        "amounts": [_amounts(amounts) for amounts in program.amounts.values()],
        "measures": [_measure(measure, program) for measure in program.measures.values()],
        "requirements": [_requirement(row, program) for row in program.requirements.values()],
        "benefits": [_benefit(row) for row in program.benefits.values()],
        "security_programs": [_security(one) for one in program.security_programs.values()],
        "settings": dict(program.settings),
        "notes": list(program.notes),
    }


def condition_document(condition: Condition, program: Program) -> Document:
    """Return a condition in words and as a tree."""
    return {"words": condition_words(condition, program), "tree": _tree(condition)}


def _tree(condition: Condition) -> Document:
    match condition:
        case Comparison(measure=measure, operator=operator, bound=bound):
            key = "other" if isinstance(bound, str) else "bound"
            return {"measure": measure, "operator": str(operator), key: str(bound)}
        case Not(part):
            return {"not": _tree(part)}
        case AllOf(parts):
            return {"all": [_tree(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_tree(part) for part in parts]}


def _cited(row: Any) -> Document:  # noqa: ANN401 - anything with a clause and a date
    return {"clause": row.clause, "since": _day(row.since)}


def _day(day: date) -> str:
    return day.isoformat()


def _assessments(assessments: Assessments | None) -> Document | None:
    if assessments is None:
        return None
    return {"months": list(assessments.months)} | _cited(assessments)


def _tier(tier: Tier, program: Program) -> Document:
    base = None if tier.base is None else condition_document(tier.base, program)
    return {"name": tier.name, "title": tier.title, **_cited(tier), "base": base}


def _window(window: Window) -> Document:
    months = window.months
    return {"name": window.name, "title": window.title, **_cited(window), "months": months}


def _amounts(amounts: Amounts) -> Document:
    return {
        "name": amounts.name,
        "title": amounts.title,
        "clause": amounts.clause,
        "by": amounts.by,
        "since": {
            _day(first): {value: str(amount) for value, amount in cells.items()}
            for first, cells in amounts.since.items()
        },
    }


def _measure(measure: Measure | Share, program: Program) -> Document:
    shared = {"name": measure.name, "title": measure.title, **_cited(measure)}
    words = {"words": measure_words(measure, program), "phrase": measure.phrase}
    if isinstance(measure, Share):
        outcome = "met" if measure.when_not_positive else "not_met"
        ratio = {"share": measure.part, "of": measure.whole, "when_not_positive": outcome}
        return shared | words | ratio
    return {
        **shared,
        **words,
        "from": measure.source,
        "where": [part.text for part in measure.where],
        "aggregate": str(measure.aggregate),
        "value": None if measure.value is None else measure.value.text,
        "window": measure.window,
        "none": str(measure.none),
        "type": str(measure.type),
        "unit": measure.unit,
    }


def _requirement(row: Requirement, program: Program) -> Document:
    return {
        "key": row.key,
        "title": row.title,
        **_cited(row),
        "remedy": row.remedy,
        "acts": row.acts,
        "by_tier": {
            tier: {"text": row.texts[tier], **condition_document(condition, program)}
            for tier, condition in row.by_tier.items()
        },
        "rests_on": {
            "security_programs": list(row.rests_on.security_programs),
            "amounts": list(row.rests_on.amounts),
            "facts": list(row.rests_on.tables),
        },
    }


def _benefit(row: Benefit) -> Document:
    return {
        "key": row.key,
        "title": row.title,
        **_cited(row),
        "kind": str(row.kind),
        "by_tier": dict(row.by_tier),
        **_amount_rules(row),
    }


def _amount_rules(row: Benefit) -> Document:
    if row.kind is not BenefitKind.MONEY:
        return {}
    return {"unspent": str(row.unspent), "lowered": str(row.lowered)}


def _security(one: SecurityProgram) -> Document:
    states = None if one.states is None else one.states.table
    return {
        "key": one.key,
        "title": one.title,
        "attests": one.attests,
        **_cited(one),
        "until": None if one.until is None else _day(one.until),
        "joins": {
            "words": one.joins.words,
            "hosting": list(one.joins.hosting),
            "payment": list(one.joins.payment),
            "public": one.joins.public,
        },
        "evidence": [
            {"key": asked.key, "title": asked.title, "kind": str(asked.kind)}
            for asked in one.evidence
        ],
        "valid_months": one.months,
        "badge": {"label": one.label, "sentence": one.sentence},
        "states": states,
        "minimum": None if one.awards is None else one.awards.minimum,
    }

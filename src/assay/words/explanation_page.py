"""An explanation as one HTML page that can be sent: it needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.core.explanations import Explanation
from assay.core.program import Measure, Program
from assay.words.dates import day_words, days_words, window_words
from assay.words.evidence import evidence_words, rows_words
from assay.words.findings import share_words, value_words
from assay.words.look import hallmarks, page
from assay.words.standing import (
    Asked,
    TierStanding,
    answer,
    as_of,
    standings,
    subject_words,
    tier_title,
)

MOST_ROWS = 12


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A row of the standing matrix: a requirement, and what each tier asks of it."""

    title: str
    clause: str
    by_tier: Mapping[str, Asked]


@dataclass(frozen=True, kw_only=True)
class Defined:
    """A measure with its value, or a window with its days."""

    title: str
    clause: str
    value: str = ""
    window: str = ""
    days: str = ""


def explanation_page(explanation: Explanation, program: Program) -> str:
    """Render an explanation as a page; the rows behind are shown where the explanation has them."""
    standing = standings(explanation, program)
    return page(
        "explanation.html",
        program,
        explanation=explanation,
        subject=subject_words(explanation.subject, explanation.name),
        held=tier_title(explanation.tier, program),
        day=day_words(explanation.on),
        answer=answer(explanation, program),
        as_of=as_of(explanation, program),
        hallmarks=hallmarks(program, explanation.on),
        standings=standing,
        rows=_matrix(standing, program),
        evidence=evidence_words(explanation, program, most=MOST_ROWS),
        rows_words=rows_words,
        windows=[
            Defined(
                title=program.windows[name].title,
                clause=program.windows[name].clause,
                days=days_words(first, explanation.cut_off),
            )
            for name, first in explanation.windows.items()
        ],
        measures=[_defined(name, explanation, program) for name in program.measures],
    )


def _matrix(standing: tuple[TierStanding, ...], program: Program) -> list[MatrixRow]:
    asked = {tier.tier: {one.key: one for one in tier.asked} for tier in standing}
    return [
        MatrixRow(
            title=requirement.title,
            clause=requirement.clause,
            by_tier={
                tier: of_tier[requirement.key]
                for tier, of_tier in asked.items()
                if requirement.key in of_tier
            },
        )
        for requirement in program.requirements.values()
    ]


def _defined(name: str, explanation: Explanation, program: Program) -> Defined:
    measure = program.measures[name]
    measured = explanation.measured
    if not isinstance(measure, Measure):
        value = share_words(measured[measure.part], measured[measure.whole], program)
        return Defined(title=measure.title, clause=measure.clause, value=value)
    window = ""
    if measure.window is not None:
        first = explanation.windows[measure.window]
        window = window_words(measure.window, first, explanation.cut_off, program)
    value = value_words(measured[name], program)
    return Defined(title=measure.title, clause=measure.clause, value=value, window=window)

"""An explanation as one HTML page that can be sent: it needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assay.core.explanations import Explanation
from assay.core.program import Program
from assay.words.dates import day_words
from assay.words.evidence import MeasureEvidence, evidence_words, rows_words
from assay.words.explanation_document import explanation_document
from assay.words.hallmarks import hallmarks
from assay.words.look import page
from assay.words.standing import subject_words

MOST_ROWS = 12


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A row of the standing matrix: a requirement, and what each tier asks of it."""

    key: str
    title: str
    clause: str
    by_tier: Mapping[str, Mapping[str, Any]]


def explanation_page(explanation: Explanation, program: Program) -> str:
    """Render an explanation as a page; the rows behind are shown where the explanation has them."""
    return document_page(
        explanation_document(explanation, program),
        program,
        evidence=evidence_words(explanation, program, most=MOST_ROWS),
    )


def document_page(
    document: Mapping[str, Any], program: Program, *, evidence: tuple[MeasureEvidence, ...] = ()
) -> str:
    """Render an explanation's document as a page, with what is given of the rows behind."""
    on = date.fromisoformat(document["on"])
    return page(
        "explanation.html",
        program,
        document=document,
        subject=subject_words(document["subject"], document["name"]),
        day=day_words(on),
        hallmarks=hallmarks(program, on),
        rows=matrix_rows(document),
        evidence=evidence,
        rows_words=rows_words,
        measures=[
            {**document["measures"], **document["shares"]}[name] for name in program.measures
        ],
    )


def matrix_rows(document: Mapping[str, Any]) -> list[MatrixRow]:
    """Return the standing matrix of an explanation's document, in the program's order."""
    asked = {
        tier["tier"]: {one["requirement"]: one for one in tier["requirements"]}
        for tier in document["tiers"]
    }
    return [
        MatrixRow(
            key=key,
            title=requirement["title"],
            clause=requirement["clause"],
            by_tier={tier: of_tier[key] for tier, of_tier in asked.items() if key in of_tier},
        )
        for key, requirement in document["requirements"].items()
    ]

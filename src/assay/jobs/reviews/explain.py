"""Explain one subject's decision from facts where they are."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from assay.core.explanations import Explanation
from assay.core.program import Program
from assay.documents.programs import load_program
from assay.engine.explain import MOST_ROWS, explain
from assay.jobs.reviews.facts import Source


def explain_decision(
    reference: str,
    source: Source,
    subject: str,
    *,
    on: date,
    rows: bool = False,
    most_rows: int = MOST_ROWS,
) -> tuple[Program, Explanation]:
    """Explain why `subject` is placed where it is in a review on day `on`; raises Refused."""
    program = load_program(reference)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = source.open(program, scratch=scratch)
        explanation = explain(
            program, facts, subject, on=on, rows=rows, most_rows=most_rows, scratch=scratch
        )
    return program, explanation

"""Assess: who would not keep its tier at the coming review, on a day that the program sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assay.jobs.operations.events import record
from assay.jobs.risk.assess_risk import assess_risk
from assay.store.models import Review
from assay.store.queries.reviews.credited import credited_on
from assay.words.dates import day_words


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """How many partners were assessed, and how many of them perform below their credited tier."""

    partners: int
    below: int


def assess(assessment: Review, ledger: Path, *, at: datetime) -> Assessed:
    """Put an assessment on record, keep each tier's risk, and tell those concerned."""
    assess_risk(assessment, ledger, at=at)
    credited = credited_on(assessment.on)
    ranks = assessment.decisions.values_list("partner", "rank")
    held = [(rank, credited[partner].rank) for partner, rank in ranks if partner in credited]
    found = Assessed(
        partners=assessment.decisions.count(), below=sum(rank < was for rank, was in held)
    )
    record(
        "assessed",
        f"Assessed {found.partners} partners on {day_words(assessment.on)}; {found.below} perform "
        "below their credited tier",
        at=at,
        target=f"review:{assessment.pk}",
    )
    return found

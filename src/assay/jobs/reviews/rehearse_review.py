"""Rehearse a review: how many would hold each tier, on the facts of now; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from assay.jobs.programs.program_versions import reference_of
from assay.jobs.programs.programs import file_of, program_on
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts


def rehearse_review(ledger: Path, *, on: date, at: datetime) -> Mapping[str, int]:
    """Count partners by tier as a review of the day would; raises Refused as reviewing does."""
    label = program_on(settings.PROGRAM, on).label
    file = file_of(reference_of(settings.PROGRAM, label))
    return review_facts(str(file), Source(ledger=ledger, known_at=at), on=on).done.counts

"""Refresh the standing: what every partner performs as, on the facts that have come by now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.store.models import Review


def refresh_standing(reference: str, ledger: Path, *, at: datetime) -> Review | None:
    """Record the standing of the day of `at`, on what the ledger knew then.

    Where neither day nor facts have changed, the newest standing stays; None where there is no
    ledger yet. Raises Refused for a bad program or ledger.
    """
    if not ledger.exists():
        return None
    day = at.astimezone(ZoneInfo(program_of(reference).time_zone)).date()
    source = Source(ledger=ledger, known_at=at)
    return record_review(reference, source, on=day, kind=Review.Kind.STANDING, at=at)

"""Settle a review: late facts of the settling days count, before anybody closes it."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from assay.jobs.operations.events import record
from assay.jobs.programs.program_versions import reference_of
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.close_review import locked_review, name_of
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.overrides import STANDS
from assay.jobs.reviews.record_review import Opening, record_review
from assay.store.models import Override, Review

WHY = "Late facts came in the settling days"


def settle_review(number: int, ledger: Path, *, at: datetime) -> Review:
    """Open a review anew where facts have come since; return the one that stands.

    The earlier one is given up by the product. What was asked for or approved is carried over,
    unless it is what is computed now. Raises Refused where the review is not open.
    """
    with transaction.atomic():
        earlier = locked_review(number)
        source = Source(ledger=ledger, known_at=at)
        if _digest(earlier.program, source) == earlier.facts_digest:
            return earlier
        earlier.state = Review.State.ABANDONED
        earlier.abandoned_at, earlier.abandoned_why = at, WHY
        earlier.save()
        review = record_review(
            reference_of(settings.PROGRAM, earlier.program),
            source,
            on=earlier.on,
            kind=Review.Kind.REVIEW,
            at=at,
            opening=Opening(by=earlier.opened_by, supersedes=earlier),
        )
        _carry_over(earlier, review)
        record(
            "review_settled",
            f"Opened {name_of(review)} anew: late facts came in the settling days",
            at=at,
            target=f"review:{review.pk}",
            supersedes=earlier.pk,
            facts_digest=review.facts_digest,
        )
    return review


def _digest(label: str, source: Source) -> str:
    """Name the facts as they are known."""
    with tempfile.TemporaryDirectory(prefix="assay-") as scratch:
        program = program_of(reference_of(settings.PROGRAM, label))
        return source.open(program, scratch=Path(scratch)).digest


def _carry_over(earlier: Review, review: Review) -> None:
    """Repeat the overrides that stand, by the same people, on the new decisions."""
    decisions = {held.partner_id: held for held in review.decisions.defer("explanation")}
    standing = Override.objects.filter(decision__review=earlier, state__in=STANDS)
    for override in standing.select_related("decision").order_by("pk"):
        decision = decisions.get(override.decision.partner_id)
        if decision is not None and decision.tier != override.tier:
            override.pk, override.decision = None, decision
            override.save(force_insert=True)

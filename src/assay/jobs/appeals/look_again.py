"""Look at a closed review again on the facts known by now: would any decision come out otherwise?

What is found is told to staff and changes nothing; a correction is a case that two people decide.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from assay.core.notices.reviews import LATE_FACTS
from assay.core.program import Program
from assay.engine.explain import explain_all
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.programs.program_versions import reference_of
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import decision_of, engine_name
from assay.store.models import Decision, LateLook, Review
from assay.store.queries.public.public import newest_review
from assay.words.dates import day_words


def look_at_newest(ledger: Path, *, at: datetime) -> LateLook | None:
    """Look at the newest closed review again; None where there is none, or no ledger."""
    review = newest_review()
    return None if review is None or not ledger.exists() else look_again(review.pk, ledger, at=at)


def look_again(number: int, ledger: Path, *, at: datetime) -> LateLook:
    """Decide a closed review's day again, by its program version, on what the ledger knows now.

    Where the facts are those of the review or of the newest look, nothing is computed. Raises
    Refused for bad facts.
    """
    review = Review.objects.get(pk=number)
    before = LateLook.objects.filter(review=review).select_related("found").first()
    program = program_of(reference_of(settings.PROGRAM, review.program))
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = Source(ledger=ledger, known_at=at).open(program, scratch=scratch)
        if before is not None and before.facts_digest == facts.digest:
            return before
        with transaction.atomic():
            Review.objects.select_for_update(of=("self",)).get(pk=number)
            found: list[Decision] = []
            if facts.digest != review.facts_digest:
                found = list(_otherwise(review, program, facts, scratch))
            run = _kept(review, found, facts.digest, before, at=at)
            look, _is_new = LateLook.objects.update_or_create(
                review=review,
                defaults={
                    "facts_digest": facts.digest,
                    "looked_at": at,
                    "found": run,
                    "differing": len(found),
                },
            )
            if run is not None and (before is None or before.found_id != run.pk):
                _tell(look, at=at)
    return look


def _otherwise(review: Review, program: Program, facts: Any, scratch: Path) -> Iterator[Decision]:  # noqa: ANN401
    """Yield, without a run yet, the decisions whose tier is another one than the review's."""
    decided = {
        key: (partner, tier)
        for key, partner, tier in review.decisions.values_list("partner__key", "partner_id", "tier")
    }
    for explanation in explain_all(program, facts, on=review.on, scratch=scratch):
        partner, tier = decided.get(explanation.subject, (None, ""))
        if partner is not None and explanation.tier != tier:
            yield decision_of(review, partner, explanation, program)


def _kept(
    review: Review, found: list[Decision], digest: str, before: LateLook | None, *, at: datetime
) -> Review | None:
    """Keep what differs as a run of its own; the run before, where the same differs still."""
    if not found:
        return None
    if before is not None and before.found is not None:
        told = set(before.found.decisions.values_list("partner", "tier"))
        if told == {(one.partner_id, one.tier) for one in found}:
            return before.found
    run = Review.objects.create(
        kind=Review.Kind.CORRECTION,
        state=Review.State.CLOSED,
        program=review.program,
        program_digest=review.program_digest,
        facts_digest=digest,
        engine=engine_name(),
        on=review.on,
        cut_off=review.cut_off,
        known_at=at,
        made_at=at,
        closed_at=at,
        corrects=review,
    )
    for one in found:
        one.review = run
    Decision.objects.bulk_create(found, batch_size=500)
    return run


def _tell(look: LateLook, *, at: datetime) -> None:
    count = look.differing
    words = "One decision" if count == 1 else f"{count} decisions"
    subject = f"Late facts: {words} of the review of {day_words(look.review.on)} would differ"
    record(
        "late_facts_found",
        subject,
        at=at,
        target=f"review:{look.review_id}",
        facts_digest=look.facts_digest,
    )
    tell(
        LATE_FACTS,
        occasion=f"run:{look.found_id}",
        subject=subject,
        body="Facts came after it was closed. Nothing is changed by itself: open a correction "
        "where one is due, and a second person confirms it.",
        link=f"/staff/reviews/{look.review_id}/late/",
        at=at,
    )

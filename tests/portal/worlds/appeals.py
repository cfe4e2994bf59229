"""Letters of the closed review, and an appeal with a file against a decision of it."""

from __future__ import annotations

import io

from django.utils import timezone

from assay.jobs.appeals.state_appeal import state_appeal
from assay.jobs.escalations.parts import SentFile
from assay.jobs.letters.write_letters import write_letters
from assay.store.models import Appeal, Decision, DecisionLetter, Review


def of_a_partner(world, whose, by):  # noqa: ARG001 - as every topic is asked
    """Write the letters, and state a case."""
    at = timezone.now()
    review = Review.objects.filter(kind="review", state="closed").first()
    write_letters(review.pk, at=at)
    decision = Decision.objects.get(review=review, partner=whose)
    proof = SentFile(content=io.BytesIO(b"proof"), name="proof.txt")
    made = state_appeal(
        decision.pk, "It is wrong.", files=[proof], by=by, at=at, partner_id=whose.pk
    )
    return {
        "letter": DecisionLetter.objects.get(partner=whose).pk,
        "appeal": made.pk,
        "appeal_file.file": made.files.get().pk,
    }


def values(world):
    """Staff see acme's case."""
    appeal = Appeal.objects.get(decision__partner=world.acme)
    pages = ("", "_propose", "_confirm", "_withdraw", "_file")
    return {
        **{f"staff_appeal{page}.number": appeal.pk for page in pages},
        "staff_appeal_file.file": appeal.files.get().pk,
        "staff_review_late.number": appeal.decision.review_id,
        "staff_correction_open.number": appeal.decision.review_id,
        "staff_correction_open.decision": appeal.decision_id,
    }

"""Record a review or a standing: every partner's decision with its explanation, kept for good."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from assay.core.explanations import Explanation
from assay.core.program import Program
from assay.engine.duck import Session
from assay.engine.explain import explain_all
from assay.jobs.apps.know_listings import know_listings
from assay.jobs.notices.tell_changes import tell_changes
from assay.jobs.escalations.know_escalations import know_escalations
from assay.jobs.partners.know_partners import know_partners
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from assay.store.models import Decision, Review
from assay.words.explanation_document import explanation_document
from assay.words.headline import headline


def record_review(
    reference: str, source: Source, *, on: date, kind: Review.Kind, at: datetime
) -> Review:
    """Review every partner on day `on` and keep the decisions; a review is closed at once.

    Where nothing has changed since the newest of its kind and day, that one is returned. Raises
    Refused for a bad program or bad facts.
    """
    program = program_of(reference)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = source.open(program, scratch=scratch)
        same = Review.objects.filter(
            kind=kind,
            on=on,
            program_digest=program.digest,
            facts_digest=facts.digest,
        ).first()
        if same is not None:
            return same
        with Session.open(facts, program.vocabulary, scratch=scratch) as session:
            keys = know_partners(session, at=at)
            know_listings(session, at=at)
            if kind == Review.Kind.STANDING:
                know_escalations(session)
        with transaction.atomic():
            review = Review.objects.create(
                kind=kind,
                program=program.label,
                program_digest=program.digest,
                facts_digest=facts.digest,
                on=on,
                cut_off=program.review.cut_off(on),
                made_at=at,
                closed_at=at if kind == Review.Kind.REVIEW else None,
            )
            Decision.objects.bulk_create(
                (
                    _decision(review, keys[explanation.subject], explanation, program)
                    for explanation in explain_all(program, facts, on=on, scratch=scratch)
                ),
                batch_size=500,
            )
            tell_changes(review, program, at=at)
    return review


def _decision(review: Review, partner: int, explanation: Explanation, program: Program) -> Decision:
    document = explanation_document(explanation, program)
    return Decision(
        review=review,
        partner_id=partner,
        tier=explanation.tier,
        explanation=explanation_text(document),
        **asdict(headline(document, program)),
    )


def explanation_text(document: dict[str, object]) -> str:
    """Return an explanation's document as the text that is kept."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

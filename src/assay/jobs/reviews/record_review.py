"""Record a run: every partner's decision with its explanation, kept for good."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import transaction

from assay.core.explanations import Explanation
from assay.core.nearness import miss_of
from assay.core.program import Program
from assay.engine.compile import Moment
from assay.engine.duck import Session
from assay.engine.explain import explain_all
from assay.jobs.apps.know_listings import know_listings
from assay.jobs.escalations.know_escalations import know_escalations
from assay.jobs.notices.tell_changes import tell_changes
from assay.jobs.partners.know_partners import know_partners
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.facts import Source
from assay.jobs.security.know_awards import know_awards
from assay.jobs.security.know_enrolments import know_enrolments
from assay.store.models import Decision, Person, Review
from assay.words.explanation_document import explanation_document
from assay.words.headline import headline


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Who opens a review by hand (None: the calendar), and the earlier one that it follows."""

    by: Person | None = None
    supersedes: Review | None = None
    corrects: Review | None = None


def record_review(
    reference: str,
    source: Source,
    *,
    on: date,
    kind: Review.Kind,
    at: datetime,
    opening: Opening | None = None,
) -> Review:
    """Judge every partner on day `on` and keep the decisions; a review is left open.

    The facts are those that the ledger knew at `source.known_at`, else at `at`. Where nothing has
    changed since the newest standing or assessment of that day, it is returned. Raises Refused
    for a bad program or bad facts.
    """
    program = program_on(reference, on)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = source.open(program, scratch=scratch)
        same = _same(program, facts.digest, on, kind)
        if same is not None:
            return same
        with Session.open(facts, program.vocabulary, scratch=scratch) as session:
            keys = _known(session, program, on, kind, at)
        with transaction.atomic():
            review = Review.objects.create(
                kind=kind,
                program=program.label,
                program_digest=program.digest,
                facts_digest=facts.digest,
                engine=engine_name(),
                on=on,
                cut_off=program.review.cut_off(on),
                known_at=source.known_at or at,
                made_at=at,
                **_life(kind, at, opening or Opening()),
            )
            Decision.objects.bulk_create(
                (
                    decision_of(review, keys[explanation.subject], explanation, program)
                    for explanation in explain_all(program, facts, on=on, scratch=scratch)
                ),
                batch_size=500,
            )
            if kind == Review.Kind.STANDING:
                tell_changes(review, program, at=at)
    return review


def _known(
    session: Session, program: Program, on: date, kind: Review.Kind, at: datetime
) -> dict[str, int]:
    """Bring what facts tell to the pages; return the partners' keys with their ids."""
    keys = know_partners(session, at=at)
    know_listings(session, at=at)
    if kind == Review.Kind.STANDING:
        know_enrolments(session, program, at=at)
        know_awards(session, program, Moment.of(program, on), at=at)
        know_escalations(session)
    return keys


def engine_name() -> str:
    """Name what computes: Assay and DuckDB with their versions."""
    return f"assay {version('assay')}, duckdb {version('duckdb')}"


def _same(program: Program, facts_digest: str, on: date, kind: Review.Kind) -> Review | None:
    """Return the newest standing or assessment that would come out the same."""
    if kind == Review.Kind.REVIEW:
        return None
    return Review.objects.filter(
        kind=kind, on=on, program_digest=program.digest, facts_digest=facts_digest
    ).first()


def _life(kind: Review.Kind, at: datetime, opening: Opening) -> dict[str, Any]:
    if kind != Review.Kind.REVIEW:
        return {"state": Review.State.CLOSED, "closed_at": at}
    return {
        "state": Review.State.OPEN,
        "opened_by": opening.by,
        "opened_at": at,
        "supersedes": opening.supersedes,
        "corrects": opening.corrects,
    }


def decision_of(
    review: Review, partner: int, explanation: Explanation, program: Program
) -> Decision:
    """Return a partner's decision in a run, not yet kept."""
    document = explanation_document(explanation, program)
    missed, way = miss_of(explanation, program)
    return Decision(
        review=review,
        partner_id=partner,
        tier=explanation.tier,
        missed=missed,
        missed_by=None if way is None else _rounded(way),
        explanation=explanation_text(document),
        **asdict(headline(document, program)),
    )


def _rounded(way: Fraction) -> Decimal:
    """Round up to a millionth, below a hundred million: it ranks, and decides nothing."""
    return min(Decimal(math.ceil(way * 1_000_000)) / 1_000_000, Decimal(99_999_999))


def explanation_text(document: dict[str, object]) -> str:
    """Return an explanation's document as the text that is kept."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

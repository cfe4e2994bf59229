"""Overrides: what is granted instead of what was computed, asked by one, decided by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.reviews import REVIEW_WAITS
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.programs.program_versions import program_labelled
from assay.jobs.reviews.close_review import locked_review
from assay.store.models import Decision, Override, Person, Review
from assay.words.dates import day_words
from assay.words.standing import NO_TIER, tier_title

STANDS = (Override.State.ASKED, Override.State.APPROVED)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to grant instead of the computed tier: a waiver `until_on`, or a correction (None)."""

    kind: Override.Kind
    tier: str
    until_on: date | None
    reason: str


def ask_override(decision: int, wish: Wish, *, by: Person, at: datetime) -> Override:
    """Ask to grant another tier than was computed; a second person decides.

    Raises Refused where the review is not open, the tier is the computed one or none of the
    program's, a waiver does not end after the review, or the decision has an override.
    """
    with transaction.atomic():
        found = Decision.objects.select_related("partner").filter(pk=decision).first()
        if found is None:
            raise Refused(Issue(file=f"decision {decision}", message="there is none"))
        review = locked_review(found.review_id)
        program = program_labelled(settings.PROGRAM, review.program)
        _refuse_wish(wish, found, review, program)
        override = Override.objects.create(
            decision=found,
            kind=wish.kind,
            tier=wish.tier,
            rank=["none", *program.tiers].index(wish.tier),
            until_on=wish.until_on,
            reason=wish.reason.strip(),
            asked_by=by,
            asked_at=at,
        )
        _record("override_asked", "Asked for", override, program, by=by, at=at)
        tell(
            REVIEW_WAITS,
            occasion=f"override:{override.pk}",
            subject=f"{found.partner}: a {override.kind} waits for a second person",
            body=f"{by} asks for: {_words(override, program)}.\n\nReason: {override.reason}",
            link=f"/staff/reviews/{review.pk}/decisions/{found.pk}/",
            at=at,
        )
    return override


def decide_override(
    number: int, *, approve: bool, words: str, by: Person, at: datetime
) -> Override:
    """Approve or refuse an override as a second person.

    Raises Refused where it does not wait any more, for who asked, and for a refusal without words.
    """
    with transaction.atomic():
        override, program = _locked(number, (Override.State.ASKED,))
        if by.pk == override.asked_by_id:
            raise Refused(
                Issue(
                    file=f"the {override.kind}",
                    message="is decided by a second person",
                    hint="ask a colleague who may close reviews",
                )
            )
        if not approve and not words.strip():
            raise Refused(Issue(file=f"the {override.kind}", message="say why it is refused"))
        override.state = Override.State.APPROVED if approve else Override.State.REFUSED
        override.decided_by, override.decided_at = by, at
        override.words = words.strip()
        override.save()
        said = "Approved" if approve else "Refused"
        _record(f"override_{override.state}", said, override, program, by=by, at=at)
    return override


def withdraw_override(number: int, *, by: Person, at: datetime) -> Override:
    """Take an override back, whether it waits or is approved, while the review is open."""
    with transaction.atomic():
        override, program = _locked(number, STANDS)
        override.state = Override.State.WITHDRAWN
        override.save()
        _record("override_withdrawn", "Took back", override, program, by=by, at=at)
    return override


def _locked(number: int, states: tuple[Override.State, ...]) -> tuple[Override, Program]:
    """Return an override whose review is open and locked; raises Refused."""
    found = Override.objects.select_related("decision").filter(pk=number).first()
    if found is None:
        raise Refused(Issue(file=f"override {number}", message="there is none"))
    review = locked_review(found.decision.review_id)
    override = Override.objects.select_related("decision__partner").get(pk=number)
    if override.state not in states:
        raise Refused(Issue(file=f"the {override.kind}", message=f"is {override.state} already"))
    return override, program_labelled(settings.PROGRAM, review.program)


def _refuse_wish(wish: Wish, decision: Decision, review: Review, program: Program) -> None:
    issues = []
    if wish.tier not in (NO_TIER, *program.tiers):
        issues.append(Issue(file="tier", value=wish.tier, message="is none of the program's"))
    if wish.tier == decision.tier:
        issues.append(Issue(file="tier", message="is the one that was computed"))
    if not wish.reason.strip():
        issues.append(Issue(file="reason", message="say why"))
    if (wish.kind == Override.Kind.WAIVER) != (wish.until_on is not None):
        issues.append(Issue(file="until", message="a waiver has a last day, a correction has none"))
    if wish.until_on is not None and wish.until_on <= review.on:
        issues.append(Issue(file="until", message=f"is after {day_words(review.on)}"))
    if decision.overrides.filter(state__in=STANDS).exists():
        issues.append(
            Issue(
                file=str(decision.partner),
                message="has a waiver or correction already",
                hint="take that back first",
            )
        )
    if issues:
        raise Refused(*issues)


def _record(
    act: str, said: str, override: Override, program: Program, *, by: Person, at: datetime
) -> None:
    record(
        act,
        f"{said}: {_words(override, program)}",
        at=at,
        by=by,
        partner=override.decision.partner,
        target=f"decision:{override.decision_id}",
        reason=override.reason,
        answer=override.words,
    )


def _words(override: Override, program: Program) -> str:
    title = tier_title(override.tier, program)
    if override.until_on is None:
        return f"a correction to {title}"
    last = override.until_on.fromordinal(override.until_on.toordinal() - 1)
    return f"a waiver, {title} until {day_words(last)}"

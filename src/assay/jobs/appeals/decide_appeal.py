"""Decide a case: one person of the program team proposes how it ends, another confirms.

The decision stays as it was. Where the case is granted, a grant of its own follows, in force until
the next review; what was computed on corrected facts is linked beside the old decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from assay.core.notices.reviews import APPEAL_WAITS
from assay.core.notices.standing import APPEAL_DECIDED
from assay.core.program import Program
from assay.gateways.queue import defer
from assay.jobs.appeals.state_appeal import (
    day_of,
    locked,
    name_of,
    note,
    refused,
    staff_page_of,
)
from assay.jobs.letters.write_letters import WRITE_LETTERS
from assay.jobs.notices.tell import tell
from assay.jobs.programs.program_versions import program_labelled
from assay.jobs.records.keep_case import keep_case
from assay.store.models import Appeal, Decision, Grant, LateLook, Override, Person
from assay.store.queries.public.public import newest_review
from assay.store.queries.reviews.credited import grant_of
from assay.words.standing import NO_TIER, tier_title

ON_FACTS = "facts"  # in place of a tier: the one that today's facts give


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """How a case shall end: `tier` to grant, or `ON_FACTS`, or "" to refuse.

    The partner reads the `reason`.
    """

    tier: str
    reason: str


def propose(number: int, proposal: Proposal, *, by: Person, at: datetime) -> Appeal:
    """Propose how an open case ends; a second person confirms. Raises Refused."""
    with transaction.atomic():
        appeal = locked(number, (Appeal.State.OPEN,))
        program = program_labelled(settings.PROGRAM, appeal.decision.review.program)
        _refuse_who_overrode(appeal, by)
        if not proposal.reason.strip():
            raise refused("say why: the partner reads it", column="reason")
        appeal.outcome = Appeal.Outcome.GRANT if proposal.tier else Appeal.Outcome.REFUSE
        if proposal.tier:
            _set_tier(appeal, proposal.tier, program)
        appeal.state, appeal.reason = Appeal.State.PROPOSED, proposal.reason.strip()
        appeal.proposed_by, appeal.proposed_at = by, at
        appeal.save()
        words = _outcome_words(appeal, program)
        note("appeal_proposed", f"{by} proposed: {words}", appeal, by=by, at=at)
        tell(
            APPEAL_WAITS,
            occasion=f"proposed:{appeal.pk}:{at.isoformat()}",
            subject=f"{appeal.decision.partner}: {name_of(appeal)} waits for a second person",
            body=f"{by} proposes: {words}.\n\nReason: {appeal.reason}",
            link=staff_page_of(appeal),
            at=at,
        )
    return appeal


def confirm(number: int, *, by: Person, at: datetime) -> Appeal:
    """Confirm what was proposed, as a second person: the case ends. Raises Refused.

    A lower tier than the one held begins after the program's grace; every other one that day.
    """
    with transaction.atomic():
        appeal = locked(number, (Appeal.State.PROPOSED,))
        _refuse_first(appeal, by)
        _refuse_who_overrode(appeal, by)
        program = program_labelled(settings.PROGRAM, appeal.decision.review.program)
        appeal.decided_by, appeal.decided_at = by, at
        if appeal.outcome == Appeal.Outcome.GRANT:
            appeal.grant = _grant(appeal, program, at=at)
            appeal.state = Appeal.State.GRANTED
        else:
            appeal.state = Appeal.State.REFUSED
        appeal.save()
        keep_case(appeal, at=at)
        words = _outcome_words(appeal, program)
        note(f"appeal_{appeal.state}", f"{by} confirmed: {words}", appeal, by=by, at=at)
        _tell_partner(appeal, words, at=at)
        if appeal.grant is not None:
            defer(WRITE_LETTERS, number=appeal.decision.review_id)
    return appeal


def send_back(number: int, *, words: str, by: Person, at: datetime) -> Appeal:
    """Send a proposal back with words, as a second person: another one is made. Raises Refused."""
    with transaction.atomic():
        appeal = locked(number, (Appeal.State.PROPOSED,))
        _refuse_first(appeal, by)
        if not words.strip():
            raise refused("say why", column="words")
        appeal.state, appeal.outcome, appeal.reason = Appeal.State.OPEN, "", ""
        appeal.tier, appeal.rank, appeal.redecision = "", 0, None
        appeal.proposed_by = appeal.proposed_at = None
        appeal.save()
        note("appeal_sent_back", f"{by} sent back: {words.strip()}", appeal, by=by, at=at)
        tell(
            APPEAL_WAITS,
            occasion=f"back:{appeal.pk}:{at.isoformat()}",
            subject=f"{appeal.decision.partner}: {name_of(appeal)} needs another proposal",
            body=words.strip(),
            link=staff_page_of(appeal),
            at=at,
        )
    return appeal


def redecision_of(decision: Decision) -> Decision | None:
    """Return what the newest look at late facts decides for the partner, None: the same."""
    look = LateLook.objects.filter(review=decision.review_id).select_related("found").first()
    if look is None or look.found is None:
        return None
    return look.found.decisions.filter(partner=decision.partner_id).first()


def _set_tier(appeal: Appeal, tier: str, program: Program) -> None:
    if tier == ON_FACTS:
        appeal.redecision = redecision_of(appeal.decision)
        if appeal.redecision is None:
            raise refused(
                "the facts known now give the same tier", "import the corrected fact first", "tier"
            )
        tier = appeal.redecision.tier
    if tier not in (NO_TIER, *program.tiers):
        raise refused("is none of the program's", column="tier")
    appeal.tier, appeal.rank = tier, [NO_TIER, *program.tiers].index(tier)


def _grant(appeal: Appeal, program: Program, *, at: datetime) -> Grant:
    if appeal.decision.review != newest_review():
        raise refused("a later review has decided since", "the case concerns no tier held now")
    since = today = day_of(at)
    held = grant_of(appeal.decision.partner_id, today)
    if held is not None and appeal.rank < held.rank:
        since = program.demotion.takes_effect(today)
    return Grant.objects.create(
        partner_id=appeal.decision.partner_id,
        tier=appeal.tier,
        rank=appeal.rank,
        since_on=since,
        decision=appeal.redecision or appeal.decision,
        cause=Grant.Cause.APPEAL,
        reviewed_on=appeal.decision.review.on,
        made_at=at,
    )


def _refuse_first(appeal: Appeal, by: Person) -> None:
    if by.pk == appeal.proposed_by_id:
        raise refused("is confirmed by a second person", "ask a colleague who may decide appeals")


def _refuse_who_overrode(appeal: Appeal, by: Person) -> None:
    rows = Override.objects.filter(decision=appeal.decision)
    if by.pk in {pk for row in rows for pk in (row.asked_by_id, row.decided_by_id)}:
        raise refused(
            "is decided by people who had no part in a waiver or correction of this decision",
            "ask a colleague who may decide appeals",
        )


def _outcome_words(appeal: Appeal, program: Program) -> str:
    if appeal.outcome != Appeal.Outcome.GRANT:
        return f"{name_of(appeal)} is refused"
    on_facts = " on corrected facts" if appeal.redecision_id else ""
    return f"{name_of(appeal)} is granted{on_facts}: {tier_title(appeal.tier, program)}"


def _tell_partner(appeal: Appeal, words: str, *, at: datetime) -> None:
    partner = appeal.decision.partner
    tell(
        APPEAL_DECIDED,
        occasion=f"appeal:{appeal.pk}",
        subject=f"{partner}: {words}",
        body=f"{words[:1].upper()}{words[1:]}.\n\nThe reason: {appeal.reason}",
        link=f"/portal/{partner.slug}/appeals/{appeal.pk}/",
        at=at,
        partner=partner,
    )

"""Write the decision letters of a closed review: one a partner, told once, kept as written.

Each is a transaction of its own, so that a worker that dies goes on where it stopped.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from assay.core.appeals import Period, period_of
from assay.core.notices.standing import LETTER_WRITTEN
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.partner_managers.contact import contact_of
from assay.jobs.programs.program_versions import program_labelled
from assay.store.models import Appeal, Decision, DecisionLetter, Grant, Partner
from assay.store.queries.letters.letters import grants_without_letter
from assay.store.queries.public.public import newest_review
from assay.store.queries.reviews.credited import grants_on
from assay.words.decision_letter import (
    Contact,
    Granted,
    decision_letter,
    letter_as_text,
    letter_to_json,
)
from assay.words.decision_letter import (
    DecisionLetter as Letter,
)
from assay.words.standing import NO_TIER

WRITE_LETTERS = "write_letters"


def write_newest_letters(*, at: datetime) -> int:
    """Write the letters of the newest closed review that are not written; returns how many."""
    review = newest_review()
    return 0 if review is None else write_letters(review.pk, at=at)


def write_letters(number: int, *, at: datetime) -> int:
    """Write the letters of a closed review that are not written yet; returns how many.

    Of an earlier review than the newest none are written: nobody is told late what holds no more.
    """
    review = newest_review()
    if review is None or review.pk != number:
        return 0
    program = program_labelled(settings.PROGRAM, review.program)
    due = grants_without_letter(number)
    return sum(write_letter(grant, program, at=at) for grant in due)


def write_letter(number: int, program: Program, *, at: datetime) -> bool:
    """Write the letter on a grant and tell the partner; False where it is written already."""
    with transaction.atomic():
        grant = Grant.objects.select_related("decision__review", "override").get(pk=number)
        partner = Partner.objects.select_for_update().get(pk=grant.partner_id)
        if DecisionLetter.objects.filter(grant=grant).exists():
            return False
        appeal = Appeal.objects.select_related("decision__review").filter(grant=grant).first()
        review = (appeal.decision if appeal else grant.decision).review
        written_on = at.astimezone(ZoneInfo(program.time_zone)).date()
        period = None if appeal else period_of(program.settings, otherwise=settings.APPEAL_DAYS)
        letter = decision_letter(
            json.loads(grant.decision.explanation),
            _granted(grant, appeal),
            program,
            reviewed_on=review.on,
            written_on=written_on,
            appeal=period,
            contact=_contact(partner),
        )
        kept = DecisionLetter.objects.create(
            partner=partner,
            decision=appeal.decision if appeal else grant.decision,
            grant=grant,
            appeal_until=_until(period, written_on),
            text=letter_to_json(letter),
            made_at=at,
        )
        _tell(kept, letter, at=at)
    return True


def _until(period: Period | None, written_on: date) -> date | None:
    return None if period is None else period.last_day(written_on)


def _granted(grant: Grant, appeal: Appeal | None) -> Granted:
    """Say what was granted beside what was computed and what was held before."""
    first = grant if appeal else _first(grant.decision)
    before = grants_on(first.since_on).filter(partner=grant.partner_id, pk__lt=first.pk).first()
    return Granted(
        tier=grant.tier,
        computed=grant.decision.tier,
        held=before.tier if before else NO_TIER,
        cause=grant.cause,
        since_on=grant.since_on,
        until_on=grant.until_on,
        spared=first.cause == Grant.Cause.GRACE,
        reason=appeal.reason if appeal else "",
    )


def _first(decision: Decision) -> Grant:
    """Return the first grant of a decision: that of the grace, where a demotion is spared."""
    return decision.grants.order_by("pk")[0]


def _contact(partner: Partner) -> Contact:
    found = contact_of(partner.pk)
    return Contact(name=found.name, email=found.email, reach=found.reach, manages=found.manages)


def _tell(kept: DecisionLetter, letter: Letter, *, at: datetime) -> None:
    record(
        "letter_written",
        f"The decision letter was written: {letter.subject}",
        at=at,
        partner=kept.partner,
        target=f"letter:{kept.pk}",
    )
    tell(
        LETTER_WRITTEN,
        occasion=f"grant:{kept.grant_id}",
        subject=f"{kept.partner}: {letter.subject}",
        body=letter_as_text(letter),
        link=f"/portal/{kept.partner.slug}/decisions/letters/{kept.pk}/",
        at=at,
        partner=kept.partner,
    )

"""Enter into a demo the letters of its newest review for those who can be, and an open appeal."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from assay.jobs.appeals.state_appeal import state_appeal
from assay.jobs.demo.cast import Cast
from assay.jobs.letters.write_letters import write_letter
from assay.jobs.programs.program_versions import program_labelled
from assay.store.models import Decision, Grant
from assay.store.queries.letters.letters import grants_without_letter
from assay.store.queries.public.public import newest_review

_APPELLANT = "owner-at-risk"


def enter_letters(cast: Cast, *, at: datetime) -> None:
    """Write the letters of the personas' partners; one of them appeals."""
    review = newest_review()
    if review is None:
        return
    program = program_labelled(settings.PROGRAM, review.program)
    theirs = Grant.objects.filter(
        pk__in=grants_without_letter(review.pk), partner__in=set(cast.partners.values())
    )
    for number in theirs.values_list("pk", flat=True):
        write_letter(number, program, at=at)
    decision = Decision.objects.filter(review=review, partner=cast.partners[_APPELLANT]).first()
    if decision is not None:
        state_appeal(
            decision.pk,
            "Made up: a sale of June was booked in July. The receipt follows.",
            by=cast.people[_APPELLANT],
            at=at,
            partner_id=decision.partner_id,
        )

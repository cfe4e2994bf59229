"""Tell partners which tier a closed review credits them with, where it is another than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from assay.core.events import Act
from assay.core.notices.standing import TIER_CREDITED
from assay.core.program import Program
from assay.jobs.notices.tell import Message, tell_all
from assay.jobs.operations.events import record_all
from assay.store.models import Grant, Membership, Review
from assay.store.queries.reviews.credited import Held
from assay.words.credited import missing_sentence
from assay.words.dates import day_words
from assay.words.standing import NO_TIER, tier_title

_NOTHING = Held(tier=NO_TIER, rank=0)


def tell_grants(
    review: Review, before: Mapping[int, Held], program: Program, *, at: datetime
) -> int:
    """Tell members of every partner that moves, and write it on its timeline.

    `before` is what partners held. Returns how many notices are new.
    """
    moved = []
    for grants in _by_partner(review):
        main = next(grant for grant in grants if grant.cause != Grant.Cause.GRACE)
        was = before.get(main.partner_id, _NOTHING)
        if main.rank != was.rank:
            moved.append((main, tier_title(was.tier, program)))
    record_all(_act(review, main, was, program, at) for main, was in moved)
    seated = set(Membership.objects.values_list("partner", flat=True))
    messages = [
        _message(review, main, was, program) for main, was in moved if main.partner_id in seated
    ]
    return len(tell_all(TIER_CREDITED, messages, at=at))


def _by_partner(review: Review) -> Iterator[list[Grant]]:
    grants = (
        Grant.objects.filter(decision__review=review)
        .select_related("partner", "decision")
        .defer("decision__explanation")
        .order_by("partner_id", "pk")
    )
    for _, group in groupby(grants, key=attrgetter("partner_id")):
        yield list(group)


def _act(review: Review, main: Grant, was: str, program: Program, at: datetime) -> Act:
    return Act(
        at=at,
        partner=main.partner_id,
        act="tier_credited",
        target=f"review:{review.pk}",
        words=f"The review of {day_words(review.on)} credits {tier_title(main.tier, program)} from "
        f"{day_words(main.since_on)} on{_until(main)}; before: {was}",
    )


def _message(review: Review, main: Grant, was: str, program: Program) -> Message:
    partner, now = main.partner, tier_title(main.tier, program)
    first = (
        f"The review of {day_words(review.on)} credits {partner} with: {now}, from "
        f"{day_words(main.since_on)} on{_until(main)}. Before: {was}."
    )
    missing = missing_sentence(main.decision.explanation, program, main.tier)
    return Message(
        occasion=f"decision:{main.decision_id}",
        subject=f"{partner}: {now} instead of {was}",
        body=f"{first}\n\n{missing}",
        link=f"/portal/{partner.slug}/decisions/",
        partner=partner,
    )


def _until(grant: Grant) -> str:
    """Say the last day of a grant that ends."""
    if grant.until_on is None:
        return ""
    last = grant.until_on.fromordinal(grant.until_on.toordinal() - 1)
    return f" until {day_words(last)}"

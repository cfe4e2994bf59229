"""Tiers granted by hand, each by a review of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from assay.store.models import Decision, Grant, Partner, Review

RANKS = {"none": 0, "partner": 1, "silver": 2, "gold": 3, "platinum": 4}


def grant(
    of: Partner, tier: str, since: date, *, review_on: date | None = None, until: date | None = None
) -> Grant:
    """Grant a tier by a closed review (of the day it holds from, where none is given)."""
    on = review_on or since
    moment = datetime.combine(since, time(9), UTC)
    review = Review.objects.create(
        kind=Review.Kind.REVIEW,
        state=Review.State.CLOSED,
        program="atlassian-marketplace@2024-06-13",
        program_digest="p",
        facts_digest=f"f{Review.objects.count()}",
        engine="by hand",
        on=on,
        cut_off=on,
        known_at=moment,
        made_at=moment,
        opened_at=moment,
        closed_at=moment,
        effective_on=since,
    )
    decision = Decision.objects.create(
        review=review, partner=of, tier=tier, rank=RANKS[tier], explanation="{}"
    )
    return Grant.objects.create(
        partner=of,
        tier=tier,
        rank=RANKS[tier],
        since_on=since,
        until_on=until,
        decision=decision,
        reviewed_on=on,
        cause=Grant.Cause.REVIEW,
        made_at=moment,
    )

"""Tiers granted by hand, for tests that put reviews into the tables by hand."""

from __future__ import annotations

from assay.store.models import Grant


def grant(review, *, since=None, until=None, tiers=None):
    """Credit what a review decided from its day on, or `tiers` by partner key instead."""
    for decision in review.decisions.select_related("partner"):
        tier, rank = (tiers or {}).get(decision.partner.key, (decision.tier, decision.rank))
        Grant.objects.create(
            partner=decision.partner,
            tier=tier,
            rank=rank,
            since_on=since or review.on,
            until_on=until,
            decision=decision,
            cause="review",
            reviewed_on=review.on,
            made_at=review.made_at,
        )


def life(kind, at, *, is_open=False):
    """Return the fields that say where a run stands: made and closed at a moment, or open."""
    held = {"known_at": at, "made_at": at, "engine": "by hand"}
    if is_open:
        return held | {"state": "open", "opened_at": at}
    closed = {"effective_on": at.date()} if kind == "review" else {}
    return held | {"state": "closed", "closed_at": at} | closed

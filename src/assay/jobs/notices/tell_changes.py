"""Tell partners that a review or a fresh standing places them elsewhere than the one before."""

from __future__ import annotations

import json
from datetime import datetime

from assay.core.notices import STANDING_FELL, STANDING_ROSE, TIER_CREDITED
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.store.models import Decision, Review
from assay.words.dates import day_words
from assay.words.standing import tier_title


def tell_changes(review: Review, program: Program, *, at: datetime) -> int:
    """Tell every partner whose tier is another than before; returns how many notices are new.

    A review is compared with the one before it; a standing with the standing before it, or where
    there is none with the last review. Nothing is told of a day before the newest one.
    """
    if Review.objects.filter(kind=review.kind, on__gt=review.on).exists():
        return 0
    before = _before(review)
    if before is None:
        return 0
    was = {
        partner: (tier, rank)
        for partner, tier, rank in before.decisions.filter(
            partner__memberships__isnull=False
        ).values_list("partner", "tier", "rank")
    }
    placed = review.decisions.filter(partner__in=was).select_related("partner")
    moved = (held for held in placed if held.rank != was[held.partner_id][1])
    return sum(_tell(held, *was[held.partner_id], before, program, at) for held in moved)


def _before(review: Review) -> Review | None:
    """Return what a review is compared with."""
    earlier = Review.objects.exclude(pk=review.pk).filter(on__lte=review.on)
    same = earlier.filter(kind=review.kind).first()
    if same is None and review.kind == Review.Kind.STANDING:
        return earlier.filter(kind=Review.Kind.REVIEW).first()
    return same


def _tell(
    held: Decision, was: str, was_rank: int, before: Review, program: Program, at: datetime
) -> int:
    partner, day, then = held.partner, day_words(held.review.on), day_words(before.on)
    now_title, was_title = tier_title(held.tier, program), tier_title(was, program)
    if held.review.kind == Review.Kind.REVIEW:
        kind, page = TIER_CREDITED, "decisions"
        subject = f"{partner}: {now_title} instead of {was_title}"
        first = f"The review of {day} credits {partner} with: {now_title}. Before: {was_title}."
    else:
        kind, page = STANDING_ROSE if held.rank > was_rank else STANDING_FELL, "standing"
        subject = f"{partner}: on today's evidence {now_title} instead of {was_title}"
        first = (
            f"On the evidence of {day}, {partner} performs at: {now_title}. On {then} it was: "
            f"{was_title}. Nothing has changed yet: credited tiers change in reviews only."
        )
    missing = _sentence(held, program, was if kind is STANDING_FELL else held.tier)
    told = tell(
        kind,
        occasion=f"decision:{held.pk}",
        subject=subject,
        body=f"{first}\n\n{missing}",
        link=f"/portal/{partner.slug}/{page}/",
        at=at,
        partner=partner,
    )
    return len(told)


def _sentence(held: Decision, program: Program, tier: str) -> str:
    """Say what is missing for a tier, as its page does; of a tier without requirements, all."""
    document = json.loads(held.explanation)
    for standing in document["tiers"]:
        if standing["tier"] == tier and tier in program.ranked_tiers:
            return str(standing["sentence"])
    return str(document["answer"])

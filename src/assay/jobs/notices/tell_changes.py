"""Tell partners that a fresh standing places them elsewhere than the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from assay.core.notices.standing import STANDING_FELL, STANDING_ROSE
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.store.models import Decision, Membership, Review
from assay.store.queries.reviews.credited import Held, credited_on
from assay.words.credited import missing_sentence
from assay.words.dates import day_words
from assay.words.standing import tier_title


def tell_changes(standing: Review, program: Program, *, at: datetime) -> int:
    """Tell every partner whose tier is another than before; returns how many notices are new.

    A standing is compared with the standing before it, or where there is none with what partners
    are credited with. Nothing is told of a day before the newest one.
    """
    if Review.objects.filter(kind=standing.kind, on__gt=standing.on).exists():
        return 0
    then, was = _before(standing)
    placed = (
        standing.decisions.filter(partner__in=Membership.objects.values("partner"))
        .select_related("partner")
        .order_by("pk")
    )
    moved = (
        held for held in placed if held.partner_id in was and held.rank != was[held.partner_id].rank
    )
    return sum(_tell(held, was[held.partner_id], then, program, at) for held in moved)


def _before(standing: Review) -> tuple[date, Mapping[int, Held]]:
    """Return what a standing is compared with, and its day."""
    earlier = Review.objects.exclude(pk=standing.pk).filter(kind=standing.kind)
    same = earlier.filter(on__lte=standing.on).first()
    if same is None:
        review = Review.objects.filter(kind=Review.Kind.REVIEW, state=Review.State.CLOSED).first()
        return (review.on if review else standing.on), credited_on(standing.on)
    rows = same.decisions.values_list("partner", "tier", "rank")
    return same.on, {partner: Held(tier=tier, rank=rank) for partner, tier, rank in rows}


def _tell(held: Decision, was: Held, then: date, program: Program, at: datetime) -> int:
    partner = held.partner
    now_title, was_title = tier_title(held.tier, program), tier_title(was.tier, program)
    fell = held.rank < was.rank
    first = (
        f"On the evidence of {day_words(held.review.on)}, {partner} performs at: {now_title}. On "
        f"{day_words(then)} it was: {was_title}. Nothing has changed yet: credited tiers change "
        "in reviews only."
    )
    missing = missing_sentence(held.explanation, program, was.tier if fell else held.tier)
    told = tell(
        STANDING_FELL if fell else STANDING_ROSE,
        occasion=f"decision:{held.pk}",
        subject=f"{partner}: on today's evidence {now_title} instead of {was_title}",
        body=f"{first}\n\n{missing}",
        link=f"/portal/{partner.slug}/standing/",
        at=at,
        partner=partner,
    )
    return len(told)

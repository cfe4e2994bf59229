"""Tell partners which tier a closed review credits them with, where it is another than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from assay.core.notices.standing import TIER_CREDITED
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import Grant, Review
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
    told = 0
    for grants in _by_partner(review):
        main = next(grant for grant in grants if grant.cause != Grant.Cause.GRACE)
        was = before.get(main.partner_id, _NOTHING)
        if main.rank != was.rank:
            told += _tell(review, grants, was, program, at)
    return told


def _by_partner(review: Review) -> Iterator[list[Grant]]:
    grants = (
        Grant.objects.filter(decision__review=review)
        .select_related("partner", "decision")
        .defer("decision__explanation")
        .order_by("partner_id", "pk")
    )
    for _, group in groupby(grants, key=attrgetter("partner_id")):
        yield list(group)


def _tell(review: Review, grants: list[Grant], was: Held, program: Program, at: datetime) -> int:
    main = next(grant for grant in grants if grant.cause != Grant.Cause.GRACE)
    partner = main.partner
    now_title, was_title = tier_title(main.tier, program), tier_title(was.tier, program)
    first = (
        f"The review of {day_words(review.on)} credits {partner} with: {now_title}, from "
        f"{day_words(main.since_on)} on{_until(main)}. Before: {was_title}."
    )
    record(
        "tier_credited",
        f"The review of {day_words(review.on)} credits {now_title} from "
        f"{day_words(main.since_on)} on{_until(main)}; before: {was_title}",
        at=at,
        partner=partner,
        target=f"review:{review.pk}",
    )
    if not partner.memberships.exists():
        return 0
    missing = missing_sentence(main.decision.explanation, program, main.tier)
    told = tell(
        TIER_CREDITED,
        occasion=f"decision:{main.decision_id}",
        subject=f"{partner}: {now_title} instead of {was_title}",
        body=f"{first}\n\n{missing}",
        link=f"/portal/{partner.slug}/decisions/",
        at=at,
        partner=partner,
    )
    return len(told)


def _until(grant: Grant) -> str:
    """Say the last day of a grant that ends."""
    if grant.until_on is None:
        return ""
    last = grant.until_on.fromordinal(grant.until_on.toordinal() - 1)
    return f" until {day_words(last)}"

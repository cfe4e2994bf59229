"""Announcements, and who moved up in a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from assay.store.models import Announcement, Decision, Review
from assay.store.queries.public.public import newest_review, public_partners


@dataclass(frozen=True, kw_only=True)
class Post:
    """A published announcement; `body` is Markdown."""

    slug: str
    title: str
    body: str
    published_at: datetime

    @property
    def opening(self) -> str:
        """The first paragraph, in Markdown."""
        return self.body.strip().replace("\r\n", "\n").split("\n\n")[0]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A partner that was given a higher tier than in the review before."""

    slug: str
    name: str
    before: str
    tier: str


def published(most: int | None = None) -> tuple[Post, ...]:
    """Return the published announcements, the newest first, at most `most`."""
    return tuple(_post(found) for found in _published()[:most])


def post_of(slug: str) -> Post | None:
    """Return a published announcement by its address part."""
    found = _published().filter(slug=slug).first()
    return None if found is None else _post(found)


def moves_up(tiers: Sequence[str]) -> tuple[Move, ...]:
    """Return who holds a higher tier since the newest closed review, highest tiers first.

    Partners who do not wish their moves announced are left out, and so are those who were not in
    the review before; `tiers` are the program's, lowest first.
    """
    review = newest_review()
    earlier = None if review is None else _before(review)
    if earlier is None:
        return ()
    rank = {"none": -1} | {tier: place for place, tier in enumerate(tiers)}
    held = dict(Decision.objects.filter(review=earlier).values_list("partner", "tier"))
    found = [
        Move(
            slug=partner.slug,
            name=partner.name,
            before=held[partner.pk],
            tier=partner.tier,
        )
        for partner in public_partners(review, tiers).filter(announce_moves=True)
        if partner.pk in held
    ]
    risen = [move for move in found if rank[move.tier] > rank.get(move.before, -1)]
    return tuple(sorted(risen, key=lambda move: (-rank[move.tier], move.name)))


def _before(review: Review) -> Review | None:
    return Review.objects.filter(
        kind=Review.Kind.REVIEW, closed_at__isnull=False, on__lt=review.on
    ).first()


def _published() -> QuerySet[Announcement]:
    return Announcement.objects.filter(published_at__isnull=False)


def _post(found: Announcement) -> Post:
    if found.published_at is None:  # the query leaves drafts out
        raise ValueError(found.slug)
    return Post(
        slug=found.slug, title=found.title, body=found.body, published_at=found.published_at
    )

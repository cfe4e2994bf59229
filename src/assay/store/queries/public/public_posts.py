"""Announcements, and who moved up in a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from assay.core.content import PostKind
from assay.store.models import Post as Row
from assay.store.models import Review
from assay.store.queries.content.readable import published as published_rows
from assay.store.queries.public.public import newest_review, public_partners
from assay.store.queries.reviews.credited import granted_by


@dataclass(frozen=True, kw_only=True)
class Post:
    """A published announcement; `body` is Markdown, `changed_at` None where it never was."""

    slug: str
    title: str
    body: str
    published_at: datetime
    changed_at: datetime | None

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


def moves_up(tiers: Sequence[str], on: date) -> tuple[Move, ...]:
    """Return who holds on a day a higher tier than by the review before, highest tiers first.

    Partners who do not wish their moves announced are left out, and so are those who were not in
    the review before; `tiers` are the program's, lowest first.
    """
    review = newest_review()
    earlier = None if review is None else _before(review)
    if earlier is None:
        return ()
    rank = {"none": -1} | {tier: place for place, tier in enumerate(tiers)}
    held = granted_by(earlier.pk)
    found = [
        Move(
            slug=partner.slug,
            name=partner.name,
            before=held[partner.pk].tier,
            tier=partner.tier,
        )
        for partner in public_partners(on, tiers).filter(announce_moves=True)
        if partner.pk in held
    ]
    risen = [move for move in found if rank[move.tier] > rank.get(move.before, -1)]
    return tuple(sorted(risen, key=lambda move: (-rank[move.tier], move.name)))


def _before(review: Review) -> Review | None:
    return Review.objects.filter(
        kind=Review.Kind.REVIEW, state=Review.State.CLOSED, on__lt=review.on
    ).first()


def _published() -> QuerySet[Row]:
    return published_rows().filter(kind=PostKind.ANNOUNCEMENT)


def _post(found: Row) -> Post:
    if found.published_at is None:  # the query leaves drafts out
        raise ValueError(found.slug)
    return Post(
        slug=found.slug,
        title=found.title,
        body=found.body,
        published_at=found.published_at,
        changed_at=found.changed_at,
    )

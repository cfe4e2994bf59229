"""Posts as staff see them: drafts too, who has read them, who signed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from assay.core.content import KIND_TITLES, NO_TIER, Audience, PostKind, admits
from assay.core.program import Program
from assay.store.models import Membership, Post, PostVersion, SignUp
from assay.store.queries.content.readable import audience_of
from assay.store.queries.reviews.credited import credited_on


@dataclass(frozen=True, kw_only=True)
class StaffPost:
    """A post in the list: who reads it, how many members that is and how many have read it."""

    number: int
    title: str
    kind: str
    kind_title: str
    state: str
    audience: Audience
    read: int
    readers: int
    signed_up: int
    by: str
    made_at: datetime
    publish_at: datetime | None
    published_at: datetime | None
    starts_at: datetime | None


def staff_posts(on: date, program: Program) -> tuple[StaffPost, ...]:
    """Return every post: drafts, then what is planned, then what is published; newest first."""
    seated = Count("sign_ups", filter=Q(sign_ups__state=SignUp.State.SEATED))
    found = list(Post.objects.select_related("by").annotate(signed_up=seated))
    everybody, tiers = _seats(on), _tiers(on)
    reads = _reads(tiers)
    rows = [
        StaffPost(
            number=post.pk,
            title=post.title,
            kind=post.kind,
            kind_title=KIND_TITLES[post.kind],
            state=state_of(post),
            audience=audience_of(post),
            read=_among(audience_of(post), reads.get(post.pk, Counter()), program),
            readers=_among(audience_of(post), everybody, program),
            signed_up=post.signed_up,
            by="" if post.by is None else str(post.by),
            made_at=post.made_at,
            publish_at=post.publish_at,
            published_at=post.published_at,
            starts_at=post.starts_at,
        )
        for post in found
    ]
    order = ("draft", "scheduled", "published", "withdrawn")
    rows.sort(key=lambda row: row.published_at or row.made_at, reverse=True)
    return tuple(sorted(rows, key=lambda row: order.index(row.state)))


def state_of(post: Post) -> str:
    """Tell where a post stands: draft, scheduled, published or withdrawn."""
    if post.withdrawn_at is not None:
        return "withdrawn"
    if post.published_at is not None:
        return "published"
    return "draft" if post.publish_at is None else "scheduled"


def post_by_number(number: int) -> Post | None:
    """Return a post, whatever its state."""
    return Post.objects.select_related("by").filter(pk=number).first()


def versions_of(post: Post) -> QuerySet[PostVersion]:
    """Return what a post said before, the newest first."""
    return post.versions.select_related("by")


def sign_ups_of(post: Post) -> QuerySet[SignUp]:
    """Return who signed up for a post, those with a place first."""
    found = post.sign_ups.select_related("person", "partner")
    return found.exclude(state=SignUp.State.LEFT).order_by("state", "asked_at", "pk")


def _tiers(on: date) -> Mapping[int, str]:
    return {partner: held.tier for partner, held in credited_on(on).items()}


def _seats(on: date) -> Counter[tuple[str, str]]:
    """Count members by tier and role."""
    tiers, found = _tiers(on), Counter[tuple[str, str]]()
    rows = Membership.objects.order_by().values_list("partner", "role").annotate(n=Count("pk"))
    for partner, role, count in rows:
        found[tiers.get(partner, NO_TIER), role] += count
    return found


def _reads(tiers: Mapping[int, str]) -> Mapping[int, Counter[tuple[str, str]]]:
    """Count members who have read a post, by the post, their tier and role."""
    found: dict[int, Counter[tuple[str, str]]] = {}
    rows = (
        Membership.objects.filter(person__posts_read__isnull=False)
        .order_by()
        .values_list("person__posts_read__post", "partner", "role")
        .annotate(n=Count("pk"))
    )
    for post, partner, role, count in rows:
        found.setdefault(post, Counter())[tiers.get(partner, NO_TIER), role] += count
    return found


def _among(audience: Audience, counted: Counter[tuple[str, str]], program: Program) -> int:
    return sum(
        count for (tier, role), count in counted.items() if admits(audience, tier, role, program)
    )


KINDS = tuple((kind.value, KIND_TITLES[kind]) for kind in PostKind)

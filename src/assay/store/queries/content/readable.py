"""Who may read what: the one place where an audience is asked of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from assay.core.content import (
    NO_TIER,
    Audience,
    PostKind,
    Session,
    admits,
    benefits_of,
)
from assay.core.program import Program
from assay.store.models import Membership, Partner, Person, Post, PostRead, SignUp
from assay.store.queries.reviews.credited import credited_on, grant_of


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person in a partner, with the partner's credited tier."""

    person: Person
    partner: Partner
    role: str
    tier: str


def credited_tier(partner_id: int, on: date) -> str:
    """Return the tier that a partner is credited with on a day, "none" without one."""
    grant = grant_of(partner_id, on)
    return NO_TIER if grant is None else grant.tier


def readable(tier: str, role: str, program: Program) -> QuerySet[Post]:
    """Return the published posts that members with `role` of partners at `tier` may read.

    No role (the empty text): of any role.
    """
    whose = Q(benefit="") & (Q(tiers=[]) | Q(tiers__contains=[tier]))
    whose |= Q(benefit__in=benefits_of(tier, program))
    if role:
        whose &= Q(roles=[]) | Q(roles__contains=[role])
    return published().filter(whose)


def published() -> QuerySet[Post]:
    """Return what is published and not withdrawn, the newest first."""
    return Post.objects.filter(published_at__isnull=False, withdrawn_at=None)


def unread(posts: QuerySet[Post], person_id: int) -> QuerySet[Post]:
    """Return those of `posts` that a person has not read."""
    return posts.filter(~Exists(PostRead.objects.filter(post=OuterRef("pk"), person=person_id)))


def audience_of(post: Post) -> Audience:
    """Return a post's audience as a value."""
    return Audience(
        benefit=post.benefit,
        tiers=tuple(post.tiers),
        roles=tuple(post.roles),
        public=post.kind == PostKind.ANNOUNCEMENT,
    )


def session_of(post: Post, *, joins: bool = True) -> Session | None:
    """Return when a post takes place, None where it does not; the link for those who join."""
    if post.starts_at is None or post.ends_at is None:
        return None
    return Session(
        starts_at=post.starts_at,
        ends_at=post.ends_at,
        zone=post.zone,
        join_link=post.join_link if joins else "",
    )


def members(on: date, people: Iterable[int] | None = None) -> tuple[Member, ...]:
    """Return the members of every partner on a day (of `people`), in the order they came in."""
    held = credited_on(on)
    seats = Membership.objects.select_related("person", "partner").order_by("pk")
    if people is not None:
        seats = seats.filter(person__in=people)
    return tuple(
        Member(
            person=seat.person,
            partner=seat.partner,
            role=seat.role,
            tier=held[seat.partner_id].tier if seat.partner_id in held else NO_TIER,
        )
        for seat in seats
    )


def admitted(audience: Audience, on: date, program: Program) -> Iterator[Member]:
    """Yield the members who are in an audience on a day."""
    return (one for one in members(on) if admits(audience, one.tier, one.role, program))


def signed_up(
    post: Post, on: date, program: Program, *, states: Iterable[str] = (SignUp.State.SEATED,)
) -> tuple[tuple[SignUp, Member], ...]:
    """Return who signed up and is in the audience on a day, in the order in which they asked."""
    asked = list(post.sign_ups.filter(state__in=states))
    seats = {
        (one.person.pk, one.partner.pk): one
        for one in members(on, [sign_up.person_id for sign_up in asked])
        if admits(audience_of(post), one.tier, one.role, program)
    }
    pairs = ((one, seats.get((one.person_id, one.partner_id))) for one in asked)
    return tuple((sign_up, member) for sign_up, member in pairs if member is not None)

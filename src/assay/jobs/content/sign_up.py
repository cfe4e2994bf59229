"""Sign up for what a post offers, and leave: never more people than places."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.content import admits
from assay.jobs.content.acts import locked, refused
from assay.jobs.content.in_force import in_force
from assay.jobs.content.places import fill_places, is_open, seated
from assay.jobs.operations.events import record
from assay.store.models import Partner, Person, Post, SignUp
from assay.store.queries.content.readable import audience_of, members, signed_up

_WORDS = {SignUp.State.SEATED: "has a place at", SignUp.State.WAITING: "waits for a place at"}


def sign_up(number: int, *, person: Person, partner: int, at: datetime) -> SignUp:
    """Give a member a place, or one on the waiting list; asked again, nothing changes.

    The post is taken for it, so that of many who ask at once no more get a place than there are.
    Raises Refused where nobody can sign up, or the member is not in the audience.
    """
    with transaction.atomic():
        post = locked(number)
        of = _partner_in_audience(post, person, partner, at)
        if not is_open(post, at=at):
            raise refused("nobody can sign up for this any more")
        found = SignUp.objects.filter(post=post, person=person).first()
        if found is not None and found.state != SignUp.State.LEFT:
            return found
        has_place = post.places is None or seated(post) < post.places
        state = SignUp.State.SEATED if has_place else SignUp.State.WAITING
        told = {"partner": of, "state": state, "asked_at": at, "changed_at": at}
        found, _ = SignUp.objects.update_or_create(post=post, person=person, defaults=told)
        words = f"{person} {_WORDS[state]} “{post}”"
        record("signed_up", words[:400], at=at, by=person, partner=of, target=f"post:{post.pk}")
    return found


def leave_place(number: int, *, person: Person, at: datetime) -> None:
    """Give a place up, to who waits; who has none is refused."""
    with transaction.atomic():
        post = locked(number)
        found = post.sign_ups.filter(person=person).exclude(state=SignUp.State.LEFT).first()
        if found is None:
            raise refused("you have not signed up")
        _leave(found, f"{person} left “{post}”", at=at, by=person)
        fill_places(post, at=at)


def release_places(*, at: datetime) -> int:
    """Give up the places of those who are not in the audience any more; returns how many."""
    (program, on), released = in_force(at), 0
    states = (SignUp.State.SEATED, SignUp.State.WAITING)
    held = Post.objects.filter(sign_ups__state__in=states).distinct()
    for number in [post.pk for post in held if is_open(post, at=at)]:
        with transaction.atomic():
            post = locked(number)
            inside = [one.pk for one, _ in signed_up(post, on, program, states=states)]
            for found in post.sign_ups.filter(state__in=states).exclude(pk__in=inside):
                words = f"{found.person} may not read “{post}” any more, and left it"
                _leave(found, words, at=at, by=None)
                released += 1
            fill_places(post, at=at)
    return released


def _leave(found: SignUp, words: str, *, at: datetime, by: Person | None) -> None:
    found.state, found.changed_at = SignUp.State.LEFT, at
    found.save(update_fields=["state", "changed_at"])
    target = f"post:{found.post_id}"
    record("left_place", words[:400], at=at, by=by, partner=found.partner, target=target)


def _partner_in_audience(post: Post, person: Person, partner: int, at: datetime) -> Partner:
    (program, on), audience = in_force(at), audience_of(post)
    for one in members(on, [person.pk]):
        if one.partner.pk == partner and admits(audience, one.tier, one.role, program):
            return one.partner
    raise refused("this is not for your role, or not for the tier of your partner")

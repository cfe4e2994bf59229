"""Tell the members in its audience of a post that was published."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from assay.core.content import KIND_TITLES
from assay.core.notices.content import POSTED
from assay.core.notices.program import ANNOUNCED
from assay.jobs.content.in_force import in_force
from assay.jobs.notices.tell import tell
from assay.store.models import Partner, Person
from assay.store.queries.content.readable import admitted, audience_of, published

TELL_POST = "tell_post"
_OCCASION = "post:{}"
_AT_ONCE = 100  # partners of one transaction; a worker that dies goes on where it stopped


def tell_post(number: int, *, at: datetime) -> int:
    """Tell everybody in the audience of a published post, once each; returns how many were new.

    An announcement's link is its public page; of the rest it is the page in the portal of the
    first partner in which a person may read it.
    """
    post = published().filter(pk=number).first()
    if post is None:
        return 0
    audience = audience_of(post)
    kind = ANNOUNCED if audience.public else POSTED
    said = "The program announces" if audience.public else f"New for you, {_lower(post.kind)}"
    people: dict[Partner, list[Person]] = defaultdict(list)
    program, on = in_force(at)
    for member in admitted(audience, on, program):
        people[member.partner].append(member.person)
    new, partners = 0, list(people)
    for first in range(0, len(partners), _AT_ONCE):
        with transaction.atomic():
            for partner in partners[first : first + _AT_ONCE]:
                page = f"/portal/{partner.slug}/resources/{post.slug}/"
                told = tell(
                    kind,
                    occasion=_OCCASION.format(post.pk),
                    subject=post.title,
                    body=f"{said}: {post.title}.",
                    link=f"/announcements/{post.slug}/" if audience.public else page,
                    at=at,
                    partner=None if audience.public else partner,
                    people=people[partner],
                )
                new += len(told)
    return new


def occasions_of(number: int) -> tuple[str, ...]:
    """Return the occasions on which people are told of a post."""
    return tuple(f"{kind.key}:{_OCCASION.format(number)}" for kind in (ANNOUNCED, POSTED))


def _lower(kind: str) -> str:
    return KIND_TITLES[kind].lower()

"""The digest: once a week, one mail a person, with what is new and not read yet.

A week ends on Monday at 9:00 in the reader's time zone. What was published in it, is in the
reader's audience at that moment and has not been read, is told; where there is nothing, nobody
is written to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from assay.core.content import KIND_TITLES, admits
from assay.core.notices.content import DIGEST
from assay.core.program import Program
from assay.jobs.content.in_force import in_force
from assay.jobs.notices.tell import tell
from assay.store.models import Notice, Person, Post, PostRead
from assay.store.queries.content.readable import Member, audience_of, members, published

HOUR = time(9)
WEEK = timedelta(days=7)
LATE = timedelta(days=1)  # a worker that was down sends it this long after
MOST_TOLD = 20


def send_digests(*, at: datetime) -> int:
    """Send every digest that is due at this moment; returns how many were."""
    posts = list(published().filter(published_at__gt=at - WEEK - LATE, published_at__lte=at))
    due: dict[Person, list[Member]] = defaultdict(list)
    program, on = in_force(at)
    for member in members(on) if posts else ():
        if week_end(member.person.time_zone, at) > at - LATE:
            due[member.person].append(member)
    read = set(
        PostRead.objects.filter(post__in=posts, person__in=due).values_list("post", "person")
    )
    had = set(
        Notice.objects.filter(kind=DIGEST.key, person__in=due, told_at__gt=at - WEEK).values_list(
            "person", "occasion"
        )
    )
    sent = 0
    for person, seats in due.items():
        end = week_end(person.time_zone, at)
        if (person.pk, f"{DIGEST.key}:{week_of(end)}") in had:
            continue
        unread = [
            post for post in posts if (post.pk, person.pk) not in read and _of_week(post, end)
        ]
        found = [(post, _seat(post, seats, program)) for post in unread]
        new = [(post, seat) for post, seat in found if seat is not None]
        if new:
            sent += _send(person, new, week_of(end), at=at)
    return sent


def week_end(zone: str, at: datetime) -> datetime:
    """Return the last Monday 9:00 in a time zone that is not after `at`."""
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    monday = local.date() - timedelta(days=local.weekday())
    end = datetime.combine(monday, HOUR, tzinfo=local.tzinfo)
    if end > at:
        end = datetime.combine(monday - WEEK, HOUR, tzinfo=local.tzinfo)
    return end


def week_of(end: datetime) -> str:
    """Name the week that ends at a moment: `2026-W47`."""
    year, week, _ = date.isocalendar(end.date())
    return f"{year}-W{week:02}"


def _of_week(post: Post, end: datetime) -> bool:
    return post.published_at is not None and end - WEEK <= post.published_at < end


def _seat(post: Post, seats: Iterable[Member], program: Program) -> Member | None:
    """Return the first seat in which a person may read a post."""
    audience = audience_of(post)
    return next((one for one in seats if admits(audience, one.tier, one.role, program)), None)


def _send(person: Person, new: Sequence[tuple[Post, Member]], week: str, *, at: datetime) -> int:
    """Tell a person of posts, each with the seat in which they may read it."""
    first, seat = new[0]
    more = f", and {len(new) - 1} more" if len(new) > 1 else ""
    lines = [_line(post, seat) for post, seat in new[:MOST_TOLD]]
    if len(new) > MOST_TOLD:
        lines.append(f"And {len(new) - MOST_TOLD} more in the portal.")
    told = tell(
        DIGEST,
        occasion=week,
        subject=f"New for you: {first.title}{more}",
        body="\n\n".join(["This was published last week, and you have not read it.", *lines]),
        link=f"/portal/{seat.partner.slug}/resources/?unread=on",
        at=at,
        people=[person],
    )
    return len(told)


def _line(post: Post, seat: Member) -> str:
    page = f"{settings.BASE_URL}/portal/{seat.partner.slug}/resources/{post.slug}/"
    return f"{KIND_TITLES[post.kind]}: {post.title}\n{page}"

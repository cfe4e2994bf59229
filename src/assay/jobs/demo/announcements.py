"""The demo's announcements: made up, but for who moved up, which the decisions tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from assay.core.content import Audience, PostContent, PostKind
from assay.core.program import Program
from assay.jobs.content.publish_post import publish_post
from assay.jobs.content.write_post import draft_post
from assay.jobs.letters.advancements import moves_text
from assay.store.models import Partner, Post
from assay.store.queries.public.public_posts import moves_up
from assay.words.dates import MONTHS, day_words

_NOON = time(12, tzinfo=UTC)
_WELCOME = """\
Partners now see where they stand, any day of the year.

- The **standing** sets each requirement beside what was measured, and says how far off it is.
- Every figure opens the rows behind it: those that count, and those that do not with the reason.
- The profile, the apps and the team are kept in one place.

No account yet? [Get started](/start/) tells the first steps; partners that the marketplace
knows from its reports are claimed, not made anew.
"""
_WINDOW = """\
The review of {on} counts what is dated before that day. Three things take time, so begin early:

1. **Data Center approval** is examined by people.
2. **The bug bounty program** pays for what is found, and the first weeks find the most.
3. **Payment models** are read as they stand on the last day, for every paid app.

The [calendar](/program/#calendar) has the days of every window.
"""


def write_announcements(program: Program, *, review: date, coming: date, at: datetime) -> None:
    """Publish three announcements around the newest review, none later than `at`; once."""
    if Post.objects.filter(kind=PostKind.ANNOUNCEMENT).exists():
        return
    Partner.objects.update(announce_moves=True)  # they are made up, and so is their consent
    posts = (
        ("Your standing, any day of the year", _WELCOME, review - timedelta(days=45)),
        (f"Who moved up in {MONTHS[review.month - 1]} {review.year}", None, review),
        (f"Before the review of {day_words(coming)}", _WINDOW, at.date() - timedelta(days=9)),
    )
    for title, body, on in posts:
        moment = min(datetime.combine(on, _NOON), at)
        moved = moves_up(tuple(program.tiers), at.date())
        written = (
            moves_text(moved, program, review)
            if body is None
            else body.format(on=day_words(coming))
        )
        content = PostContent(
            kind=PostKind.ANNOUNCEMENT, title=title, body=written, audience=Audience(public=True)
        )
        publish_post(draft_post(content, by=None, at=moment).pk, by=None, at=moment)

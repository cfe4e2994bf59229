"""The demo's announcements: made up, but for who moved up, which the decisions tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from assay.core.content import Audience, PostContent, PostKind
from assay.core.program import Program
from assay.jobs.content.publish_post import publish_post
from assay.jobs.content.write_post import draft_post
from assay.store.models import Post
from assay.store.queries.public.public_posts import Move, moves_up
from assay.words.dates import MONTHS, day_words
from assay.words.standing import NO_TIER, tier_title

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


def moves_text(moves: Iterable[Move], program: Program, review: date) -> str:
    """Write who moved up, by the tier that was reached, as Markdown."""
    risen = tuple(moves)
    count = "One partner holds" if len(risen) == 1 else f"{len(risen)} partners hold"
    lines = [f"Since the review of {day_words(review)}, {count} a higher tier than a year before."]
    for tier, group in groupby(risen, key=lambda move: move.tier):
        lines += ["", f"## {_plain(tier_title(tier, program))}", ""]
        for move in group:
            before = f"before: {_plain(tier_title(move.before, program))}"
            told = "its first tier" if move.before == NO_TIER else before
            lines.append(f"- [{_plain(move.name)}](/partners/{move.slug}/), {told}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Escape what Markdown would take for a mark."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~&-])", r"\\\1", text)

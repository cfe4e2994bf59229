"""What the demo's program has published: made-up posts of every kind, one webinar nearly full."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from assay.core.content import Audience, PostContent, PostKind, Session
from assay.core.rights import Role
from assay.jobs.content.attach import add_file, add_link
from assay.jobs.content.in_force import in_force
from assay.jobs.content.publish_post import publish_post, schedule_post
from assay.jobs.content.sign_up import sign_up
from assay.jobs.content.tell_post import tell_post
from assay.jobs.content.write_post import draft_post, edit_post
from assay.jobs.demo.cast import Cast
from assay.store.models import Person
from assay.store.queries.content.readable import credited_tier

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_CHECKLIST = b"""Before the review (made up)

1. Every paid app has a payment model.
2. Every app with many installs is in the bug bounty program.
3. Support hours and time zone are those that you keep.
"""
_BODIES = {
    "outlook": (
        "The page **Standing** now says how much room is left for each requirement.\n\n"
        "- what counts today\n- what leaves the window next\n\nWrite to us what is missing."
    ),
    "notes": (
        "The made-up council met for the made-up third time.\n\n"
        "## Discussed\n\nHow early changes of the program are announced.\n\n"
        "## Concluded\n\nNinety days before they count, in the portal and by mail."
    ),
    "first": (
        "Three steps that help every newcomer:\n\n"
        "1. Complete the **profile**.\n2. Invite who answers customers.\n"
        "3. Read your standing, and open one figure to its rows."
    ),
    "sales": "How gross sales are counted, row by row, with questions and answers.",
    "security": "What the bug bounty program asks, and what its first weeks are like.",
    "campaign": (
        "A made-up campaign on apps for service teams.\n\n"
        "| When | What |\n|---|---|\n| first month | texts and pictures are due |\n"
        "| second month | guest posts |\n| third month | the campaign |"
    ),
    "early": "Try the made-up listing page with videos, six weeks before everybody else.",
}


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A post of the demo, and how many days ago it was published."""

    content: PostContent
    days_ago: int
    links: tuple[tuple[str, str], ...] = ()
    file: str = ""
    recording: str = ""
    signed_up: tuple[str, ...] = field(default=())


def enter_content(cast: Cast, *, at: datetime) -> None:
    """Publish posts of every kind, keep one as a draft and one planned, and sign people up."""
    manager = cast.people["staff-manager"]
    for entry in _entries(at):
        _publish(entry, cast, manager, at)
    draft = PostContent(kind=PostKind.UPDATE, title="What changes in spring", body="To be written.")
    draft_post(draft, by=manager, at=at)
    planned = draft_post(
        PostContent(
            kind=PostKind.RESOURCE,
            title="A calendar of made-up events",
            body="Where you can meet us, and what sponsors get.",
            audience=Audience(roles=(Role.OWNER, Role.SUPPORT)),
        ),
        by=manager,
        at=at,
    )
    schedule_post(planned.pk, on=at + 3 * _DAY, by=manager, at=at)


def _publish(entry: _Entry, cast: Cast, by: Person, at: datetime) -> None:
    then = at - entry.days_ago * _DAY
    post = draft_post(entry.content, by=by, at=then)
    for title, url in entry.links:
        add_link(post.pk, url, title=title, by=by, at=then)
    if entry.file:
        sent = io.BytesIO(_CHECKLIST)
        add_file(post.pk, sent, name=entry.file, title="The checklist", by=by, at=then)
    if entry.recording:
        add_link(post.pk, entry.recording, title="The recording", is_recording=True, by=by, at=then)
    publish_post(post.pk, by=by, at=then)
    tell_post(post.pk, at=then)
    for name in entry.signed_up:
        partner = cast.partners[name]
        _, on = in_force(at)
        if credited_tier(partner.pk, on) in entry.content.audience.tiers:
            sign_up(post.pk, person=cast.people[name], partner=partner.pk, at=at)
    if entry.content.kind is PostKind.UPDATE:
        body = entry.content.body.replace("what is missing", "what you miss")
        edit_post(post.pk, replace(entry.content, body=body), by=by, at=then + _HOUR)


def _entries(at: datetime) -> tuple[_Entry, ...]:
    to_all = Audience(benefit="communications")
    hour = at.replace(minute=0, second=0, microsecond=0)
    return (
        _Entry(content=_post(PostKind.RESOURCE, "First steps in the program", "first"), days_ago=60,
               file="checklist.txt", links=(("The program's rules", "https://rules.example/"),)),
        _Entry(content=_post(PostKind.COUNCIL_NOTE, "Notes of the third council meeting", "notes",
                             audience=replace(to_all, roles=(Role.OWNER, Role.FINANCE))),
               days_ago=21),
        _Entry(content=_webinar("How sales are counted", "sales", hour - 12 * _DAY, to_all),
               days_ago=30, recording="https://video.example/made-up/sales"),
        _Entry(content=_post(PostKind.UPDATE, "How much room is left, on one page", "outlook",
                             audience=to_all), days_ago=9),
        _Entry(content=_post(PostKind.ROADMAP, "Campaign: apps for service teams", "campaign",
                             audience=Audience(benefit="campaign_roadmap"), takes_sign_ups=True),
               days_ago=6),
        _Entry(content=_post(PostKind.PROGRAM, "Listing pages with videos", "early",
                             audience=Audience(benefit="early_access"), takes_sign_ups=True,
                             places=5), days_ago=4),
        _Entry(content=replace(_webinar("Your first weeks in the bug bounty program", "security",
                                        hour + 9 * _DAY, Audience(tiers=("gold", "platinum"))),
                               places=3),
               days_ago=2, signed_up=("viewer-member", "support-member")),
    )  # fmt: skip


def _post(
    kind: PostKind,
    title: str,
    text: str,
    *,
    audience: Audience | None = None,
    takes_sign_ups: bool = False,
    places: int | None = None,
) -> PostContent:
    return PostContent(
        kind=kind,
        title=title,
        body=_BODIES[text],
        audience=audience or Audience(),
        takes_sign_ups=takes_sign_ups,
        places=places,
    )


def _webinar(title: str, text: str, starts_at: datetime, audience: Audience) -> PostContent:
    session = Session(
        starts_at=starts_at,
        ends_at=starts_at + _HOUR,
        zone="Europe/Stockholm",
        join_link="https://meet.example/made-up",
    )
    content = _post(PostKind.WEBINAR, title, text, audience=audience, takes_sign_ups=True)
    return replace(content, session=session)

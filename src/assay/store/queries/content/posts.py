"""Posts as members see them: the list, one post, webinars, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from assay.core.content import KIND_TITLES, Audience, PostKind, Session
from assay.core.program import Program
from assay.store.models import Attachment, Post, PostRead, SignUp
from assay.store.queries.content.readable import audience_of, readable, session_of, unread


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file (`name` and `size` in bytes) or a link (`url`) of a post."""

    number: int
    title: str
    url: str
    name: str
    size: int

    @property
    def host(self) -> str:
        """Where a link leads, "" for a file."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, kw_only=True)
class Places:
    """How sign-up stands: `most` is None without a limit; `mine` is the reader's state or ""."""

    most: int | None
    taken: int
    waiting: int
    mine: str

    @property
    def left(self) -> int | None:
        """How many places are left, None without a limit."""
        return None if self.most is None else max(self.most - self.taken, 0)


@dataclass(frozen=True, kw_only=True)
class ShownPost:
    """A post as a reader sees it; `body` is Markdown, `audience` who else reads it.

    `places` is None where nobody signs up; the session has its link to join only for those who
    have a place. Recordings are there once the webinar is over.
    """

    number: int
    slug: str
    kind: PostKind
    kind_title: str
    title: str
    body: str
    audience: Audience
    published_at: datetime | None
    changed_at: datetime | None
    session: Session | None
    sequence: int
    is_over: bool
    is_cancelled: bool
    is_open: bool
    places: Places | None
    attached: tuple[Attached, ...]
    recordings: tuple[Attached, ...]


@dataclass(frozen=True, kw_only=True)
class New:
    """A post that a person has not read."""

    slug: str
    title: str
    kind_title: str
    published_at: datetime


def posts_for(posts: QuerySet[Post], person_id: int) -> QuerySet[Post]:
    """Return posts with `is_new` for a person, what is new first, then the newest."""
    read = PostRead.objects.filter(post=OuterRef("pk"), person=person_id)
    return posts.annotate(is_new=~Exists(read)).order_by("-is_new", "-published_at", "-pk")


def matching(posts: QuerySet[Post], words: str) -> QuerySet[Post]:
    """Return those posts whose title or text has these words, as a search engine reads them."""
    text = SearchVector("title", "body", config="simple")
    sought = SearchQuery(words, config="simple", search_type="websearch")
    return posts.annotate(text=text).filter(text=sought)


def webinars_for(posts: QuerySet[Post], person_id: int) -> QuerySet[Post]:
    """Return the webinars among posts, with `mine` (a state or None), `taken` and `recorded`."""
    mine = SignUp.objects.filter(post=OuterRef("pk"), person=person_id)
    mine = mine.exclude(state=SignUp.State.LEFT)
    recorded = Attachment.objects.filter(post=OuterRef("pk"), is_recording=True)
    return posts.filter(kind=PostKind.WEBINAR).annotate(
        mine=Subquery(mine.values("state")[:1]),
        taken=Count("sign_ups", filter=Q(sign_ups__state=SignUp.State.SEATED)),
        recorded=Exists(recorded),
    )


def coming(webinars: QuerySet[Post], at: datetime) -> QuerySet[Post]:
    """Return those that have not ended, the next first."""
    return webinars.filter(ends_at__gt=at).order_by("starts_at", "pk")


def signed_up_for(webinars: QuerySet[Any]) -> QuerySet[Any]:
    """Return those that the reader of `webinars_for` signed up for, the last first."""
    return webinars.filter(mine__isnull=False).order_by("-starts_at", "-pk")


def past(webinars: QuerySet[Post], at: datetime) -> QuerySet[Post]:
    """Return those that have ended, the last first."""
    return webinars.filter(ends_at__lte=at, cancelled_at=None).order_by("-starts_at", "-pk")


def newest_unread(
    tier: str, role: str, program: Program, *, person_id: int, most: int
) -> tuple[New, ...]:
    """Return the newest posts that a member may read and has not. One query."""
    found = unread(readable(tier, role, program), person_id)
    rows = found.values_list("slug", "title", "kind", "published_at")[:most]
    return tuple(
        New(slug=slug, title=title, kind_title=KIND_TITLES[kind], published_at=published_at)
        for slug, title, kind, published_at in rows
        if published_at is not None  # the query leaves drafts out
    )


def count_unread(
    tier: str, role: str, program: Program, *, person_id: int, at: datetime
) -> tuple[int, int]:
    """Count what a member may read and has not, and the webinars to come among it. One query."""
    found = unread(readable(tier, role, program), person_id).order_by()
    to_come = Q(kind=PostKind.WEBINAR, ends_at__gt=at, cancelled_at=None)
    counts = found.aggregate(posts=Count("pk"), webinars=Count("pk", filter=to_come))
    return counts["posts"], counts["webinars"]


def shown_post(post: Post, *, person_id: int | None, at: datetime) -> ShownPost:
    """Return a post as a person sees it; None: as anybody in its audience would."""
    places = _places(post, person_id) if post.takes_sign_ups else None
    has_place = places is not None and places.mine == SignUp.State.SEATED
    is_over = post.ends_at is not None and post.ends_at <= at
    attached = tuple(post.attachments.all())
    return ShownPost(
        number=post.pk,
        slug=post.slug,
        kind=PostKind(post.kind),
        kind_title=KIND_TITLES[post.kind],
        title=post.title,
        body=post.body,
        audience=audience_of(post),
        published_at=post.published_at,
        changed_at=post.changed_at,
        session=session_of(post, joins=has_place),
        sequence=post.sequence,
        is_over=is_over,
        is_cancelled=post.cancelled_at is not None,
        is_open=post.takes_sign_ups and not is_over and post.cancelled_at is None,
        places=places,
        attached=tuple(_attached(one) for one in attached if not one.is_recording),
        recordings=tuple(_attached(one) for one in attached if one.is_recording and is_over),
    )


def attachment_of(
    post: Post, number: int, *, at: datetime, early: bool = False
) -> Attachment | None:
    """Return a file of a post; a recording only once the webinar is over, or to staff (`early`)."""
    found = post.attachments.filter(pk=number, url="").first()
    if found is None or early or not found.is_recording:
        return found
    return found if post.ends_at is not None and post.ends_at <= at else None


def _places(post: Post, person_id: int | None) -> Places:
    states = dict(post.sign_ups.order_by().values_list("state").annotate(found=Count("pk")))
    mine = post.sign_ups.filter(person=person_id).values_list("state", flat=True).first()
    return Places(
        most=post.places,
        taken=states.get(SignUp.State.SEATED, 0),
        waiting=states.get(SignUp.State.WAITING, 0),
        mine="" if mine in (None, SignUp.State.LEFT) else str(mine),
    )


def _attached(one: Attachment) -> Attached:
    return Attached(number=one.pk, title=one.title, url=one.url, name=one.name, size=one.size)

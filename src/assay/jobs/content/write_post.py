"""Write posts: drafted, changed, dropped; what was published keeps what it said before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.content import SIGN_UP_KINDS, Audience, PostContent, PostKind, tiers_of
from assay.jobs.content.acts import content_of, locked, record_act, refused, who
from assay.jobs.content.attach import remove_files
from assay.jobs.content.in_force import in_force
from assay.jobs.content.places import fill_places, seated, tell_of_change
from assay.jobs.partners.know_partners import free_slug
from assay.store.models import Person, Post, PostVersion
from assay.store.queries.content.readable import session_of

_OWN_ADDRESSES = {"feed", "read", "new"}


def draft_post(content: PostContent, *, by: Person | None, at: datetime) -> Post:
    """Begin a post that nobody but staff sees; raises Refused."""
    _check(content, at)
    with transaction.atomic():
        post = Post(slug=_free(content), by=by, made_at=at)
        _set(post, content)
        post.save()
        record_act("post_drafted", f"{who(by)} drafted “{post}”", post, at=at, by=by)
    return post


def edit_post(number: int, content: PostContent, *, by: Person, at: datetime) -> Post:
    """Change a post; what a published one said before is kept. Raises Refused.

    Its address stays once it is published. Those who signed up are told of another time, and
    places that are new go to those who wait.
    """
    _check(content, at)
    with transaction.atomic():
        post = locked(number)
        if content.kind != post.kind:
            raise refused("a post stays of the kind as which it was begun")
        if content == content_of(post):
            return post
        was = session_of(post)
        if post.published_at is None:
            post.slug = _free(content, post.pk)
            words = f"{by} edited the draft “{content.title}”"
        else:
            _keep_version(post, by=by, at=at)
            post.changed_at = at
            words = f"{by} changed “{content.title}”"
        if content.places is not None and content.places < seated(post):
            raise refused(f"{seated(post)} people have a place already", column="places")
        post.sequence += 1
        _set(post, content)
        post.save()
        record_act("post_edited", words, post, at=at, by=by)
        tell_of_change(post, was, at=at)
        fill_places(post, at=at)
    return post


def drop_post(number: int, *, by: Person, at: datetime) -> None:
    """Drop a draft; its words stay in the record. Raises Refused where it was published."""
    with transaction.atomic():
        post = locked(number)
        if post.published_at is not None:
            raise refused("it is published", "Withdraw it: nobody will see it then.")
        words = f"{by} dropped the draft “{post}”"
        record_act("post_dropped", words, post, at=at, by=by)
        remove_files(post.attachments.all())
        post.delete()


def _check(content: PostContent, at: datetime) -> None:
    """Refuse what contradicts itself, or what nobody could read."""
    audience, session = content.audience, content.session
    if audience.public != (content.kind is PostKind.ANNOUNCEMENT):
        raise refused("announcements are public, and nothing else is")
    if audience.public and audience != Audience(public=True):
        raise refused("what is public is for everybody", column="audience")
    program, _on = in_force(at)
    if not tiers_of(audience, program):
        raise refused("nobody would read it", "Choose another audience.", "audience")
    if (session is not None) != (content.kind is PostKind.WEBINAR):
        raise refused("a webinar has a time, and nothing else has", column="starts_at")
    if session is not None and session.starts_at >= session.ends_at:
        raise refused("it ends before it begins", column="ends_at")
    if content.takes_sign_ups and content.kind not in SIGN_UP_KINDS:
        raise refused("nobody can sign up for a post of this kind")


def _set(post: Post, content: PostContent) -> None:
    audience, session = content.audience, content.session
    post.kind, post.title, post.body = content.kind, content.title, content.body
    post.benefit, post.tiers, post.roles = audience.benefit, [*audience.tiers], [*audience.roles]
    post.takes_sign_ups, post.places = content.takes_sign_ups, content.places
    if session is not None:
        post.starts_at, post.ends_at = session.starts_at, session.ends_at
        post.zone, post.join_link = session.zone, session.join_link


def _keep_version(post: Post, *, by: Person, at: datetime) -> None:
    terms = {
        "benefit": post.benefit,
        "tiers": post.tiers,
        "roles": post.roles,
        "places": post.places,
        "starts_at": post.starts_at and post.starts_at.isoformat(),
        "ends_at": post.ends_at and post.ends_at.isoformat(),
        "zone": post.zone,
        "join_link": post.join_link,
    }
    PostVersion.objects.create(
        post=post, title=post.title, body=post.body, terms=terms, until=at, by=by
    )


def _free(content: PostContent, own: int = 0) -> str:
    """Return an address part that no other post has."""
    taken = set(Post.objects.exclude(pk=own).values_list("slug", flat=True)) | _OWN_ADDRESSES
    return free_slug(content.title, taken, otherwise=content.kind.replace("_", "-"))

"""Publish posts, now or at a moment; withdraw them; cancel what does not take place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.content import PostKind
from assay.core.notices.content import SESSION_CHANGED
from assay.gateways.queue import defer
from assay.jobs.content.acts import locked, record_act, refused, who
from assay.jobs.content.places import Telling, is_open, tell_signed_up
from assay.jobs.content.tell_post import TELL_POST
from assay.store.models import Person, Post
from assay.words.dates import day_words

_CANCELLED = Telling(
    kind=SESSION_CHANGED, lead="Cancelled", words="It does not take place. Your place is given up."
)


def publish_post(number: int, *, by: Person | None, at: datetime) -> Post:
    """Publish a draft now; raises Refused where it is published already or gone."""
    with transaction.atomic():
        post = _draft(number)
        _publish(post, f"{who(by)} published “{post}”", by=by, at=at)
    return post


def schedule_post(number: int, *, on: datetime | None, by: Person, at: datetime) -> Post:
    """Have the worker publish a draft at a moment to come, or (None) not; raises Refused."""
    with transaction.atomic():
        post = _draft(number)
        if on is not None and on <= at:
            raise refused("is past", "Publish it now, or choose a later moment.", "on")
        post.publish_at = on
        post.save(update_fields=["publish_at"])
        if on is None:
            words = f"{by} keeps “{post}” as a draft"
        else:
            words = f"{by} has “{post}” published on {day_words(on)}, {on:%H:%M} UTC"
        record_act("post_scheduled", words, post, at=at, by=by)
    return post


def publish_due(*, at: datetime) -> int:
    """Publish what is due, each once whoever else does the same; returns how many."""
    done = 0
    due = Post.objects.filter(publish_at__lte=at, published_at=None, withdrawn_at=None)
    for number in due.order_by("publish_at").values_list("pk", flat=True):
        with transaction.atomic():
            found = due.select_for_update(skip_locked=True).filter(pk=number).first()
            if found is not None:
                _publish(found, f"“{found}” was published as planned", by=None, at=at)
                done += 1
    return done


def withdraw_post(number: int, *, by: Person, at: datetime) -> Post:
    """Take a published post from everybody; raises Refused where it is none."""
    with transaction.atomic():
        post = locked(number)
        if post.published_at is None:
            raise refused("it is not published", "Drop the draft.")
        if is_open(post, at=at):
            tell_signed_up(_CANCELLED.at(f"{post.pk}:withdrawn"), post, at=at)
        post.withdrawn_at = at
        post.save(update_fields=["withdrawn_at"])
        record_act("post_withdrawn", f"{by} withdrew “{post}”", post, at=at, by=by)
    return post


def cancel_webinar(number: int, *, by: Person, at: datetime) -> Post:
    """Cancel a webinar to come, and tell those who signed up; raises Refused."""
    with transaction.atomic():
        post = locked(number)
        if post.kind != PostKind.WEBINAR or not is_open(post, at=at):
            raise refused("only a published webinar that has not ended is cancelled")
        tell_signed_up(_CANCELLED.at(f"{post.pk}:cancelled"), post, at=at)
        post.cancelled_at = at
        post.sequence += 1
        post.save(update_fields=["cancelled_at", "sequence"])
        record_act("post_cancelled", f"{by} cancelled “{post}”", post, at=at, by=by)
    return post


def _draft(number: int) -> Post:
    post = locked(number)
    if post.published_at is not None:
        raise refused("it is published already")
    return post


def _publish(post: Post, words: str, *, by: Person | None, at: datetime) -> None:
    post.published_at = at
    post.save(update_fields=["published_at"])
    record_act("post_published", words, post, at=at, by=by)
    defer(TELL_POST, number=post.pk)

"""Announcements for tests: posts of the public kind."""

from __future__ import annotations

from assay.core.content import Audience, PostContent, PostKind
from assay.jobs.content.publish_post import publish_post
from assay.jobs.content.write_post import draft_post


def said(title, body):
    """Return an announcement's content."""
    kind, audience = PostKind.ANNOUNCEMENT, Audience(public=True)
    return PostContent(kind=kind, title=title, body=body, audience=audience)


def draft(title, body, *, by, at):
    """Draft an announcement."""
    return draft_post(said(title, body), by=by, at=at)


def publish(number, *, by, at):
    """Publish an announcement."""
    return publish_post(number, by=by, at=at)

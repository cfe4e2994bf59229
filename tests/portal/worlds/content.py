"""Posts in the world: a webinar that everybody reads, with a file, and a draft."""

from __future__ import annotations

import io
from datetime import timedelta

from assay.core.content import PostContent, PostKind, Session
from assay.jobs.content.attach import add_file
from assay.jobs.content.publish_post import publish_post
from assay.jobs.content.write_post import draft_post

_OF_DRAFTS = ("publish", "unschedule", "drop", "attach")


def values(world):
    """Return the posts by parameter."""
    from tests.portal.world import AT  # noqa: PLC0415 - the world imports its topics

    by = world.people["staff program_manager"]
    starts_at = AT + timedelta(days=2)
    session = Session(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), zone="UTC")
    webinar = draft_post(
        PostContent(
            kind=PostKind.WEBINAR, title="Webinar", body="B", session=session, takes_sign_ups=True
        ),
        by=by,
        at=AT,
    )
    file = add_file(webinar.pk, io.BytesIO(b"words"), name="a.txt", title="File", by=by, at=AT)
    publish_post(webinar.pk, by=by, at=AT)
    draft = draft_post(PostContent(kind=PostKind.UPDATE, title="Drafted", body="B"), by=by, at=AT)
    names = ("post", "edit", "withdraw", "cancel", "file", "detach", "sign_ups")
    return {
        "post": webinar.slug,
        "post_file.file": file.pk,
        "staff_post_file.file": file.pk,
        "staff_post_detach.file": file.pk,
        "staff_post.number": webinar.pk,
        **{f"staff_post_{name}.number": webinar.pk for name in names},
        **{f"staff_post_{name}.number": draft.pk for name in _OF_DRAFTS},
    }

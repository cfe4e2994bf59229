"""What every act on a post has: the post taken for it, the record of it, and its refusal."""

from __future__ import annotations

from datetime import datetime

from assay.core.content import PostContent, PostKind
from assay.core.issues import Issue, Refused
from assay.jobs.operations.events import record
from assay.store.models import Person, Post
from assay.store.queries.content.readable import audience_of, session_of


def refused(message: str, hint: str = "", column: str | None = None) -> Refused:
    """Return the refusal of an act on a post."""
    return Refused(Issue(file="post", column=column, message=message, hint=hint))


def locked(number: int) -> Post:
    """Take a post for one act, until the transaction ends; raises Refused where it is gone."""
    post = Post.objects.select_for_update().filter(pk=number).first()
    if post is None:
        raise refused("there is no such post")
    if post.withdrawn_at is not None:
        raise refused("it is withdrawn", "Write another post.")
    return post


def record_act(act: str, words: str, post: Post, *, at: datetime, by: Person | None) -> None:
    """Record an act on a post, with what it says."""
    target = f"post:{post.pk}"
    record(act, words[:400], at=at, by=by, target=target, title=post.title, body=post.body)


def who(by: Person | None) -> str:
    """Name who acts."""
    return "Assay" if by is None else str(by)


def content_of(post: Post) -> PostContent:
    """Return what a post says as a value."""
    return PostContent(
        kind=PostKind(post.kind),
        title=post.title,
        body=post.body,
        audience=audience_of(post),
        session=session_of(post),
        takes_sign_ups=post.takes_sign_ups,
        places=post.places,
    )

"""Attach files and links to posts, and take them off again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from django.conf import settings
from django.db import transaction

from assay.core.content import MOST_FILES, PostKind
from assay.gateways.attachments import Attachments
from assay.jobs.content.acts import locked, record_act, refused
from assay.store.models import Attachment, Person, Post


def attachments() -> Attachments:
    """Return the installation's files."""
    return Attachments(settings.INSTALLATION.folder / "files")


def add_file(  # noqa: PLR0913 - what, to which post, called how, by whom, when
    number: int,
    sent: IO[bytes],
    *,
    name: str,
    title: str,
    is_recording: bool = False,
    by: Person,
    at: datetime,
) -> Attachment:
    """Attach a file that was sent; raises Refused for what may not be attached."""
    kept = attachments().keep(sent, name, column="file")
    made = Attachment(
        title=title or kept.name,
        file=kept.file,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        is_recording=is_recording,
        at=at,
    )
    try:
        return _attach(number, made, by=by, at=at)
    except Exception:
        attachments().remove(kept.file)
        raise


def add_link(
    number: int,
    url: str,
    *,
    title: str,
    is_recording: bool = False,
    by: Person,
    at: datetime,
) -> Attachment:
    """Attach a link of http or https; raises Refused."""
    if not url.startswith(("http://", "https://")):
        raise refused("is no address that begins with https:// or http://", column="url")
    made = Attachment(title=title or url[:160], url=url, is_recording=is_recording, at=at)
    return _attach(number, made, by=by, at=at)


def detach(number: int, attachment: int, *, by: Person, at: datetime) -> None:
    """Take a file or link off a post; raises Refused where it is gone."""
    with transaction.atomic():
        post = locked(number)
        found = post.attachments.filter(pk=attachment)
        for held in found:
            record_act(
                "post_detached", f"{by} took “{held.title}” off “{post}”", post, at=at, by=by
            )
        remove_files(found)
        found.delete()


def remove_files(attached: Iterable[Attachment]) -> None:
    """Remove the files of attachments, after the transaction that forgets them."""
    gone = [held.file for held in attached if held.file]

    def remove() -> None:
        for file in gone:
            attachments().remove(file)

    transaction.on_commit(remove)


def _attach(number: int, made: Attachment, *, by: Person, at: datetime) -> Attachment:
    with transaction.atomic():
        post: Post = locked(number)
        if post.kind == PostKind.ANNOUNCEMENT:
            raise refused("an announcement has no files", "Put a link into its text.")
        if made.is_recording and post.kind != PostKind.WEBINAR:
            raise refused("only a webinar has a recording", column="is_recording")
        if post.attachments.count() >= MOST_FILES:
            raise refused(f"has {MOST_FILES} files and links already, which is the most")
        made.post = post
        made.save()
        words = f"{by} attached “{made.title}” to “{post}”"
        record_act("post_attached", words, post, at=at, by=by)
    return made

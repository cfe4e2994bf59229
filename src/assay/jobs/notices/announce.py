"""Write announcements: drafted, edited, published once, and then left as they are."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from assay.core.issues import Issue, Refused
from assay.gateways.queue import defer
from assay.jobs.notices.tell_announcement import TELL_ANNOUNCEMENT
from assay.jobs.operations.events import record
from assay.jobs.partners.know_partners import free_slug
from assay.store.models import Announcement, Person


def draft(title: str, body: str, *, by: Person | None, at: datetime) -> Announcement:
    """Begin an announcement that nobody but staff sees."""
    with transaction.atomic():
        made = Announcement.objects.create(
            slug=_free(title), title=title, body=body, by=by, made_at=at
        )
        _record("announcement_drafted", f"{_who(by)} drafted “{title}”", made, at=at, by=by)
    return made


def edit(number: int, title: str, body: str, *, by: Person, at: datetime) -> Announcement:
    """Change a draft; raises Refused where it is published or gone."""
    with transaction.atomic():
        found = _draft(number)
        found.slug, found.title, found.body = _free(title, found.pk), title, body
        found.save(update_fields=["slug", "title", "body"])
        _record("announcement_edited", f"{by} edited the draft “{title}”", found, at=at, by=by)
    return found


def publish(number: int, *, by: Person | None, at: datetime) -> Announcement:
    """Publish a draft; raises Refused where it is published already or gone."""
    with transaction.atomic():
        found = _draft(number)
        found.published_at = at
        found.save(update_fields=["published_at"])
        words = f"{_who(by)} published “{found.title}”"
        _record("announcement_published", words, found, at=at, by=by)
        defer(TELL_ANNOUNCEMENT, number=found.pk)
    return found


def drop(number: int, *, by: Person, at: datetime) -> None:
    """Drop a draft; its words stay in the record. Raises Refused where it is published or gone."""
    with transaction.atomic():
        found = _draft(number)
        words = f"{by} dropped the draft “{found.title}”"
        _record("announcement_dropped", words, found, at=at, by=by)
        found.delete()


def _draft(number: int) -> Announcement:
    found = Announcement.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise Refused(Issue(file="announcement", message="There is no such announcement."))
    if found.published_at is not None:
        raise Refused(
            Issue(
                file="announcement",
                message="It is published already, and stays as readers saw it.",
                hint="Write another announcement to correct it.",
            )
        )
    return found


def _free(title: str, own: int = 0) -> str:
    """Return an address part that no other announcement has."""
    base = slugify(title)[:70] or "announcement"
    others = Announcement.objects.exclude(pk=own).filter(slug__startswith=base)
    taken = set(others.values_list("slug", flat=True)) | {"feed"}
    return free_slug(title if slugify(title) else "announcement", taken)


def _record(
    act: str,
    words: str,
    made: Announcement,
    *,
    at: datetime,
    by: Person | None,
) -> None:
    target = f"announcement:{made.pk}"
    record(act, words, at=at, by=by, target=target, title=made.title, body=made.body)


def _who(by: Person | None) -> str:
    return "Assay" if by is None else str(by)

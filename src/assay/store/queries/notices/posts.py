"""Announcements as staff see them, drafts too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.store.models import Announcement


@dataclass(frozen=True, kw_only=True)
class Written:
    """An announcement; `published_at` is None for a draft, `by` "" where the product began it."""

    number: int
    slug: str
    title: str
    body: str
    by: str
    made_at: datetime
    published_at: datetime | None


def written() -> tuple[Written, ...]:
    """Return every announcement: drafts, then what is published, each the newest first."""
    found = [_written(one) for one in Announcement.objects.select_related("by")]
    drafts = [one for one in found if one.published_at is None]
    drafts.sort(key=lambda one: one.made_at, reverse=True)
    return (*drafts, *(one for one in found if one.published_at is not None))


def written_by_number(number: int) -> Written | None:
    """Return an announcement by its number."""
    found = Announcement.objects.select_related("by").filter(pk=number).first()
    return None if found is None else _written(found)


def _written(found: Announcement) -> Written:
    return Written(
        number=found.pk,
        slug=found.slug,
        title=found.title,
        body=found.body,
        by="" if found.by is None else str(found.by),
        made_at=found.made_at,
        published_at=found.published_at,
    )

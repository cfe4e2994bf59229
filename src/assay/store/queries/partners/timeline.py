"""Timelines: what happened to a partner, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from assay.store.models import Event


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One act in words, by whom ("" for the product itself) and when."""

    at: datetime
    words: str
    by: str
    act: str
    as_partner: bool


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """One page of what happened; `pages` is at least one."""

    happened: tuple[Happened, ...]
    count: int
    page: int
    pages: int


PER_PAGE = 25


def timeline_of(partner_id: int, *, page: int = 1, views: bool = False) -> Timeline:
    """Return a page of a partner's timeline; a page that is not there is the last one.

    With `views` also every page that staff opened as the partner.
    """
    events = Event.objects.filter(partner=partner_id)
    return _paged(events if views else events.exclude(act="page_viewed"), page)


def _paged(events: QuerySet[Event], page: int) -> Timeline:
    count = events.count()
    pages = max(1, -(-count // PER_PAGE))
    page = min(max(1, page), pages)
    found = events.select_related("by")[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Timeline(
        happened=tuple(
            Happened(
                at=event.at,
                words=event.words,
                by=str(event.by) if event.by else "",
                act=event.act,
                as_partner=event.as_partner,
            )
            for event in found
        ),
        count=count,
        page=page,
        pages=pages,
    )

"""Remember which posts a person has read; what told them of one is read with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from assay.core.program import Program
from assay.jobs.content.tell_post import occasions_of
from assay.jobs.notices.read_notices import mark
from assay.store.models import Notice, PostRead
from assay.store.queries.content.readable import readable, unread


def mark_post_read(number: int, *, person: int, at: datetime) -> None:
    """Remember that a person has read a post; the first time counts."""
    _read([number], person, at)


def mark_posts_read(tier: str, role: str, program: Program, *, person: int, at: datetime) -> int:
    """Remember that a person has read all that they may; returns how many were new to them."""
    found = unread(readable(tier, role, program), person)
    return _read(list(found.values_list("pk", flat=True)), person, at)


def _read(numbers: Iterable[int], person: int, at: datetime) -> int:
    rows = [PostRead(post_id=number, person_id=person, at=at) for number in numbers]
    told = [occasion for row in rows for occasion in occasions_of(row.post_id)]
    with transaction.atomic():
        PostRead.objects.bulk_create(rows, ignore_conflicts=True)
        mark(Notice.objects.filter(person=person, occasion__in=told), at=at)
    return len(rows)

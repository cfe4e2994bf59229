"""Remember which posts a person has read."""

from __future__ import annotations

from datetime import datetime

from assay.core.program import Program
from assay.store.models import PostRead
from assay.store.queries.content.readable import readable, unread


def mark_post_read(number: int, *, person: int, at: datetime) -> None:
    """Remember that a person has read a post; the first time counts."""
    told = {"at": at}
    PostRead.objects.get_or_create(post_id=number, person_id=person, defaults=told)


def mark_posts_read(tier: str, role: str, program: Program, *, person: int, at: datetime) -> int:
    """Remember that a person has read all that they may; returns how many were new to them."""
    rows = [
        PostRead(post_id=number, person_id=person, at=at)
        for number in unread(readable(tier, role, program), person).values_list("pk", flat=True)
    ]
    PostRead.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)

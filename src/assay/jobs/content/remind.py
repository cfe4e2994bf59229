"""Remind those who signed up, one day before it begins."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from assay.core.notices.content import SESSION_NEAR
from assay.jobs.content.places import Telling, tell_signed_up
from assay.store.models import SignUp
from assay.store.queries.content.readable import published

BEFORE = timedelta(days=1)
_NEAR = Telling(
    kind=SESSION_NEAR, lead="Soon", words="You signed up for it. Its page has the link to join."
)


def remind_due(*, at: datetime) -> int:
    """Remind of every webinar that begins within a day, once; returns how many people."""
    told = 0
    near = published().filter(
        starts_at__gt=at, starts_at__lte=at + BEFORE, reminded_at=None, cancelled_at=None
    )
    for number in near.values_list("pk", flat=True):
        with transaction.atomic():
            post = near.select_for_update(skip_locked=True).filter(pk=number).first()
            if post is None:
                continue
            telling = _NEAR.at(f"{post.pk}:near:{post.starts_at}")
            told += tell_signed_up(telling, post, at=at, states=(SignUp.State.SEATED,))
            post.reminded_at = at
            post.save(update_fields=["reminded_at"])
    return told

"""Tell every partner's members of an announcement."""

from __future__ import annotations

from datetime import datetime

from assay.core.notices import ANNOUNCED
from assay.jobs.notices.tell import tell
from assay.store.models import Announcement, Person

TELL_ANNOUNCEMENT = "tell_announcement"
_AT_ONCE = 100  # people of one transaction; a worker that dies goes on where it stopped


def tell_announcement(number: int, *, at: datetime) -> int:
    """Tell all members of a published announcement, once each; returns how many were new."""
    post = Announcement.objects.filter(pk=number, published_at__isnull=False).first()
    if post is None:
        return 0
    members = list(
        Person.objects.filter(memberships__role__in=ANNOUNCED.roles).distinct().order_by("pk")
    )
    new = 0
    for first in range(0, len(members), _AT_ONCE):
        told = tell(
            ANNOUNCED,
            occasion=f"announcement:{post.pk}",
            subject=post.title,
            body=f"The program announces: {post.title}.",
            link=f"/announcements/{post.slug}/",
            at=at,
            people=members[first : first + _AT_ONCE],
        )
        new += len(told)
    return new

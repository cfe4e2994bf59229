"""What readers say of pages, for staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet

from assay.store.models import Rating


def unread() -> QuerySet[Rating]:
    """Return the ratings that ask to be read: pages that did not help, comments."""
    return Rating.objects.filter(read_at=None).exclude(helped=True, comment="")


def newest_unread() -> tuple[int, int]:
    """Return how many ratings ask to be read, and the number of the newest (0: there is none)."""
    found = unread().aggregate(count=Count("pk"), newest=Max("pk"))
    return found["count"], found["newest"] or 0


def ratings() -> QuerySet[Any]:
    """Return every rating, those to be read first, then the newest first.

    A row has at, path, helped, comment, whose it is, `waits` (whether it is to be read), and when
    and by whom it was read.
    """
    waits = Q(read_at=None) & (Q(helped=False) | ~Q(comment=""))
    return (
        Rating.objects.annotate(waits=ExpressionWrapper(waits, BooleanField()))
        .order_by("-waits", "-at", "-pk")
        .values(
            "pk", "at", "path", "helped", "comment", "by__name", "by__email",
            "waits", "read_at", "read_by__name",
        )
    )  # fmt: skip


def ratings_by_page() -> QuerySet[Any]:
    """Return a row for each page that was rated: path, yes, no, comments, newest."""
    return (
        Rating.objects.order_by()
        .values("path")
        .annotate(
            yes=Count("pk", filter=Q(helped=True)),
            no=Count("pk", filter=Q(helped=False)),
            comments=Count("pk", filter=~Q(comment="")),
            newest=Max("at"),
        )
        .order_by("-no", "-newest", "path")
    )


def narrowed(
    rows: QuerySet[Any],
    *,
    path: str = "",
    helped: bool | None = None,
    commented: bool = False,
    text: str = "",
    since: date | None = None,
) -> QuerySet[Any]:
    """Narrow ratings: pages that begin with `path`, words in the comment, from a day on (UTC)."""
    if path:
        rows = rows.filter(path__startswith=path)
    if helped is not None:
        rows = rows.filter(helped=helped)
    if commented:
        rows = rows.exclude(comment="")
    if text:
        rows = rows.filter(comment__icontains=text)
    if since is not None:
        rows = rows.filter(at__date__gte=since)
    return rows

"""What readers say of pages, for staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from assay.store.models import Rating


def ratings() -> QuerySet[Any]:
    """Return every rating, the newest first: at, path, helped, comment, and whose it is."""
    return Rating.objects.values("pk", "at", "path", "helped", "comment", "by__name", "by__email")


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

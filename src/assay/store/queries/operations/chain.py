"""The chain of events, as it stands in the database."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from assay.core.events import Act, Chained
from assay.store.models import Event, Link

CHUNK = 2_000
_COLUMNS = {
    "link__number": "number",
    "pk": "event",
    "link__previous": "previous",
    "content": "content",
    "link__digest": "digest",
}
_ACT = ("at", "act", "target", "words", "details", "as_partner", "from_where")


def chained(rows: QuerySet[Event] | None = None, *, after: int = 0) -> Iterator[Chained]:
    """Yield the events of `rows` (else all) after a number, in the order of their numbers.

    They are read as they are asked for: memory does not grow with the record.
    """
    found = (Event.objects.all() if rows is None else rows).filter(link__number__gt=after)
    values = found.order_by("link__number").values(*_COLUMNS, *_ACT, "by_id", "partner_id")
    for row in values.iterator(chunk_size=CHUNK):
        act = Act(by=row["by_id"], partner=row["partner_id"], **{n: row[n] for n in _ACT})
        yield Chained(act=act, **{name: row[column] for column, name in _COLUMNS.items()})


def head() -> tuple[int, str] | None:
    """Return number and digest of the newest event; None where there is none."""
    links = Link.objects.filter(number__isnull=False).order_by("-number")
    newest = links.first()
    return None if newest is None else (newest.number or 0, newest.digest or "")


def digest_at(number: int) -> str | None:
    """Return the digest of the event with a number; None where there is none."""
    return Link.objects.filter(number=number).values_list("digest", flat=True).first()


def outside() -> int:
    """Count the events that have no place in the chain."""
    return Event.objects.filter(link__number__isnull=True).count()


def counted() -> tuple[int, int]:
    """Return how many events there are, and the highest number."""
    newest = head()
    return Event.objects.count(), 0 if newest is None else newest[0]

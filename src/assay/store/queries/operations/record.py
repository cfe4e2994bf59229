"""The record of who did what, as rows to be narrowed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Q, QuerySet
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf

from assay.store.models import Event

Rows = QuerySet[Any, Any]


def acts() -> Rows:
    """Return a row for each act, the newest first: when, who, in words, on which partner."""
    return Event.objects.annotate(
        who=Coalesce(NullIf("by__name", Value("")), "by__email", output_field=CharField()),
    ).values(
        "pk",
        "at",
        "who",
        "by__email",
        "act",
        "words",
        "target",
        "partner__name",
        "partner__slug",
        "as_partner",
    )


def kinds_of_acts() -> tuple[str, ...]:
    """Return every kind of act that the record has, in the order of the alphabet."""
    found = Event.objects.order_by("act").values_list("act", flat=True).distinct()
    return tuple(found)


def by_person(rows: Rows, text: str) -> Rows:
    """Narrow acts to those of people whose name or address holds a text, in any case."""
    return rows.filter(Q(by__name__icontains=text) | Q(by__email__icontains=text))


def on_partner(rows: Rows, text: str) -> Rows:
    """Narrow acts to those on partners whose name or key holds a text, in any case."""
    return rows.filter(Q(partner__name__icontains=text) | Q(partner__key__iexact=text))


def between(rows: Rows, since: date | None, until: date | None, zone: ZoneInfo) -> Rows:
    """Narrow acts to days in a time zone; both days belong to it."""
    if since is not None:
        rows = rows.filter(at__gte=_midnight(since, zone))
    if until is not None:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1), zone))
    return rows


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)

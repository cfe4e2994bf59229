"""The record of who did what, as rows to be narrowed; quick for a million of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import CharField, Q, QuerySet
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf

from assay.core.events import Chained
from assay.store.models import Event, Heartbeat, Partner, Person, ReviewRecord
from assay.store.queries.operations.chain import chained

Rows = QuerySet[Any, Any]

_KINDS = """
    WITH RECURSIVE kinds AS (
        (SELECT act FROM store_event ORDER BY act LIMIT 1)
        UNION ALL
        SELECT (SELECT act FROM store_event WHERE act > kinds.act ORDER BY act LIMIT 1)
        FROM kinds WHERE kinds.act IS NOT NULL
    ) SELECT act FROM kinds WHERE act IS NOT NULL
"""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The event before or after another: its number in the chain, and its words."""

    number: int
    words: str


@dataclass(frozen=True, kw_only=True)
class OneAct:
    """One event with all that is kept of it; `fault` says what is wrong with it, "" for nothing."""

    words: str
    who: str
    email: str
    partner: str
    slug: str
    chained: Chained
    fault: str
    before: Beside | None
    after: Beside | None


def acts() -> Rows:
    """Return a row for each act, the newest first: when, who, in words, on which partner."""
    return Event.objects.annotate(
        who=Coalesce(NullIf("by__name", Value("")), "by__email", output_field=CharField()),
    ).values(
        "link__number",
        "at",
        "who",
        "by__email",
        "act",
        "words",
        "target",
        "from_where",
        "partner__name",
        "partner__slug",
        "as_partner",
    )


def kinds_of_acts() -> tuple[str, ...]:
    """Return every kind of act that the record has, in the order of the alphabet.

    The index is asked for the next kind after each, which does not read the events.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KINDS)
        return tuple(sorted(act for (act,) in cursor.fetchall()))


def by_person(rows: Rows, text: str) -> Rows:
    """Narrow acts to those of people whose name or address holds a text, in any case."""
    people = Person.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return rows.filter(by__in=list(people.values_list("pk", flat=True)))


def on_partner(rows: Rows, text: str) -> Rows:
    """Narrow acts to those on partners whose name or key holds a text, in any case."""
    partners = Partner.objects.filter(Q(name__icontains=text) | Q(key__iexact=text))
    return rows.filter(partner__in=list(partners.values_list("pk", flat=True)))


def from_address(rows: Rows, address: str) -> Rows:
    """Narrow acts to those from a client's address, as it was written down."""
    return rows.filter(from_where=address)


def between(rows: Rows, since: date | None, until: date | None, zone: ZoneInfo) -> Rows:
    """Narrow acts to days in a time zone; both days belong to it."""
    if since is not None:
        rows = rows.filter(at__gte=_midnight(since, zone))
    if until is not None:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1), zone))
    return rows


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def one_act(number: int) -> OneAct | None:
    """Return the event with a number in the chain; None where there is none."""
    event = Event.objects.select_related("by", "partner").filter(link__number=number).first()
    if event is None:
        return None
    (found,) = chained(Event.objects.filter(pk=event.pk))
    beside = Event.objects.filter(link__number__in=(number - 1, number + 1))
    words = dict(beside.values_list("link__number", "words"))
    return OneAct(
        words=event.words,
        who="" if event.by is None else str(event.by),
        email="" if event.by is None else event.by.email,
        partner="" if event.partner is None else event.partner.name,
        slug="" if event.partner is None else event.partner.slug,
        chained=found,
        fault=found.fault,
        before=_beside(number - 1, words),
        after=_beside(number + 1, words),
    )


def _beside(number: int, words: Mapping[int | None, str]) -> Beside | None:
    return Beside(number=number, words=words[number]) if number in words else None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The signed record of a closed review: its number and day, and when it was kept."""

    review: int
    on: date
    kept_at: datetime
    digest: str


def kept_records() -> tuple[Kept, ...]:
    """Return the signed records of reviews, the newest first."""
    rows = ReviewRecord.objects.order_by("-review__on", "-kept_at")
    return tuple(
        Kept(review=review, on=on, kept_at=kept_at, digest=digest)
        for review, on, kept_at, digest in rows.values_list(
            "review", "review__on", "kept_at", "digest"
        )
    )


def last_check(part: str) -> Heartbeat | None:
    """Return when the record was last checked, and what was found; None before the first time."""
    return Heartbeat.objects.filter(part=part).first()

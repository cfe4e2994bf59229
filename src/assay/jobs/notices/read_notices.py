"""Remember what a person has read, and what they want by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from assay.core.notices import KINDS
from assay.jobs.operations.events import record
from assay.store.models import Notice, NoticeChoice, Person


def mark_read(person: Person, *, notice: int, at: datetime) -> None:
    """Remember that a person has read a notice of theirs; the first time counts."""
    mark(Notice.objects.filter(person=person, pk=notice), at=at)


def mark_unread(person: Person, *, notice: int) -> None:
    """Put a notice back among those not read."""
    Notice.objects.filter(person=person, pk=notice).update(read_at=None)


def mark_all_read(person: Person, *, partner: int | None = None, at: datetime) -> int:
    """Remember that a person has read all notices (of one partner); returns how many were new."""
    rows = Notice.objects.filter(person=person)
    return mark(rows if partner is None else rows.filter(partner=partner), at=at)


def mark_kinds_read(person: Person, *, partner: int, kinds: Iterable[str], at: datetime) -> int:
    """Remember that a person has read the page that notices of some kinds lead to."""
    return mark(Notice.objects.filter(person=person, partner=partner, kind__in=kinds), at=at)


def mark(rows: QuerySet[Notice], *, at: datetime) -> int:
    """Remember that those of some notices that were not read are; returns how many."""
    first = Coalesce("first_read_at", Value(at))
    return rows.filter(read_at=None).update(read_at=at, first_read_at=first)


def choose_mail(
    person: Person, *, wanted: Iterable[str], among: Iterable[str], at: datetime
) -> None:
    """Keep which kinds, of those offered, reach a person by mail; required ones always do."""
    wanted = set(wanted)
    offered = [KINDS[key] for key in among if key in KINDS and not KINDS[key].required]
    with transaction.atomic():
        for kind in offered:
            NoticeChoice.objects.update_or_create(
                person=person, kind=kind.key, defaults={"by_mail": kind.key in wanted}
            )
        record(
            "mail_chosen",
            f"{person} chose which notices come by mail",
            at=at,
            by=person,
            wanted=sorted(kind.key for kind in offered if kind.key in wanted),
        )

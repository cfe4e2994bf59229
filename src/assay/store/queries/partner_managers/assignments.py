"""Who manages which partner, who did, and how many each manages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from assay.store.models import ManagerAssignment, ManagerCard, Partner, Person
from assay.store.queries.benefits.benefits import values_of_all


@dataclass(frozen=True, kw_only=True)
class Manager:
    """A manager as a partner sees them."""

    name: str
    email: str
    reach: str
    since_at: datetime


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One assignment of a partner's history; `until_at` is None for the running one."""

    name: str
    since_at: datetime
    until_at: datetime | None
    assigned_by: str
    note: str
    ended_why: str


@dataclass(frozen=True, kw_only=True)
class Load:
    """Somebody who can manage partners, and how many they do now and did before."""

    person_id: int
    name: str
    role: str
    now: int
    before: int
    reach: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A partner whose tier gives a manager, or that has one still; `manager` may be ""."""

    partner: str
    slug: str
    manager: str
    since_at: datetime | None


def manager_of(partner_id: int) -> Manager | None:
    """Return a partner's manager; None where it has none."""
    found = (
        ManagerAssignment.objects.filter(partner=partner_id, until_at=None)
        .select_related("person__manager_card")
        .first()
    )
    if found is None:
        return None
    card = getattr(found.person, "manager_card", None)
    return Manager(
        name=str(found.person),
        email=found.person.email,
        reach=card.reach if card else "",
        since_at=found.since_at,
    )


def turns_of(partner_id: int) -> tuple[Turn, ...]:
    """Return every assignment of a partner, the newest first."""
    rows = ManagerAssignment.objects.filter(partner=partner_id)
    return tuple(
        Turn(
            name=str(row.person),
            since_at=row.since_at,
            until_at=row.until_at,
            assigned_by=str(row.assigned_by),
            note=row.note,
            ended_why=row.ended_why,
        )
        for row in rows.select_related("person", "assigned_by")
    )


def loads(roles: Iterable[str]) -> tuple[Load, ...]:
    """Return everybody with one of these staff roles, those with most partners first."""
    people = Person.objects.filter(staff_role__in=list(roles), is_active=True).annotate(
        now=Count("managed", filter=Q(managed__until_at=None)),
        before=Count("managed", filter=Q(managed__until_at__isnull=False)),
    )
    cards = dict(ManagerCard.objects.values_list("person", "reach"))
    return tuple(
        Load(
            person_id=one.pk,
            name=str(one),
            role=one.staff_role,
            now=one.now,
            before=one.before,
            reach=cards.get(one.pk, ""),
        )
        for one in people.order_by("-now", "name", "pk")
    )


def lines(benefits: Iterable[str]) -> tuple[Line, ...]:
    """Return the partners that one of these benefits gives a manager; those without one first."""
    given = frozenset(benefits)
    entitled = {pk for pk, held in values_of_all().items() if given & held.keys()}
    running = {
        one.partner_id: one
        for one in ManagerAssignment.objects.filter(until_at=None).select_related("person")
    }
    found = Partner.objects.filter(pk__in=entitled | running.keys()).order_by("name", "pk")
    told = [
        Line(
            partner=one.name,
            slug=one.slug,
            manager=str(running[one.pk].person) if one.pk in running else "",
            since_at=running[one.pk].since_at if one.pk in running else None,
        )
        for one in found
    ]
    return tuple(sorted(told, key=lambda line: line.manager != ""))

"""Seats: in which partners a person is, in which role."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from assay.store.models import Membership, Notice, Partner, Person


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A person's place in a partner; `viewing`: staff who look, and may change nothing."""

    partner_id: int
    key: str
    slug: str
    name: str
    state: str
    role: str
    viewing: bool = False


def seat_of(person: Person, slug: str, *, viewing: bool = False) -> Seat | None:
    """Return a person's seat in the partner of an address, None where they have none.

    With `viewing` the seat is that of staff who view as the partner.
    """
    if viewing:
        partner = Partner.objects.filter(slug=slug).first()
        return None if partner is None else _seat(partner, "", viewing=True)
    found = (
        Membership.objects.filter(person=person, partner__slug=slug)
        .select_related("partner")
        .first()
    )
    return None if found is None else _seat(found.partner, found.role)


def seats_of(person: Person) -> tuple[Seat, ...]:
    """Return every seat of a person, by the partner's name."""
    found = (
        Membership.objects.filter(person=person)
        .select_related("partner")
        .order_by("partner__name", "partner__key")
    )
    return tuple(_seat(membership.partner, membership.role) for membership in found)


def unread_notices(person: Person) -> dict[int | None, int]:
    """Return how many notices a person has not read, by the partner they are about."""
    found = Notice.objects.filter(person=person, read_at=None).order_by().values_list("partner")
    return dict(found.annotate(count=Count("pk")))


def _seat(partner: Partner, role: str, *, viewing: bool = False) -> Seat:
    return Seat(
        partner_id=partner.pk,
        key=partner.key,
        slug=partner.slug,
        name=partner.name,
        state=partner.state,
        role=role,
        viewing=viewing,
    )

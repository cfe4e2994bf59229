"""People: their confirmed addresses, who is in a team, who is staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from assay.core.rights import Role, StaffRole
from assay.store.models import Invitation, Membership, Person, StaffInvitation

_ORDER = {role: place for place, role in enumerate(Role)}
_STAFF_ORDER = {role: place for place, role in enumerate(StaffRole)}


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person in a team, or in the program team: `key` names the seat in addresses."""

    key: int
    person_id: int
    name: str
    email: str
    role: str
    since: datetime
    last_seen_at: datetime | None
    second_factor: bool


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An address that is asked to join; `expired`: its link does not work any more."""

    key: int
    email: str
    role: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    expired: bool


def confirmed_addresses(person: Person) -> frozenset[str]:
    """Return the addresses that a person has shown to be theirs, in lower case; nobody has none."""
    found = EmailAddress.objects.filter(user_id=person.pk, verified=True)
    return frozenset(found.values_list(Lower("email"), flat=True))


def members_of(partner_id: int) -> tuple[Member, ...]:
    """Return who is in a partner's team, owners first, then by name."""
    found = (
        Membership.objects.filter(partner=partner_id)
        .select_related("person")
        .annotate(second_factor=_has_second_factor(OuterRef("person")))
    )
    members = (
        _member(seat.pk, seat.person, seat.role, seat.since, second_factor=seat.second_factor)
        for seat in found
    )
    return tuple(sorted(members, key=lambda one: (_ORDER[Role(one.role)], one.name.lower())))


def member(partner_id: int, key: int) -> Member | None:
    """Return one member of a partner; None where the seat is not of this partner."""
    return next((one for one in members_of(partner_id) if one.key == key), None)


def was_invited(partner_id: int, key: int) -> bool:
    """Tell whether an invitation is to a partner, whatever became of it."""
    return Invitation.objects.filter(partner_id=partner_id, pk=key).exists()


def invited_to(partner_id: int, *, at: datetime) -> tuple[Invited, ...]:
    """Return the open invitations to a team, by address; expired ones too."""
    found = Invitation.objects.filter(partner=partner_id, accepted_at=None, withdrawn_at=None)
    return _invited(found.select_related("invited_by").order_by(Lower("email")), at)


def staff() -> tuple[Member, ...]:
    """Return who is in the program team, by role, then by name."""
    found = Person.objects.exclude(staff_role="").annotate(
        second_factor=_has_second_factor(OuterRef("pk"))
    )
    people = (
        _member(one.pk, one, one.staff_role, one.joined_at, second_factor=one.second_factor)
        for one in found
    )
    return tuple(
        sorted(people, key=lambda one: (_STAFF_ORDER[StaffRole(one.role)], one.name.lower()))
    )


def staff_member(person_id: int) -> Member | None:
    """Return one person of the program team, None where there is none."""
    return next((one for one in staff() if one.key == person_id), None)


def staff_invited(*, at: datetime) -> tuple[Invited, ...]:
    """Return the open invitations to the program team, by address; expired ones too."""
    found = StaffInvitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return _invited(found.select_related("invited_by").order_by(Lower("email")), at)


def _has_second_factor(person: OuterRef) -> Exists:
    return Exists(
        Authenticator.objects.filter(
            Q(type=Authenticator.Type.TOTP) | Q(type=Authenticator.Type.WEBAUTHN), user=person
        )
    )


def _member(key: int, person: Person, role: str, since: datetime, *, second_factor: bool) -> Member:
    return Member(
        key=key,
        person_id=person.pk,
        name=str(person),
        email=person.email,
        role=role,
        since=since,
        last_seen_at=person.last_login,
        second_factor=second_factor,
    )


def _invited(
    found: Iterable[Invitation] | Iterable[StaffInvitation], at: datetime
) -> tuple[Invited, ...]:
    return tuple(
        Invited(
            key=one.pk,
            email=one.email,
            role=one.role,
            invited_by=str(one.invited_by),
            invited_at=one.invited_at,
            expires_at=one.expires_at,
            expired=one.expires_at <= at,
        )
        for one in found
    )

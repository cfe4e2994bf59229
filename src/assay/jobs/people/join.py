"""Look at an invitation by its link, and accept it with the address that was invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assay.core.notices.people import ACCESS_CHANGED, MEMBER_JOINED, OWNERSHIP_MOVED
from assay.core.rights import (
    DECIDE_ACCESS,
    MANAGE_PEOPLE,
    MANAGE_TEAM,
    TRANSFER,
    Role,
    StaffRole,
    member_may,
    role_title,
    staff_may,
)
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.one_time import digest_of
from assay.jobs.people.seats import locked_partner, refused, seat_role
from assay.store.models import Invitation, Membership, Partner, Person, StaffInvitation
from assay.store.queries.people.people import confirmed_addresses

_NO_LONGER = "This invitation does not work any more."
_ASK = "Ask whoever invited you to send it again."


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an invitation asks: `partner` is its name, "" for the program team, `slug` likewise."""

    email: str
    role: str
    partner: str
    slug: str
    invited_by: str
    expires_at: datetime


def look_at(secret: str, *, at: datetime) -> Asked:
    """Return what an invitation asks; raises Refused where its link does not work any more."""
    found = _working(secret, at)
    partner = found.partner if isinstance(found, Invitation) else None
    return Asked(
        email=found.email,
        role=found.role,
        partner="" if partner is None else partner.name,
        slug="" if partner is None else partner.slug,
        invited_by=str(found.invited_by),
        expires_at=found.expires_at,
    )


def join(secret: str, *, person: Person, at: datetime) -> Asked:
    """Accept an invitation; its address must be one that the person has confirmed.

    Raises Refused otherwise, and where whoever invited may no longer do so.
    """
    with transaction.atomic():
        asked = look_at(secret, at=at)
        if asked.email.lower() not in confirmed_addresses(person):
            raise refused(
                f"This invitation is for {asked.email}.",
                "Sign in with this address, or add it to your account and confirm it.",
            )
        found = _working(secret, at)
        if isinstance(found, Invitation):
            _join_partner(found, secret, person, at)
        else:
            _join_staff(found, person, at)
    return asked


def _working(secret: str, at: datetime) -> Invitation | StaffInvitation:
    """Return the invitation of a link, locked where a transaction is open."""
    digest = digest_of(secret)
    found: Invitation | StaffInvitation | None = (
        Invitation.objects.select_related("partner", "invited_by").filter(digest=digest).first()
        or StaffInvitation.objects.select_related("invited_by").filter(digest=digest).first()
    )
    if found is None or found.withdrawn_at is not None or found.expires_at <= at:
        raise refused(_NO_LONGER, _ASK)
    if found.accepted_at is not None:
        raise refused("This invitation was accepted already.")
    return found


def _join_partner(invitation: Invitation, secret: str, person: Person, at: datetime) -> None:
    partner = locked_partner(invitation.partner_id)
    _working(secret, at)  # as it is under the lock
    if not _may_still_invite(invitation, partner):
        raise refused(_NO_LONGER, "Whoever invited you may not do so any more.")
    if seat_role(partner, person):
        raise refused(f"You are in the team of {partner} already.")
    Membership.objects.create(partner=partner, person=person, role=invitation.role, since=at)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=at)
    event = record(
        "member_joined",
        f"{person} joined as {role_title(invitation.role).lower()}, "
        f"invited by {invitation.invited_by}",
        at=at,
        by=person,
        partner=partner,
        target=f"person:{person.pk}",
        role=invitation.role,
        email=invitation.email,
    )
    _tell_joined(partner, person, invitation.role, event.pk, at)


def _may_still_invite(invitation: Invitation, partner: Partner) -> bool:
    """Tell whether whoever invited may still do so: as a member, or as staff who give access."""
    needed = TRANSFER if invitation.role == Role.OWNER else MANAGE_TEAM
    inviter = invitation.invited_by
    of_staff = inviter.is_active and staff_may(inviter.staff_role, DECIDE_ACCESS)
    return member_may(seat_role(partner, inviter), needed) or of_staff


def _tell_joined(partner: Partner, person: Person, role: str, event: int, at: datetime) -> None:
    kind = OWNERSHIP_MOVED if role == Role.OWNER else MEMBER_JOINED
    others = Membership.objects.filter(partner=partner, role=Role.OWNER).exclude(person=person)
    tell(
        kind,
        occasion=f"event:{event}",
        subject=f"{person} joined {partner} as {role_title(role).lower()}",
        body=f"{person} ({person.email}) accepted the invitation.",
        link=f"/portal/{partner.slug}/team/",
        at=at,
        partner=partner,
        people=[seat.person for seat in others.select_related("person")],
    )


def _join_staff(invitation: StaffInvitation, person: Person, at: datetime) -> None:
    inviter = Person.objects.select_for_update().get(pk=invitation.invited_by_id)
    locked = StaffInvitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.withdrawn_at:
        raise refused(_NO_LONGER, _ASK)
    if not (inviter.is_active and staff_may(inviter.staff_role, MANAGE_PEOPLE)):
        raise refused(_NO_LONGER, "Whoever invited you may not do so any more.")
    joining = Person.objects.select_for_update().get(pk=person.pk)
    if joining.staff_role:
        raise refused("You are in the program team already.")
    joining.staff_role = StaffRole(locked.role)
    joining.save(update_fields=["staff_role"])
    StaffInvitation.objects.filter(pk=locked.pk).update(accepted_at=at)
    event = record(
        "staff_joined",
        f"{person} joined the program team as {role_title(locked.role).lower()}, "
        f"invited by {inviter}",
        at=at,
        by=person,
        target=f"person:{person.pk}",
        role=locked.role,
        email=locked.email,
    )
    tell(
        ACCESS_CHANGED,
        occasion=f"event:{event.pk}",
        subject=f"{person} joined the program team as {role_title(locked.role).lower()}",
        body=f"{person} ({person.email}) accepted your invitation.",
        link="/staff/people/",
        at=at,
        people=[inviter],
    )

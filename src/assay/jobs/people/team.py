"""Change who is in a partner's team: roles, leaving, removal, transfer of ownership."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.notices.people import ACCESS_CHANGED, MEMBER_LEFT, OWNERSHIP_MOVED
from assay.core.rights import MANAGE_TEAM, TRANSFER, Role, member_may, role_title
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.seats import (
    keep_an_owner,
    locked_partner,
    member_of,
    refused,
    require,
    require_for,
    withdraw_invitations_by,
)
from assay.store.models import Membership, Partner, Person


def change_role(
    partner_id: int, membership_id: int, *, role: Role, by: Person, at: datetime
) -> None:
    """Give a member another role; raises Refused as the module `seats` says."""
    with transaction.atomic():
        partner = locked_partner(partner_id)
        member = member_of(partner, membership_id)
        require_for(partner, by, role, member.role)
        if member.role == role:
            return
        former = _give(member, role, at=at)
        keep_an_owner(partner)
        event = record(
            "role_changed",
            f"{by} made {member.person} {role_title(role).lower()}, who was {former}",
            at=at,
            by=by,
            partner=partner,
            target=f"person:{member.person.pk}",
            role=role,
        )
        subject = f"Your role in {partner} is now {role_title(role).lower()}"
        _tell_them(member.person, partner, subject, event.pk, at)
        if role == Role.OWNER:
            _tell_owners(partner, member.person, event.pk, at)


def remove_member(partner_id: int, membership_id: int, *, by: Person, at: datetime) -> None:
    """Take a member's access away, from the next request on."""
    with transaction.atomic():
        partner = locked_partner(partner_id)
        member = member_of(partner, membership_id)
        require_for(partner, by, member.role)
        if member.person == by:
            raise refused("Use “Leave” to leave the team yourself.")
        _take_away(partner, member, at=at)
        event = record(
            "member_removed",
            f"{by} removed {member.person}, who was {role_title(member.role).lower()}",
            at=at,
            by=by,
            partner=partner,
            target=f"person:{member.person.pk}",
        )
        _tell_them(member.person, partner, f"You are not in {partner} any more", event.pk, at)
        _tell_left(partner, f"{by} removed {member.person} from {partner}", event.pk, at)


def leave(partner_id: int, *, person: Person, at: datetime) -> None:
    """Leave a team; the last owner cannot."""
    with transaction.atomic():
        partner = locked_partner(partner_id)
        member = Membership.objects.filter(partner=partner, person=person).first()
        if member is None:
            raise refused("You are not in this team any more.")
        _take_away(partner, member, at=at)
        event = record(
            "member_left",
            f"{person} left, who was {role_title(member.role).lower()}",
            at=at,
            by=person,
            partner=partner,
            target=f"person:{person.pk}",
        )
        _tell_left(partner, f"{person} left {partner}", event.pk, at)


def transfer_ownership(
    partner_id: int, membership_id: int, *, own_role: Role | None, by: Person, at: datetime
) -> None:
    """Make another member the owner in one's place.

    One gets `own_role`, or leaves where it is None; invitations one sent are withdrawn.
    """
    with transaction.atomic():
        partner = locked_partner(partner_id)
        require(partner, by, TRANSFER)
        heir = member_of(partner, membership_id)
        if heir.person == by:
            raise refused("Choose another member.")
        if own_role == Role.OWNER:
            raise refused("To have two owners, change the other member's role.")
        _give(heir, Role.OWNER, at=at)
        own = Membership.objects.get(partner=partner, person=by)
        if own_role is None:
            _take_away(partner, own, at=at)
        else:
            _give(own, own_role, at=at)
        becomes = "left" if own_role is None else f"is now {role_title(own_role).lower()}"
        event = record(
            "ownership_transferred",
            f"{by} handed ownership to {heir.person} and {becomes}",
            at=at,
            by=by,
            partner=partner,
            target=f"person:{heir.person.pk}",
            own_role=own_role or "",
        )
        _tell_them(heir.person, partner, f"You are now owner of {partner}", event.pk, at)
        _tell_owners(partner, heir.person, event.pk, at)


def _give(member: Membership, role: Role, *, at: datetime) -> str:
    """Give a role, withdraw the invitations of who may not invite with it; return the former."""
    former = role_title(member.role).lower()
    member.role = role
    member.save(update_fields=["role"])
    if not member_may(role, MANAGE_TEAM):
        withdraw_invitations_by(member.partner, member.person, at=at)
    return former


def _take_away(partner: Partner, member: Membership, *, at: datetime) -> None:
    Membership.objects.filter(pk=member.pk).delete()
    keep_an_owner(partner)
    withdraw_invitations_by(partner, member.person, at=at)


def _tell_them(person: Person, partner: Partner, subject: str, event: int, at: datetime) -> None:
    tell(
        ACCESS_CHANGED,
        occasion=f"event:{event}",
        subject=subject,
        body="Who may do what is on the page “Who may do what”.",
        link="/rights/",
        at=at,
        partner=partner,
        people=[person],
    )


def _tell_owners(partner: Partner, owner: Person, event: int, at: datetime) -> None:
    tell(
        OWNERSHIP_MOVED,
        occasion=f"event:{event}",
        subject=f"{owner} is now an owner of {partner}",
        body=f"{owner} ({owner.email}) may now do everything in {partner}: see sales, change the "
        "profile and apps, and decide who else is in the team.",
        link=f"/portal/{partner.slug}/team/",
        at=at,
        partner=partner,
    )


def _tell_left(partner: Partner, subject: str, event: int, at: datetime) -> None:
    tell(
        MEMBER_LEFT,
        occasion=f"event:{event}",
        subject=subject,
        body="They cannot open any page of the partner any more.",
        link=f"/portal/{partner.slug}/team/",
        at=at,
        partner=partner,
    )

"""What every act on a partner's team keeps: one at a time, by who may, and never without owner.

The partner's row is locked for each act, so that two owners who demote each other are not both
heard: the second is no owner any more.
"""

from __future__ import annotations

from datetime import datetime

from assay.core.issues import Issue, Refused
from assay.core.rights import MANAGE_TEAM, TRANSFER, Right, Role, member_may
from assay.store.models import Invitation, Membership, Partner, Person


def refused(message: str, hint: str = "") -> Refused:
    """Return the refusal of an act on a team."""
    return Refused(Issue(file="team", message=message, hint=hint))


def locked_partner(partner_id: int) -> Partner:
    """Take a partner for one act on its team, until the transaction ends."""
    return Partner.objects.select_for_update().get(pk=partner_id)


def require(partner: Partner, person: Person, right: Right) -> None:
    """Refuse where a person does not have a right in a partner at this moment."""
    role = seat_role(partner, person)
    if not member_may(role, right):
        raise refused("Your role in this partner does not reach this any more.")


def require_for(partner: Partner, person: Person, *roles: str) -> None:
    """Refuse where a person may not give or take these roles; ownership asks for more."""
    require(partner, person, MANAGE_TEAM)
    if Role.OWNER in roles:
        require(partner, person, TRANSFER)


def seat_role(partner: Partner, person: Person) -> str:
    """Return a person's role in a partner, "" for none."""
    found = Membership.objects.filter(partner=partner, person=person).first()
    return "" if found is None else found.role


def member_of(partner: Partner, membership_id: int) -> Membership:
    """Return a member of a partner; one of another partner does not exist."""
    found = (
        Membership.objects.select_related("person")
        .filter(partner=partner, pk=membership_id)
        .first()
    )
    if found is None:
        raise refused("This person is not in the team any more.")
    return found


def keep_an_owner(partner: Partner) -> None:
    """Refuse what would leave a partner without an owner; the act is undone with it."""
    if not Membership.objects.filter(partner=partner, role=Role.OWNER).exists():
        raise refused(
            "A partner always has an owner.", "Make somebody else an owner first, then try again."
        )


def withdraw_invitations_by(partner: Partner, person: Person, *, at: datetime) -> None:
    """Withdraw what a person invited: who may no longer invite has no invitation open."""
    Invitation.objects.filter(
        partner=partner, invited_by=person, accepted_at=None, withdrawn_at=None
    ).update(withdrawn_at=at)

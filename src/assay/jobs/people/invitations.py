"""Invite people to a partner's team by mail; they join with the address that was invited."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from assay.core.rights import DECIDE_ACCESS, MANAGE_TEAM, Role, role_title, staff_may
from assay.jobs.access.judge_address import refuse_public
from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.operations.events import record
from assay.jobs.people.one_time import digest_of, fresh_secret
from assay.jobs.people.open_invitations import LIFETIME, refuse_another, renew
from assay.jobs.people.seats import locked_partner, refused, require, require_for
from assay.store.models import Invitation, Membership, Partner, Person
from assay.words.letters import Letter, letter_html, letter_text


def invite(partner_id: int, *, email: str, role: Role, by: Person, at: datetime) -> Invitation:
    """Invite an address; raises Refused for members, open invitations, and too many of them.

    Raises Refused for public mail domains too: the portal asks for an address at a private one.
    """
    with transaction.atomic():
        partner = locked_partner(partner_id)
        require_for(partner, by, role)
        return _invited(partner, email.strip().lower(), role, by, at)


def invite_for_staff(
    partner_id: int, *, email: str, role: Role, by: Person, at: datetime
) -> Invitation:
    """Invite an address to a partner for the program team, which granted it access.

    Raises Refused as inviting does, and for an owner beside others: owners make owners.
    """
    with transaction.atomic():
        partner = locked_partner(partner_id)
        if not staff_may(by.staff_role, DECIDE_ACCESS):
            raise refused("Your role does not reach this.")
        owners = Membership.objects.filter(partner=partner, role=Role.OWNER)
        if role == Role.OWNER and owners.exists():
            raise refused(f"{partner} has an owner.", "Only an owner makes another one.")
        return _invited(partner, email, role, by, at)


def _invited(partner: Partner, email: str, role: Role, by: Person, at: datetime) -> Invitation:
    refuse_public(email, file="team")
    _refuse_members(partner, email)
    open_ones = Invitation.objects.filter(partner=partner, accepted_at=None, withdrawn_at=None)
    refuse_another(open_ones, email, at=at)
    secret = fresh_secret()
    invitation = Invitation.objects.create(
        partner=partner,
        email=email,
        role=role,
        digest=digest_of(secret),
        invited_by=by,
        invited_at=at,
        expires_at=at + LIFETIME,
    )
    _recorded("member_invited", f"{by} invited {email} as {_title(role)}", invitation, by, at)
    _mail(invitation, secret, at)
    return invitation


def invite_again(partner_id: int, invitation_id: int, *, by: Person, at: datetime) -> None:
    """Send an invitation again: with a new link, for another seven days."""
    with transaction.atomic():
        partner = locked_partner(partner_id)
        invitation = _open(partner, invitation_id)
        require_for(partner, by, invitation.role)
        _refuse_members(partner, invitation.email)
        secret = renew(invitation, by=by, at=at)
        _recorded("member_invited", f"{by} invited {invitation.email} again", invitation, by, at)
        _mail(invitation, secret, at)


def withdraw(partner_id: int, invitation_id: int, *, by: Person, at: datetime) -> None:
    """Withdraw an invitation: its link does not work any more."""
    with transaction.atomic():
        partner = locked_partner(partner_id)
        require(partner, by, MANAGE_TEAM)
        invitation = _open(partner, invitation_id)
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        words = f"{by} withdrew the invitation of {invitation.email}"
        _recorded("invitation_withdrawn", words, invitation, by, at)


def _open(partner: Partner, invitation_id: int) -> Invitation:
    """Return an open invitation of a partner; one of another partner does not exist."""
    found = Invitation.objects.filter(
        partner=partner, pk=invitation_id, accepted_at=None, withdrawn_at=None
    ).first()
    if found is None:
        raise refused("This invitation is not open any more.")
    return found


def _refuse_members(partner: Partner, email: str) -> None:
    if Membership.objects.filter(
        Q(person__email__iexact=email)
        | Q(person__emailaddress__email__iexact=email, person__emailaddress__verified=True),
        partner=partner,
    ).exists():
        raise refused(f"{email} is in the team already.", "Change the role in the list instead.")


def _recorded(act: str, words: str, invitation: Invitation, by: Person, at: datetime) -> None:
    record(
        act,
        words,
        at=at,
        by=by,
        partner=invitation.partner,
        target=f"invitation:{invitation.pk}",
        email=invitation.email,
        role=invitation.role,
    )


def _title(role: str) -> str:
    return role_title(role).lower()


def _mail(invitation: Invitation, secret: str, at: datetime) -> None:
    letter = Letter(
        sender=settings.SITE_TITLE,
        subject=f"Join {invitation.partner} in the {settings.SITE_TITLE}",
        body=f"{invitation.invited_by} ({invitation.invited_by.email}) invites you to the team of "
        f"{invitation.partner}, as {_title(invitation.role)}.\n\nThe link works for seven days, "
        f"and only for {invitation.email}: sign in with this address, or sign up with it.\n\n"
        "If you do not know the partner, do nothing.",
        link=f"{settings.BASE_URL}/invitations/{secret}/",
        link_words="Look at the invitation",
    )
    queue_mail(
        to=invitation.email,
        subject=letter.subject,
        text=letter_text(letter),
        html=letter_html(letter),
        at=at,
    )

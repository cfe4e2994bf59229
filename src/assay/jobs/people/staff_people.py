"""The program team: invite staff, change their roles, take them away; one administrator stays."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from assay.core.issues import Issue, Refused
from assay.core.notices.people import ACCESS_CHANGED
from assay.core.rights import MANAGE_PEOPLE, StaffRole, role_title, staff_may
from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.one_time import digest_of, fresh_secret
from assay.jobs.people.open_invitations import LIFETIME, refuse_another, renew
from assay.store.models import Person, StaffInvitation
from assay.words.letters import Letter, letter_html, letter_text


def invite_staff(*, email: str, role: StaffRole, by: Person, at: datetime) -> StaffInvitation:
    """Invite an address to the program team; raises Refused for staff and open invitations."""
    email = email.strip().lower()
    with transaction.atomic():
        _require(by)
        _refuse_staff(email)
        open_ones = StaffInvitation.objects.filter(accepted_at=None, withdrawn_at=None)
        refuse_another(open_ones, email, at=at)
        secret = fresh_secret()
        invitation = StaffInvitation.objects.create(
            email=email,
            role=role,
            digest=digest_of(secret),
            invited_by=by,
            invited_at=at,
            expires_at=at + LIFETIME,
        )
        words = f"{by} invited {email} to the program team as {_title(role)}"
        _recorded("staff_invited", words, invitation, by, at)
        _mail(invitation, secret, at)
    return invitation


def invite_staff_again(invitation_id: int, *, by: Person, at: datetime) -> None:
    """Send an invitation again: with a new link, for another seven days."""
    with transaction.atomic():
        _require(by)
        invitation = _open(invitation_id)
        _refuse_staff(invitation.email)
        secret = renew(invitation, by=by, at=at)
        words = f"{by} invited {invitation.email} to the program team again"
        _recorded("staff_invited", words, invitation, by, at)
        _mail(invitation, secret, at)


def withdraw_staff_invitation(invitation_id: int, *, by: Person, at: datetime) -> None:
    """Withdraw an invitation: its link does not work any more."""
    with transaction.atomic():
        _require(by)
        invitation = _open(invitation_id)
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        words = f"{by} withdrew the invitation of {invitation.email} to the program team"
        _recorded("staff_invitation_withdrawn", words, invitation, by, at)


def give_staff_role(person_id: int, *, role: StaffRole | None, by: Person, at: datetime) -> None:
    """Give a person of the program team another role, or None to take them out of it."""
    with transaction.atomic():
        _require(by)
        person = (
            Person.objects.select_for_update().filter(pk=person_id).exclude(staff_role="").first()
        )
        if person is None:
            raise _refused("This person is not in the program team any more.")
        if person.staff_role == (role or ""):
            return
        former, person.staff_role = _title(person.staff_role), role or ""
        person.save(update_fields=["staff_role"])
        _keep_an_administrator()
        if not staff_may(person.staff_role, MANAGE_PEOPLE):
            StaffInvitation.objects.filter(
                invited_by=person, accepted_at=None, withdrawn_at=None
            ).update(withdrawn_at=at)
        becomes = f"made {person} {_title(role)}" if role else f"took {person} out of the team"
        event = record(
            "staff_role_changed" if role else "staff_removed",
            f"{by} {becomes}, who was {former}",
            at=at,
            by=by,
            target=f"person:{person.pk}",
            role=role or "",
        )
        tell(
            ACCESS_CHANGED,
            occasion=f"event:{event.pk}",
            subject=f"You are now {_title(role)} in the program team"
            if role
            else "You are not in the program team any more",
            body="Who may do what is on the page “Who may do what”.",
            link="/rights/",
            at=at,
            people=[person],
        )


def _require(by: Person) -> None:
    """Lock who may give roles, for one act at a time; refuse who is not among them any more."""
    holders = Person.objects.select_for_update().filter(
        staff_role__in=MANAGE_PEOPLE.staff, is_active=True
    )
    if by.pk not in {person.pk for person in holders.order_by("pk")}:
        raise _refused("Your role does not reach this any more.")


def _keep_an_administrator() -> None:
    left = Person.objects.filter(staff_role__in=MANAGE_PEOPLE.staff, is_active=True)
    if not left.exists():
        raise _refused(
            "The program team always has an administrator.", "Make somebody else one first."
        )


def _refuse_staff(email: str) -> None:
    found = Person.objects.exclude(staff_role="").filter(
        Q(email__iexact=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
    )
    if found.exists():
        raise _refused(f"{email} is in the program team already.", "Change the role instead.")


def _open(invitation_id: int) -> StaffInvitation:
    found = StaffInvitation.objects.filter(
        pk=invitation_id, accepted_at=None, withdrawn_at=None
    ).first()
    if found is None:
        raise _refused("This invitation is not open any more.")
    return found


def _refused(message: str, hint: str = "") -> Refused:
    return Refused(Issue(file="people", message=message, hint=hint))


def _title(role: str) -> str:
    return role_title(role).lower()


def _recorded(act: str, words: str, invitation: StaffInvitation, by: Person, at: datetime) -> None:
    target = f"staff_invitation:{invitation.pk}"
    record(act, words, at=at, by=by, target=target, email=invitation.email, role=invitation.role)


def _mail(invitation: StaffInvitation, secret: str, at: datetime) -> None:
    letter = Letter(
        sender=settings.SITE_TITLE,
        subject=f"Join the program team of the {settings.SITE_TITLE}",
        body=f"{invitation.invited_by} ({invitation.invited_by.email}) invites you to the program "
        f"team, as {_title(invitation.role)}.\n\nThe link works for seven days, and only for "
        f"{invitation.email}: sign in with this address, or sign up with it. You will need a "
        "second factor: an authenticator app or a passkey.",
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

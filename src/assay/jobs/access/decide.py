"""Decide a request for access: ask back, refuse with the reason, or grant it as an invitation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.people import MEMBER_JOINED
from assay.core.rights import DECIDE_ACCESS, Role, role_title, staff_may
from assay.jobs.access.access_mail import mail_asker
from assay.jobs.access.judge_address import judge_address
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.invitations import invite_for_staff
from assay.store.models import AccessMessage, AccessRequest, Person
from assay.store.queries.access.conditions import has_paid_app

_State = AccessRequest.State


def ask_back(number: int, text: str, *, by: Person, at: datetime) -> None:
    """Ask the asker something; it is their turn. Raises Refused where it is decided."""
    with transaction.atomic():
        found = _undecided(number, by)
        AccessMessage.objects.create(request=found, by=by, text=text, at=at)
        found.state = _State.ASKED
        found.save(update_fields=["state"])
        _recorded(found, "access_asked_back", f"{by} asked {found.email} back", by, at)
        mail_asker(
            found,
            subject=f"A question about your access to {found.partner}",
            body=f"The support team asks:\n\n{text}",
            link_words="Answer",
            at=at,
        )


def refuse_access(number: int, reason: str, *, by: Person, at: datetime) -> None:
    """Refuse a request, and tell the asker why; raises Refused where it is decided."""
    with transaction.atomic():
        found = _undecided(number, by)
        _decide(found, _State.REFUSED, reason=reason, by=by, at=at)
        words = f"{by} refused {found.email} access to {found.partner}"
        _recorded(found, "access_refused", words, by, at)
        mail_asker(
            found,
            subject=f"Your access to {found.partner} is refused",
            body=f"The reason:\n\n{reason}\n\nWhere something changes, ask again.",
            link_words="See your request",
            at=at,
        )


def grant_access(number: int, *, role: Role, reason: str, by: Person, at: datetime) -> None:
    """Grant a request: the address is invited, as a member with `role`.

    Raises Refused where it is decided, where a condition does not hold any more, and as inviting
    does.
    """
    with transaction.atomic():
        found = _undecided(number, by)
        _still_eligible(found)
        invitation = invite_for_staff(found.partner_id, email=found.email, role=role, by=by, at=at)
        found.role, found.invitation = role, invitation
        _decide(found, _State.GRANTED, reason=reason, by=by, at=at)
        title = role_title(role).lower()
        words = f"{by} granted {found.email} access to {found.partner} as {title}"
        event = _recorded(found, "access_granted", words, by, at)
        tell(
            MEMBER_JOINED,
            occasion=f"event:{event}",
            subject=f"{found.email} was given access to {found.partner} as {title}",
            body=f"They asked for it, and the program team invited them. The reason: {reason}\n\n"
            "You can withdraw the invitation, or take the access away, on the page of the team.",
            link=f"/portal/{found.partner.slug}/team/",
            at=at,
            partner=found.partner,
        )


def _undecided(number: int, by: Person) -> AccessRequest:
    """Return a request that waits, locked."""
    if not staff_may(by.staff_role, DECIDE_ACCESS):
        raise _refused("Your role does not reach this.")
    found = (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("partner")
        .filter(pk=number)
        .first()
    )
    if found is None or found.state not in (_State.OPEN, _State.ASKED):
        raise _refused("This request is decided already.")
    return found


def _still_eligible(found: AccessRequest) -> None:
    judged = judge_address(found.email)
    if not judged.private:
        raise _refused(judged.reason, "Put the domain on the list of allowed ones, or refuse.")
    if not has_paid_app(found.partner_id):
        raise _refused(f"{found.partner} has no app paid via the platform any more.")


def _decide(
    found: AccessRequest, state: AccessRequest.State, *, reason: str, by: Person, at: datetime
) -> None:
    found.state, found.reason, found.decided_by, found.decided_at = state, reason, by, at
    found.save()


def _recorded(found: AccessRequest, act: str, words: str, by: Person, at: datetime) -> int:
    event = record(
        act,
        words,
        at=at,
        by=by,
        partner=found.partner,
        target=f"access:{found.pk}",
        reason=found.reason,
        role=found.role,
    )
    return event.pk


def _refused(message: str, hint: str = "") -> Refused:
    return Refused(Issue(file="access", message=message, hint=hint))

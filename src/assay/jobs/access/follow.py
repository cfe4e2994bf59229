"""Follow a request by its secret link: confirm the address, read, answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.people import ACCESS_ASKED
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.one_time import digest_of
from assay.store.models import AccessLink, AccessMessage, AccessRequest
from assay.store.queries.access.requests import Said, messages_of

_State = AccessRequest.State
TO_CONFIRM = timedelta(days=3)
TO_FOLLOW = timedelta(days=180)
MOST_ANSWERS = 20  # of one asker on one request


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A request as its asker sees it."""

    email: str
    name: str
    partner: str
    app: str
    why: str
    state: str
    asked_at: datetime
    decided_at: datetime | None
    reason: str
    messages: tuple[Said, ...]


def follow(secret: str, *, at: datetime) -> Followed:
    """Return the request of a link; raises Refused where the link does not work any more."""
    found = _found(secret, at)
    return Followed(
        email=found.email,
        name=found.name,
        partner=found.partner.name,
        app=found.app,
        why=found.why,
        state=found.state,
        asked_at=found.asked_at,
        decided_at=found.decided_at,
        reason=found.reason,
        messages=messages_of(found),
    )


def confirm(secret: str, *, at: datetime) -> None:
    """Take the address for shown: the request goes to the support team; once is enough."""
    with transaction.atomic():
        found = _found(secret, at, locked=True)
        if found.state != _State.UNCONFIRMED:
            return
        found.state, found.confirmed_at = _State.OPEN, at
        found.save(update_fields=["state", "confirmed_at"])
        event = record(
            "access_confirmed",
            f"{found.email} showed that the address is theirs, and asks for {found.partner}",
            at=at,
            partner=found.partner,
            target=f"access:{found.pk}",
        )
        _tell_staff(found, f"{found.email} asks for access to {found.partner}", event.pk, at)


def answer(secret: str, text: str, *, at: datetime) -> None:
    """Answer what staff asked: it is staff's turn again; raises Refused where nothing is asked."""
    with transaction.atomic():
        found = _found(secret, at, locked=True)
        if found.state not in (_State.OPEN, _State.ASKED):
            raise _refused("This request is decided.", "Ask anew where something has changed.")
        if found.messages.filter(by=None).count() >= MOST_ANSWERS:
            raise _refused("You have written a great deal.", "Wait for the support team's answer.")
        AccessMessage.objects.create(request=found, text=text, at=at)
        was_asked = found.state == _State.ASKED
        found.state = _State.OPEN
        found.save(update_fields=["state"])
        event = record(
            "access_answered",
            f"{found.email} answered about access to {found.partner}",
            at=at,
            partner=found.partner,
            target=f"access:{found.pk}",
        )
        if was_asked:
            _tell_staff(found, f"{found.email} answered: access to {found.partner}", event.pk, at)


def lapse_unconfirmed(*, at: datetime) -> int:
    """Close requests whose address nobody has shown in time; returns how many."""
    with transaction.atomic():
        late = (
            AccessRequest.objects.select_for_update(of=("self",))
            .filter(state=_State.UNCONFIRMED, asked_at__lte=at - TO_CONFIRM)
            .exclude(links__made_at__gt=at - TO_CONFIRM)
            .select_related("partner")
        )
        found = list(late)
        for one in found:
            one.state = _State.LAPSED
            one.save(update_fields=["state"])
            words = f"{one.email} did not confirm in time"
            record("access_lapsed", words, at=at, partner=one.partner, target=f"access:{one.pk}")
    return len(found)


def _found(secret: str, at: datetime, *, locked: bool = False) -> AccessRequest:
    link = AccessLink.objects.filter(digest=digest_of(secret)).first()
    if link is None:
        raise _refused("This link does not work.", "Open it whole, as the mail has it.")
    requests = AccessRequest.objects.select_related("partner")
    if locked:
        requests = requests.select_for_update(of=("self",))
    found = requests.get(pk=link.request_id)
    unconfirmed = found.state in (_State.UNCONFIRMED, _State.LAPSED)
    if at - link.made_at > (TO_CONFIRM if unconfirmed else TO_FOLLOW):
        raise _refused("This link does not work any more.", "Ask for access anew.")
    if found.state == _State.LAPSED:
        raise _refused("This request was not confirmed in time.", "Ask for access anew.")
    return found


def _tell_staff(found: AccessRequest, subject: str, event: int, at: datetime) -> None:
    tell(
        ACCESS_ASKED,
        occasion=f"event:{event}",
        subject=subject,
        body="Decide it in the queue: grant it, ask back, or refuse it with the reason.",
        link=f"/staff/access/{found.pk}/",
        at=at,
    )


def _refused(message: str, hint: str) -> Refused:
    return Refused(Issue(file="access", message=message, hint=hint))

"""Write in an escalation: a partner's first word is the response that stops the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from assay.core.escalations import Turn
from assay.core.notices.escalations import ESCALATION_ANSWERED, ESCALATION_REOPENED
from assay.jobs.escalations.parts import (
    SentFile,
    kept,
    locked,
    partner_page,
    refused,
    staff_page,
    state,
    take_turn,
    title_of,
)
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import Escalation, Person


def answer_escalation(
    escalation_id: int, text: str, *, by: Person, files: Sequence[SentFile] = (), at: datetime
) -> Escalation:
    """Write as a member of the partner; the first time stops the clock and becomes a fact.

    Whoever opened it is told. Raises Refused where it is closed, and for files.
    """
    with kept(files) as attached, transaction.atomic():
        escalation = locked(escalation_id)
        _refuse_closed(escalation)
        is_first = escalation.answered_at is None
        turn = Turn.ANSWERED if is_first else Turn.SAID
        take_turn(escalation, turn, by=by, by_partner=True, at=at, text=text, files=attached)
        if is_first:
            escalation.answered_at, escalation.answered_by = at, by
            escalation.save(update_fields=["answered_at", "answered_by"])
            state(escalation, why=f"escalation answered: {escalation.key}", at=at, by=by)
        _record(escalation, "answered" if is_first else "wrote in", by=by, at=at)
        opener = escalation.opened_by
        tell(
            ESCALATION_ANSWERED,
            occasion=f"{escalation.key}:{at.isoformat()}",
            subject=f"{escalation.partner}: {title_of(escalation)}",
            body=text,
            link=staff_page(escalation),
            at=at,
            partner=escalation.partner,
            people=[opener] if opener is not None and opener.is_staff else None,
        )
    return escalation


def write_escalation(
    escalation_id: int, text: str, *, by: Person, files: Sequence[SentFile] = (), at: datetime
) -> Escalation:
    """Write as platform support; the partner's support is told. Raises Refused."""
    with kept(files) as attached, transaction.atomic():
        escalation = locked(escalation_id)
        _refuse_closed(escalation)
        take_turn(escalation, Turn.SAID, by=by, by_partner=False, at=at, text=text, files=attached)
        _record(escalation, "wrote in", by=by, at=at)
        _tell_partner(escalation, "Platform support writes", text, at)
    return escalation


def close_escalation(escalation_id: int, reason: str, *, by: Person, at: datetime) -> Escalation:
    """Close an escalation; where nobody answered yet, the clock stops at this moment."""
    with transaction.atomic():
        escalation = locked(escalation_id)
        _refuse_closed(escalation)
        escalation.closed_at = at
        if escalation.answered_at is None:
            escalation.answered_at = at
            state(escalation, why=f"escalation closed: {escalation.key}", at=at, by=by)
        escalation.save(update_fields=["closed_at", "answered_at"])
        take_turn(escalation, Turn.CLOSED, by=by, by_partner=False, at=at, text=reason)
        _record(escalation, "closed", by=by, at=at)
        _tell_partner(escalation, "Closed", reason, at)
    return escalation


def reopen_escalation(escalation_id: int, reason: str, *, by: Person, at: datetime) -> Escalation:
    """Open a closed escalation again; its first response stays what it was."""
    with transaction.atomic():
        escalation = locked(escalation_id)
        if escalation.closed_at is None:
            raise refused("text", "this escalation is open", "reload the page to see it")
        escalation.closed_at = None
        escalation.save(update_fields=["closed_at"])
        take_turn(escalation, Turn.REOPENED, by=by, by_partner=False, at=at, text=reason)
        _record(escalation, "reopened", by=by, at=at)
        _tell_partner(escalation, "Opened again", reason, at)
    return escalation


def _refuse_closed(escalation: Escalation) -> None:
    if escalation.closed_at is not None:
        raise refused("text", "this escalation is closed", "platform support can open it again")


def _record(escalation: Escalation, did: str, *, by: Person, at: datetime) -> None:
    record(
        f"escalation_{did.replace(' ', '_')}",
        f"{by} {did} the escalation “{title_of(escalation)}”"[:400],
        at=at,
        by=by,
        partner=escalation.partner,
        target=f"escalation:{escalation.key}"[:200],
    )


def _tell_partner(escalation: Escalation, words: str, text: str, at: datetime) -> None:
    tell(
        ESCALATION_REOPENED,
        occasion=f"{escalation.key}:{at.isoformat()}",
        subject=f"{words}: {title_of(escalation)}",
        body=text,
        link=partner_page(escalation),
        at=at,
        partner=escalation.partner,
    )

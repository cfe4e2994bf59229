"""Dispute a response time: staff decide, and the fact is restated, never erased."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.notices.escalations import DISPUTE_DECIDED, ESCALATION_DISPUTED
from assay.jobs.escalations.parts import (
    SentFile,
    keep_file,
    kept,
    locked,
    partner_page,
    refused,
    staff_page,
    state,
    title_of,
)
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import Escalation, EscalationDispute, Person

State = EscalationDispute.State


def dispute_escalation(
    escalation_id: int,
    *,
    claimed: datetime,
    reason: str,
    file: SentFile | None = None,
    by: Person,
    at: datetime,
) -> EscalationDispute:
    """Say that the first response was at `claimed`; staff who decide are told. Raises Refused."""
    with kept([file] if file else []) as attached, transaction.atomic():
        escalation = locked(escalation_id)
        _refuse_moment(escalation, claimed, at, column="claimed")
        if escalation.answered_at == claimed:
            raise refused("claimed", "is the moment that counts already", "there is no dispute")
        if escalation.disputes.filter(state=State.OPEN).exists():
            raise refused("reason", "a dispute on it is open", "wait until it is decided")
        row = EscalationDispute.objects.create(
            escalation=escalation,
            by=by,
            at=at,
            reason=reason,
            held=escalation.answered_at,
            claimed=claimed,
            file=keep_file(escalation, attached[0]) if attached else None,
        )
        record(
            "escalation_disputed",
            f"{by} disputed the response time of “{title_of(escalation)}”"[:400],
            at=at,
            by=by,
            partner=escalation.partner,
            target=f"escalation:{escalation.key}"[:200],
            claimed=claimed.isoformat(),
        )
        tell(
            ESCALATION_DISPUTED,
            occasion=f"dispute:{row.pk}",
            subject=f"{escalation.partner} disputes: {title_of(escalation)}",
            body=reason,
            link=staff_page(escalation),
            at=at,
            partner=escalation.partner,
        )
    return row


def grant_dispute(
    escalation_id: int, *, answered: datetime, reason: str, by: Person, at: datetime
) -> EscalationDispute:
    """Grant the open dispute: the answer was at `answered`, and is stated so. Raises Refused."""
    with transaction.atomic():
        escalation = locked(escalation_id)
        row = _decided(escalation, State.GRANTED, reason, by=by, at=at)
        _refuse_moment(escalation, answered, at, column="answered")
        row.granted = answered
        row.save()
        escalation.answered_at = answered
        escalation.save(update_fields=["answered_at"])
        state(escalation, why=f"dispute granted: {escalation.key}", at=at, by=by)
        _tell(row, "The dispute is granted", reason, by=by, at=at)
    return row


def refuse_dispute(
    escalation_id: int, *, reason: str, by: Person, at: datetime
) -> EscalationDispute:
    """Refuse the open dispute; nothing else changes. Raises Refused."""
    with transaction.atomic():
        escalation = locked(escalation_id)
        row = _decided(escalation, State.REFUSED, reason, by=by, at=at)
        row.save()
        _tell(row, "The dispute is refused", reason, by=by, at=at)
    return row


def _decided(
    escalation: Escalation, to: State, reason: str, *, by: Person, at: datetime
) -> EscalationDispute:
    """Return the open dispute, decided but not kept yet."""
    row = escalation.disputes.select_related("escalation__partner").filter(state=State.OPEN).first()
    if row is None:
        raise refused("reason", "no dispute is open", "reload the page to see what was decided")
    if by.pk in (escalation.opened_by_id, row.by_id):
        raise refused("reason", "you opened it yourself", "a colleague decides this dispute")
    row.state, row.decision, row.decided_by, row.decided_at = to, reason, by, at
    return row


def _refuse_moment(escalation: Escalation, said: datetime, at: datetime, *, column: str) -> None:
    if not escalation.opened_at <= said <= at:
        raise refused(
            column, "is before the opening, or is yet to come", "give when it was answered"
        )


def _tell(row: EscalationDispute, words: str, reason: str, *, by: Person, at: datetime) -> None:
    escalation = row.escalation
    record(
        f"dispute_{row.state}",
        f"{by}: {words.lower()}, on the response time of “{title_of(escalation)}”"[:400],
        at=at,
        by=by,
        partner=escalation.partner,
        target=f"escalation:{escalation.key}"[:200],
        reason=reason,
    )
    tell(
        DISPUTE_DECIDED,
        occasion=f"dispute:{row.pk}",
        subject=f"{words}: {title_of(escalation)}",
        body=reason,
        link=partner_page(escalation),
        at=at,
        partner=escalation.partner,
    )

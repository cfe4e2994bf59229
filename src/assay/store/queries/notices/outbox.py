"""The outbox as staff see it: what waits, what left, what failed and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from assay.store.models import Event, Mail


@dataclass(frozen=True, kw_only=True)
class Attempted:
    """Somebody let a mail go out again."""

    at: datetime
    words: str


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One mail, with its text and what became of it.

    Only a notice's text is told: other mails hold links that sign people in.
    """

    id: int
    to: str
    subject: str
    text: str
    has_html: bool
    message_id: str
    state: str
    attempts: int
    error: str
    made_at: datetime
    due_at: datetime
    taken_at: datetime | None
    sent_at: datetime | None
    partner_slug: str
    partner_name: str
    resent: tuple[Attempted, ...]


def mails() -> QuerySet[Any, dict[str, Any]]:
    """Return a row for each mail, the newest first."""
    rows: QuerySet[Any, dict[str, Any]] = Mail.objects.values(
        *("pk", "to", "subject", "state", "attempts", "error", "made_at", "due_at", "sent_at")
    )
    return rows


def narrowed(rows: QuerySet[Any, dict[str, Any]], text: str) -> QuerySet[Any, dict[str, Any]]:
    """Narrow mails to those whose address or subject holds a text, in any case."""
    return rows.filter(Q(to__icontains=text) | Q(subject__icontains=text))


def mails_by_state() -> dict[str, int]:
    """Return how many mails are in each state; every state has a number."""
    found = Mail.objects.order_by().values_list("state").annotate(count=Count("pk"))
    return {**dict.fromkeys(Mail.State.values, 0), **dict(found)}


def outgoing(mail: int) -> Outgoing | None:
    """Return one mail, None where there is none."""
    found = Mail.objects.select_related("notice__partner").filter(pk=mail).first()
    if found is None:
        return None
    partner = found.notice.partner if found.notice else None
    events = Event.objects.filter(target=f"mail:{found.pk}", act="mail_resent").order_by("at", "pk")
    return Outgoing(
        id=found.pk,
        to=found.to,
        subject=found.subject,
        text=found.text if found.notice else "",
        has_html=bool(found.html),
        message_id=found.message_id,
        state=found.state,
        attempts=found.attempts,
        error=found.error,
        made_at=found.made_at,
        due_at=found.due_at,
        taken_at=found.taken_at,
        sent_at=found.sent_at,
        partner_slug=partner.slug if partner else "",
        partner_name=partner.name if partner else "",
        resent=tuple(Attempted(at=event.at, words=event.words) for event in events),
    )

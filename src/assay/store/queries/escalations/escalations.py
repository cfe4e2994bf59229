"""Escalations with what was said in them, as plain values without clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assay.store.models import (
    ApiToken,
    App,
    Escalation,
    EscalationDispute,
    EscalationFile,
    EscalationTurn,
)


@dataclass(frozen=True, kw_only=True)
class EscalationRow:
    """One escalation: whose, about what, when opened, answered and closed. `zone` may be empty."""

    escalation_id: int
    key: str
    partner_id: int
    partner: str
    partner_slug: str
    zone: str
    source: str
    app: str
    app_slug: str
    customer: str
    severity: str
    subject: str
    opened_at: datetime
    opened_by: str
    answered_at: datetime | None
    answered_by: str
    closed_at: datetime | None
    is_disputed: bool

    @property
    def title(self) -> str:
        """What it is called: its subject, or its key where a report told no more."""
        return self.subject or self.key


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """A file: its number, name and size in bytes."""

    number: int
    name: str
    size: int


@dataclass(frozen=True, kw_only=True)
class TurnLine:
    """One thing said or done; `by` is empty where a machine did it."""

    turn: str
    by_partner: bool
    by: str
    at: datetime
    text: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True, kw_only=True)
class DisputeLine:
    """One dispute: the moment that held, the one claimed, the one that holds since."""

    by: str
    by_id: int
    at: datetime
    reason: str
    file: FileLine | None
    held: datetime | None
    claimed: datetime
    state: str
    granted: datetime | None
    decided_by: str
    decided_at: datetime | None
    decision: str


@dataclass(frozen=True, kw_only=True)
class EscalationPage:
    """An escalation with all turns and disputes, oldest first."""

    row: EscalationRow
    opened_by_id: int | None
    turns: tuple[TurnLine, ...]
    disputes: tuple[DisputeLine, ...]


@dataclass(frozen=True, kw_only=True)
class TokenLine:
    """A token of a machine, without its secret."""

    number: int
    name: str
    made_by: str
    made_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    opened: int


def escalations_of(partner_id: int, *, since: datetime) -> tuple[EscalationRow, ...]:
    """Return a partner's escalations that are open, or were opened at or after a moment."""
    return _rows(_all().filter(partner=partner_id).filter(Q(opened_at__gte=since) | _OPEN))


def older_count(partner_id: int, *, since: datetime) -> int:
    """Return how many closed chapters lie before a moment."""
    return Escalation.objects.filter(partner=partner_id, opened_at__lt=since).exclude(_OPEN).count()


def waiting_escalations() -> tuple[EscalationRow, ...]:
    """Return every escalation that nobody has answered, the oldest first."""
    return _rows(_all().filter(_OPEN).order_by("opened_at", "pk"))


def disputed_escalations() -> tuple[EscalationRow, ...]:
    """Return every escalation whose response time is disputed."""
    return _rows(_all().filter(_DISPUTED))


def disputed_count() -> int:
    """Return how many escalations have a disputed response time."""
    return Escalation.objects.filter(_DISPUTED).count()


def answered_escalations(*, since: datetime) -> tuple[EscalationRow, ...]:
    """Return the escalations that were answered at or after a moment, the newest answer first."""
    return _rows(_all().filter(answered_at__gte=since).order_by("-answered_at", "-pk"))


def escalation_page(escalation_id: int, *, partner_id: int | None = None) -> EscalationPage | None:
    """Return one escalation; with `partner_id` None where it is another partner's."""
    found = _all().filter(pk=escalation_id)
    if partner_id is not None:
        found = found.filter(partner=partner_id)
    one = found.first()
    if one is None:
        return None
    turns = one.turns.select_related("by").prefetch_related("files")
    disputes = one.disputes.select_related("by", "decided_by", "file")
    return EscalationPage(
        row=_row(one),
        opened_by_id=one.opened_by_id,
        turns=tuple(_turn(turn) for turn in turns),
        disputes=tuple(_dispute(dispute) for dispute in disputes),
    )


def escalation_file(
    escalation_id: int, number: int, *, partner_id: int | None = None
) -> EscalationFile | None:
    """Return a file of an escalation; with `partner_id` None where it is another partner's."""
    found = EscalationFile.objects.filter(pk=number, escalation=escalation_id)
    if partner_id is not None:
        found = found.filter(escalation__partner=partner_id)
    return found.first()


def apps_to_name(partner_id: int) -> tuple[tuple[str, str], ...]:
    """Return slug and name of a partner's apps, by name."""
    return tuple(App.objects.filter(partner=partner_id).values_list("slug", "name"))


def tokens() -> tuple[TokenLine, ...]:
    """Return every token, those in force first, then the newest first."""
    found = ApiToken.objects.select_related("made_by", "revoked_by")
    lines = [
        TokenLine(
            number=one.pk,
            name=one.name,
            made_by=str(one.made_by),
            made_at=one.made_at,
            last_used_at=one.last_used_at,
            revoked_at=one.revoked_at,
            revoked_by=_name(one.revoked_by),
            opened=one.escalations.count(),
        )
        for one in found
    ]
    return tuple(sorted(lines, key=lambda line: line.revoked_at is not None))


_OPEN = Q(answered_at=None, closed_at=None)
_DISPUTED = Q(Exists(EscalationDispute.objects.filter(escalation=OuterRef("pk"), state="open")))


def _all() -> QuerySet[Escalation, Any]:
    found = Escalation.objects.select_related("partner", "app", "opened_by", "answered_by", "token")
    return found.annotate(is_disputed=_DISPUTED)


def _rows(found: QuerySet[Escalation, Any]) -> tuple[EscalationRow, ...]:
    return tuple(_row(one) for one in found)


def _row(one: Escalation) -> EscalationRow:
    """Return an escalation of `_all`, which is annotated."""
    app = one.app
    return EscalationRow(
        escalation_id=one.pk,
        key=one.key,
        partner_id=one.partner_id,
        partner=one.partner.name,
        partner_slug=one.partner.slug,
        zone=one.partner.time_zone,
        source=one.source,
        app="" if app is None else app.name,
        app_slug="" if app is None else app.slug,
        customer=one.customer,
        severity=one.severity,
        subject=one.subject,
        opened_at=one.opened_at,
        opened_by=_name(one.opened_by) or ("" if one.token is None else one.token.name),
        answered_at=one.answered_at,
        answered_by=_name(one.answered_by),
        closed_at=one.closed_at,
        is_disputed=bool(vars(one)["is_disputed"]),
    )


def _turn(turn: EscalationTurn) -> TurnLine:
    return TurnLine(
        turn=turn.turn,
        by_partner=turn.by_partner,
        by=_name(turn.by),
        at=turn.at,
        text=turn.text,
        files=tuple(_file(file) for file in turn.files.all()),
    )


def _dispute(one: EscalationDispute) -> DisputeLine:
    return DisputeLine(
        by=str(one.by),
        by_id=one.by_id,
        at=one.at,
        reason=one.reason,
        file=None if one.file is None else _file(one.file),
        held=one.held,
        claimed=one.claimed,
        state=one.state,
        granted=one.granted,
        decided_by=_name(one.decided_by),
        decided_at=one.decided_at,
        decision=one.decision,
    )


def _file(file: EscalationFile) -> FileLine:
    return FileLine(number=file.pk, name=file.name, size=file.size)


def _name(person: object) -> str:
    return "" if person is None else str(person)

"""Requests for access, as staff decide them and as the asker follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.core.rights import Role
from assay.store.models import AccessRequest
from assay.store.queries.access.conditions import has_paid_app

_STATES = AccessRequest.State
WAITING = (_STATES.OPEN, _STATES.ASKED)
IN_STAFFS_VIEW = (_STATES.OPEN, _STATES.ASKED, _STATES.GRANTED, _STATES.REFUSED)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message on a request: by staff (their name) or by the asker ("")."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A request in the queue; `since` is when the asker showed that the address is theirs."""

    number: int
    email: str
    name: str
    partner: str
    partner_slug: str
    state: str
    since: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Ticket(RequestLine):
    """One request whole, with what staff need to decide it."""

    partner_id: int
    partner_key: str
    app: str
    why: str
    role: str
    times_asked: int
    messages: tuple[Said, ...]
    earlier: tuple[RequestLine, ...]
    members: int
    owners: int
    paid_app: bool

    @property
    def waits(self) -> bool:
        """Whether it is not decided."""
        return self.state in WAITING


def request_lines() -> tuple[RequestLine, ...]:
    """Return the requests whose address is shown: open ones first, of these the oldest first."""
    rows = AccessRequest.objects.filter(state__in=IN_STAFFS_VIEW)
    rows = rows.select_related("partner", "decided_by").order_by("confirmed_at", "pk")
    waiting = [_line(row) for row in rows if row.state in WAITING]
    decided = [_line(row) for row in rows if row.state not in WAITING]
    return (*sorted(waiting, key=lambda row: row.state != _STATES.OPEN), *reversed(decided))


def ticket(number: int) -> Ticket | None:
    """Return one request whose address is shown; None where there is none."""
    row = (
        AccessRequest.objects.filter(pk=number, state__in=IN_STAFFS_VIEW)
        .select_related("partner", "decided_by")
        .first()
    )
    if row is None:
        return None
    earlier = AccessRequest.objects.filter(email=row.email, state__in=IN_STAFFS_VIEW)
    earlier = earlier.exclude(pk=row.pk).select_related("partner", "decided_by")
    return Ticket(
        **vars(_line(row)),
        partner_id=row.partner.pk,
        partner_key=row.partner.key,
        app=row.app,
        why=row.why,
        role=row.role,
        times_asked=row.times_asked,
        messages=messages_of(row),
        earlier=tuple(_line(one) for one in earlier.order_by("-asked_at")),
        members=row.partner.memberships.count(),
        owners=row.partner.memberships.filter(role=Role.OWNER).count(),
        paid_app=has_paid_app(row.partner.pk),
    )


def messages_of(row: AccessRequest) -> tuple[Said, ...]:
    """Return what was written on a request, the oldest first."""
    return tuple(
        Said(by=str(one.by) if one.by else "", text=one.text, at=one.at)
        for one in row.messages.select_related("by")
    )


def _line(row: AccessRequest) -> RequestLine:
    return RequestLine(
        number=row.pk,
        email=row.email,
        name=row.name,
        partner=row.partner.name,
        partner_slug=row.partner.slug,
        state=row.state,
        since=row.confirmed_at or row.asked_at,
        decided_at=row.decided_at,
        decided_by=str(row.decided_by) if row.decided_by else "",
        reason=row.reason,
    )

"""Open an escalation to a partner: by page, by API or by mail."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from assay.core.escalations import Severity, Source, Turn
from assay.core.notices.escalations import ESCALATION_OPENED
from assay.core.rights import ANSWER_ESCALATIONS
from assay.jobs.escalations.clocks import due_sentence
from assay.jobs.escalations.parts import (
    SentFile,
    kept,
    partner_page,
    refused,
    state,
    take_turn,
)
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import ApiToken, App, Escalation, Partner, Person

MOST_OF_A_SUBJECT = 200
MOST_OF_A_CUSTOMER = 200
MOST_WORDS = 8000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is escalated: `app` is the slug or key of one of the partner's apps, or empty."""

    subject: str
    text: str
    customer: str
    severity: Severity
    app: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How it came: by a machine or a mail with the key of its request and what that held."""

    source: Source
    by: Person | None = None
    token: ApiToken | None = None
    request: str = ""
    request_digest: str = ""


def open_escalation(
    partner: str, asked: Asked, way: Way, *, files: Sequence[SentFile] = (), at: datetime
) -> Escalation:
    """Open an escalation to the partner of a slug or key, and tell its support at once.

    The clock starts at `at`. A request that came before opens nothing: what it opened is
    returned. Raises Refused for an unknown partner or app, for one in which nobody could answer,
    for files that cannot be kept, and for a request whose key was used for something else.
    """
    before = _before(way)
    if before is not None:
        return before
    whose = _partner(partner)
    app = _app(whose, asked.app)
    try:
        with kept(files) as attached, transaction.atomic():
            made = Escalation.objects.create(
                key=f"ESC-{secrets.token_hex(5)}",
                partner=whose,
                source=way.source,
                app=app,
                customer=asked.customer,
                severity=asked.severity,
                subject=asked.subject,
                opened_at=at,
                opened_by=way.by,
                token=way.token,
                request=way.request,
                request_digest=way.request_digest,
            )
            take_turn(
                made,
                Turn.OPENED,
                by=way.by,
                by_partner=False,
                at=at,
                text=asked.text,
                files=attached,
            )
            _announce(made, asked, way, at)
    except IntegrityError:  # the same request came twice at once
        before = _before(way)
        if before is None:
            raise
        return before
    return made


def _before(way: Way) -> Escalation | None:
    """Return what the same request opened before."""
    if not way.request:
        return None
    found = Escalation.objects.filter(source=way.source, token=way.token, request=way.request)
    before = found.select_related("partner").first()
    if before is not None and before.request_digest != way.request_digest:
        raise refused(
            "idempotency_key",
            "was used for another request",
            "send a new key with every new escalation",
        )
    return before


def _partner(named: str) -> Partner:
    found = Partner.objects.exclude(state=Partner.State.DRAFT)
    partner = found.filter(key=named).first() or found.filter(slug=named).first()
    if partner is None:
        raise refused("partner", "is not known", "give the partner's key, or its slug in addresses")
    if not partner.memberships.filter(role__in=ANSWER_ESCALATIONS.roles).exists():
        raise refused(
            "partner",
            "has nobody on the portal who could answer",
            "reach its support contact another way; its time does not run",
        )
    return partner


def _app(partner: Partner, named: str) -> App | None:
    if not named:
        return None
    app = partner.apps.filter(key=named).first() or partner.apps.filter(slug=named).first()
    if app is None:
        raise refused("app", "is not an app of this partner", "give the app's key, or leave it out")
    return app


def _announce(made: Escalation, asked: Asked, way: Way, at: datetime) -> None:
    who = str(way.by or (way.token and way.token.name) or "Platform support")
    record(
        "escalation_opened",
        f"{who} escalated to {made.partner}: {made.subject}"[:400],
        at=at,
        by=way.by,
        partner=made.partner,
        target=f"escalation:{made.key}",
        source=way.source.value,
        severity=asked.severity.value,
    )
    state(made, why=f"escalation opened: {made.key}", at=at, by=way.by)
    about = f"{made.customer}, {made.app}" if made.app else made.customer
    tell(
        ESCALATION_OPENED,
        occasion=made.key,
        subject=f"Escalation: {made.subject}",
        body=f"{about}. Severity: {made.severity}.\n\n{asked.text}\n\n{due_sentence(made)}",
        link=partner_page(made),
        at=at,
        partner=made.partner,
    )

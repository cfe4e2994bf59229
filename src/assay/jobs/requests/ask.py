"""Ask for a benefit in a round, and take it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.benefits import BENEFIT_ASKED
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.requests.decide import move_up
from assay.store.models import BenefitRequest, Partner, Person, Round, Ticket
from assay.store.queries.benefits.benefits import held_by

State = BenefitRequest.State


def ask(
    round_id: int, partner_id: int, *, text: str, wanted: int, by: Person, at: datetime
) -> BenefitRequest:
    """Ask in a round that is open, once a partner; raises Refused where that cannot be."""
    with transaction.atomic():
        asked = Round.objects.select_for_update().get(pk=round_id)
        partner = Partner.objects.get(pk=partner_id)
        if not asked.opens_at <= at < asked.closes_at:
            raise Refused(_issue(None, "the round is not open"))
        if asked.benefit not in held_by(partner_id):
            raise Refused(_issue(None, "your tier does not get this benefit"))
        if not text.strip():
            raise Refused(_issue("text", "say what you ask for and why"))
        if not 0 < wanted <= (asked.capacity if asked.gives_tickets else 1):
            raise Refused(_issue("wanted", f"ask for 1 to {asked.capacity}"))
        others = asked.requests.filter(partner=partner).exclude(state=State.WITHDRAWN)
        if others.exists():
            raise Refused(_issue(None, "you asked in this round already"))
        made = BenefitRequest.objects.create(
            round=asked,
            partner=partner,
            text=text.strip(),
            wanted=wanted,
            asked_by=by,
            asked_at=at,
        )
        words = f"{by} asked for {asked.title}"
        target = f"request:{made.pk}"
        record("benefit_asked", words, at=at, by=by, partner=partner, target=target)
        tell(
            BENEFIT_ASKED,
            occasion=f"{made.pk}",
            subject=f"{partner} asks: {asked.title}",
            body=text.strip(),
            link=f"/staff/requests/{asked.pk}/",
            at=at,
        )
    return made


def withdraw(number: int, program: Program, *, by: Person, at: datetime) -> BenefitRequest:
    """Take a request back; its place or tickets go to the next on the waiting list."""
    with transaction.atomic():
        made = BenefitRequest.objects.select_related("round", "partner").get(pk=number)
        Round.objects.select_for_update().get(pk=made.round_id)
        made.refresh_from_db(fields=["state"])
        if made.state in (State.WITHDRAWN, State.REFUSED):
            raise Refused(_issue(None, f"the request is {made.state} already"))
        made.state = State.WITHDRAWN
        made.save(update_fields=["state"])
        Ticket.objects.filter(request=made).update(request=None)
        words = f"{by} took back: {made.round.title}"
        target = f"request:{made.pk}"
        record("benefit_withdrawn", words, at=at, by=by, partner=made.partner, target=target)
        move_up(made.round_id, program, at=at)
    return made


def _issue(column: str | None, message: str) -> Issue:
    return Issue(file="request", column=column, message=message)

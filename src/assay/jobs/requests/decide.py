"""Decide requests in the order of their rank: grant, put on the waiting list, refuse, allot."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.benefits import BENEFIT_DECIDED
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import BenefitRequest, Person, Round, Ticket
from assay.store.queries.requests.requests import ranked_requests
from assay.store.queries.reviews.credited import credited_on

State = BenefitRequest.State
_WORDS = {
    State.GRANTED: "granted",
    State.WAITING: "on the waiting list",
    State.REFUSED: "refused",
}


def grant(
    number: int, program: Program, *, reason: str, by: Person, at: datetime
) -> BenefitRequest:
    """Grant a request where a place is left, else put it on the waiting list.

    Raises Refused where it is decided, or where tickets are allotted all together.
    """
    with transaction.atomic():
        made, held = _open(number)
        if held.gives_tickets:
            raise Refused(_issue(None, "tickets are allotted to all who asked at once"))
        state = State.GRANTED if _left(held) else State.WAITING
        return _decide(made, state, program, reason=reason, by=by, at=at)


def refuse(
    number: int, program: Program, *, reason: str, by: Person, at: datetime
) -> BenefitRequest:
    """Refuse a request with a reason; raises Refused without one."""
    if not reason.strip():
        raise Refused(_issue("reason", "say why it is refused"))
    with transaction.atomic():
        made, _ = _open(number)
        return _decide(made, State.REFUSED, program, reason=reason, by=by, at=at)


def allot_tickets(round_id: int, program: Program, *, by: Person, at: datetime) -> int:
    """Allot a closed round's tickets by rank, each tier up to its quota; returns how many.

    Once: whom none is left for is on the waiting list. Raises Refused before it closes.
    """
    with transaction.atomic():
        held = Round.objects.select_for_update().get(pk=round_id)
        if not held.gives_tickets or held.allotted_at is not None:
            raise Refused(_issue(None, "there is nothing to allot"))
        if at < held.closes_at:
            raise Refused(_issue(None, "the round is open still"))
        given = sum(
            _give(made, program, by=by, at=at)
            for made in _ranked(held, program)
            if made.state == State.ASKED
        )
        held.allotted_at = at
        held.save(update_fields=["allotted_at"])
        words = f"{by} allotted {given} tickets of {held.title}"
        record("tickets_allotted", words, at=at, by=by, target=f"round:{held.pk}")
    return given


def move_up(round_id: int, program: Program, *, at: datetime) -> None:
    """Give what became free to those who wait, in the order of their rank."""
    held = Round.objects.select_for_update().get(pk=round_id)
    for made in _ranked(held, program):
        if made.state != State.WAITING:
            continue
        if held.gives_tickets:
            _give(made, program, by=None, at=at)
        elif _left(held):
            _decide(made, State.GRANTED, program, reason="A place became free", by=None, at=at)


def _give(made: BenefitRequest, program: Program, *, by: Person | None, at: datetime) -> int:
    """Give a request its tickets: what it wants, up to its tier's quota and to what is left."""
    tier = credited_on(at.date()).get(made.partner_id)
    quota = int(made.round.quotas.get(tier.tier, 0)) if tier else 0
    free = Ticket.objects.select_for_update().filter(round=made.round_id, request=None)
    numbers = list(free.values_list("pk", flat=True)[: min(made.wanted, quota)])
    Ticket.objects.filter(pk__in=numbers).update(request=made)
    if numbers:
        reason = f"{len(numbers)} of {made.wanted} tickets; your tier gets {quota} at most"
        _decide(made, State.GRANTED, program, reason=reason, by=by, at=at)
    elif made.state == State.ASKED:
        state = State.WAITING if quota else State.REFUSED
        reason = "No ticket is left" if quota else "Your tier gets no tickets in this round"
        _decide(made, state, program, reason=reason, by=by, at=at)
    return len(numbers)


def _open(number: int) -> tuple[BenefitRequest, Round]:
    made = BenefitRequest.objects.select_related("round", "partner").get(pk=number)
    held = Round.objects.select_for_update().get(pk=made.round_id)
    made.refresh_from_db(fields=["state"])
    if made.state not in (State.ASKED, State.WAITING):
        raise Refused(_issue(None, f"the request is {made.state} already"))
    return made, held


def _left(held: Round) -> int:
    return held.capacity - held.requests.filter(state=State.GRANTED).count()


def _ranked(held: Round, program: Program) -> list[BenefitRequest]:
    rows = list(held.requests.select_related("round", "partner"))
    return [row for row, _ in ranked_requests(rows, program)]


def _decide(
    made: BenefitRequest,
    state: BenefitRequest.State,
    program: Program,
    *,
    reason: str,
    by: Person | None,
    at: datetime,
) -> BenefitRequest:
    ((_, rank),) = ranked_requests([made], program)
    made.state, made.reason, made.rank_words = state, reason.strip(), rank
    made.decided_by, made.decided_at = by, at
    made.save()
    words = f"{made.round.title}: {_WORDS[state]}"
    target = f"request:{made.pk}"
    record(f"benefit_{state}", words, at=at, by=by, partner=made.partner, target=target)
    tell(
        BENEFIT_DECIDED,
        occasion=f"{made.pk}:{state}",
        subject=words,
        body=f"{rank}.\n\n{made.reason}".strip(),
        link=f"/portal/{made.partner.slug}/requests/{made.pk}/",
        at=at,
        partner=made.partner,
    )
    return made


def _issue(column: str | None, message: str) -> Issue:
    return Issue(file="request", column=column, message=message)

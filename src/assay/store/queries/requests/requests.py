"""Rounds and what was asked in them, ranked by what the tier gets and then by date."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from assay.core.benefits import turn_of
from assay.core.program import Program
from assay.store.models import BenefitRequest, Round, Ticket
from assay.store.queries.benefits.benefits import values_of

State = BenefitRequest.State


@dataclass(frozen=True, kw_only=True)
class RoundLine:
    """A round: `state` is coming, open or closed; `left` is how many places or tickets are left."""

    number: int
    benefit: str
    title: str
    description: str
    capacity: int
    left: int
    gives_tickets: bool
    quotas: Mapping[str, int]
    opens_at: datetime
    closes_at: datetime
    state: str
    asked: int
    allotted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request: its place in the round and why, what became of it, its tickets' numbers."""

    number: int
    round_number: int
    round_title: str
    benefit: str
    gives_tickets: bool
    partner_id: int
    partner: str
    slug: str
    text: str
    wanted: int
    state: str
    asked_by: str
    asked_at: datetime
    place: int
    rank_words: str
    decided_by: str
    decided_at: datetime | None
    reason: str
    tickets: tuple[int, ...]


def rounds(*, at: datetime) -> tuple[RoundLine, ...]:
    """Return every round, those open first, then those coming, then those closed."""
    order = {"open": 0, "coming": 1, "closed": 2}
    lines = (_line(row, at) for row in _counted(Round.objects.all()))
    return tuple(sorted(lines, key=lambda line: order[line.state]))


def round_of(number: int, *, at: datetime) -> RoundLine | None:
    """Return one round; None where there is none."""
    row = _counted(Round.objects.filter(pk=number)).first()
    return _line(row, at) if row else None


def asked_in(number: int, program: Program) -> tuple[Ask, ...]:
    """Return what was asked in a round, in the order in which it is decided.

    A higher level of the benefit goes first, then who asked first; withdrawn ones come last.
    """
    rows = _rows(BenefitRequest.objects.filter(round=number))
    ranked = ranked_requests(rows, program)
    return _asks(ranked, program)


def asks_of(partner_id: int, program: Program) -> tuple[Ask, ...]:
    """Return what a partner asked for, the newest first, each with its place in its round."""
    own = BenefitRequest.objects.filter(partner=partner_id).values("round")
    rows = _rows(BenefitRequest.objects.filter(round__in=own))
    by_round: dict[int, list[BenefitRequest]] = defaultdict(list)
    for row in rows:
        by_round[row.round_id].append(row)
    found = (
        ask
        for held in by_round.values()
        for ask in _asks(ranked_requests(held, program), program)
        if ask.partner_id == partner_id
    )
    return tuple(sorted(found, key=lambda ask: ask.asked_at, reverse=True))


def ask_of(number: int, program: Program) -> Ask | None:
    """Return one request with its place in its round; None where there is none."""
    row = BenefitRequest.objects.filter(pk=number).first()
    if row is None:
        return None
    return next(ask for ask in asked_in(row.round_id, program) if ask.number == number)


def ranked_requests(
    rows: list[BenefitRequest], program: Program
) -> list[tuple[BenefitRequest, str]]:
    """Return requests in the order in which they are decided, each with the reason in words."""
    values = values_of({row.partner_id for row in rows})

    def key(row: BenefitRequest) -> tuple[bool, int, datetime, int]:
        benefit = program.benefits.get(row.round.benefit)
        value = values.get(row.partner_id, {}).get(row.round.benefit, "")
        turn = turn_of(value, benefit, program.tiers) if benefit else 0
        return row.state == State.WITHDRAWN, turn, row.asked_at, row.pk

    return [
        (row, _rank_words(row, values.get(row.partner_id, {}).get(row.round.benefit, ""), program))
        for row in sorted(rows, key=key)
    ]


def _rank_words(row: BenefitRequest, value: str, program: Program) -> str:
    benefit = program.benefits.get(row.round.benefit)
    clause = f" ({benefit.clause})" if benefit else ""
    at = row.asked_at.astimezone(UTC)
    asked = f"{at.day} {at:%B %Y, %H:%M} UTC"
    return f"{value.capitalize() or 'Nothing by its tier'}{clause}, asked {asked}"


def _rows(rows: QuerySet[BenefitRequest]) -> list[BenefitRequest]:
    return list(rows.select_related("round", "partner", "asked_by", "decided_by"))


def _asks(ranked: list[tuple[BenefitRequest, str]], program: Program) -> tuple[Ask, ...]:
    given: dict[int, list[int]] = defaultdict(list)
    held = Ticket.objects.filter(request__in=[row.pk for row, _ in ranked])
    for request, number in held.values_list("request", "number"):
        given[request].append(number)
    places: Counter[int] = Counter()
    asks = []
    for row, words in ranked:
        places[row.round_id] += 1
        asks.append(
            Ask(
                number=row.pk,
                round_number=row.round_id,
                round_title=row.round.title,
                benefit=_title(row.round.benefit, program),
                gives_tickets=row.round.gives_tickets,
                partner_id=row.partner_id,
                partner=row.partner.name,
                slug=row.partner.slug,
                text=row.text,
                wanted=row.wanted,
                state=row.state,
                asked_by=str(row.asked_by),
                asked_at=row.asked_at,
                place=places[row.round_id],
                rank_words=row.rank_words or words,
                decided_by=str(row.decided_by or ""),
                decided_at=row.decided_at,
                reason=row.reason,
                tickets=tuple(sorted(given[row.pk])),
            )
        )
    return tuple(asks)


def _title(key: str, program: Program) -> str:
    benefit = program.benefits.get(key)
    return f"{benefit.title} ({benefit.clause})" if benefit else key


def _counted(rows: QuerySet[Round]) -> QuerySet[Any]:
    """Count how many asked, were granted and were given tickets, in each round."""
    return rows.annotate(
        asked=Count("requests", filter=~Q(requests__state=State.WITHDRAWN), distinct=True),
        granted=Count("requests", filter=Q(requests__state=State.GRANTED), distinct=True),
        given=Count("tickets", filter=Q(tickets__request__isnull=False), distinct=True),
    )


def _line(row: Any, at: datetime) -> RoundLine:  # noqa: ANN401 - a row with counts
    used = row.given if row.gives_tickets else row.granted
    return RoundLine(
        number=row.pk,
        benefit=row.benefit,
        title=row.title,
        description=row.description,
        capacity=row.capacity,
        left=row.capacity - used,
        gives_tickets=row.gives_tickets,
        quotas=row.quotas,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        state="coming" if at < row.opens_at else "open" if at < row.closes_at else "closed",
        asked=row.asked,
        allotted_at=row.allotted_at,
    )

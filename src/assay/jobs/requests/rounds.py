"""Open a round for a benefit of the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.program import BenefitKind, Program
from assay.jobs.operations.events import record
from assay.store.models import Person, Round, Ticket

MOST_PLACES = 10_000


@dataclass(frozen=True, kw_only=True)
class RoundPlan:
    """What a round is to be; `quotas`: the most tickets a tier gets, empty where there are none."""

    benefit: str
    title: str
    description: str
    capacity: int
    opens_at: datetime
    closes_at: datetime
    quotas: Mapping[str, int]


def open_round(plan: RoundPlan, program: Program, *, by: Person, at: datetime) -> Round:
    """Make a round, and its stock of tickets where it gives some; raises Refused."""
    benefit = program.benefits.get(plan.benefit)
    if benefit is None or benefit.kind is not BenefitKind.LEVEL:
        raise Refused(_issue("benefit", "choose a benefit that is asked for"))
    if plan.closes_at <= plan.opens_at:
        raise Refused(_issue("closes_at", "a round closes after it opens"))
    if not 0 < plan.capacity <= MOST_PLACES:
        raise Refused(_issue("capacity", f"give 1 to {MOST_PLACES}"))
    unknown = sorted(set(plan.quotas) - set(program.tiers))
    if unknown:
        raise Refused(_issue("quotas", f"no tier {', '.join(unknown)}"))
    with transaction.atomic():
        made = Round.objects.create(
            benefit=plan.benefit,
            title=plan.title,
            description=plan.description,
            capacity=plan.capacity,
            gives_tickets=bool(plan.quotas),
            quotas=dict(plan.quotas),
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            made_by=by,
            made_at=at,
        )
        if plan.quotas:
            numbers = range(1, plan.capacity + 1)
            Ticket.objects.bulk_create(Ticket(round=made, number=number) for number in numbers)
        words = f"{by} opened the round {plan.title}"
        record("round_opened", words, at=at, by=by, target=f"round:{made.pk}")
    return made


def _issue(column: str, message: str) -> Issue:
    return Issue(file="round", column=column, message=message)

"""Enter into a demo a round of guest blogs, and who asks in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from assay.core.issues import Refused
from assay.jobs.demo.cast import Cast
from assay.jobs.programs.programs import program_of
from assay.jobs.requests.ask import ask
from assay.jobs.requests.rounds import RoundPlan, open_round

_MONTH = timedelta(days=30)


def enter_requests(cast: Cast, *, at: datetime) -> None:
    """Open two rounds, in the first of which the owners' partners ask; who may not does not."""
    program = program_of(settings.PROGRAM)
    blogs = RoundPlan(
        benefit="co_marketing",
        title="Made-up guest blogs of the season",
        description="Say what you would write about, and who should read it.",
        capacity=1,
        opens_at=at - _MONTH,
        closes_at=at + _MONTH,
        quotas={},
    )
    tickets = RoundPlan(
        benefit="event_tickets",
        title="Tickets for a made-up conference",
        description="How many of you would come?",
        capacity=40,
        opens_at=at,
        closes_at=at + _MONTH,
        quotas={"partner": 1, "silver": 2, "gold": 4, "platinum": 6},
    )
    manager = cast.people["staff-manager"]
    made = open_round(blogs, program, by=manager, at=at)
    open_round(tickets, program, by=manager, at=at)
    for name in ("owner-at-risk", "owner-safe"):
        try:
            ask(
                made.pk,
                cast.partners[name].pk,
                text="We would write about made-up links.",
                wanted=1,
                by=cast.people[name],
                at=at,
            )
        except Refused:  # a partner without a tier
            continue

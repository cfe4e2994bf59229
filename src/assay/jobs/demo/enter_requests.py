"""Enter into a demo rounds of guest blogs and of tickets, and who asks in them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from assay.core.issues import Refused
from assay.jobs.demo.cast import Cast
from assay.jobs.programs.programs import program_of
from assay.jobs.requests.ask import ask
from assay.jobs.requests.decide import allot_tickets
from assay.jobs.requests.rounds import RoundPlan, open_round
from assay.store.models import Round

_DAY, _MONTH = timedelta(days=1), timedelta(days=30)
_BLOGS = "We would write about made-up links."
_TICKETS = "We would come with our made-up team."


def enter_requests(cast: Cast, *, at: datetime) -> None:
    """Open three rounds, in which the owners' partners ask; the tickets of one are allotted."""
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
    given = replace(
        tickets,
        title="Tickets for a made-up meeting",
        capacity=8,
        opens_at=at - 2 * _MONTH,
        closes_at=at - _MONTH,
    )
    program, manager = program_of(settings.PROGRAM), cast.people["staff-manager"]
    _ask(cast, open_round(blogs, program, by=manager, at=blogs.opens_at), _BLOGS, at=at - _DAY)
    open_round(tickets, program, by=manager, at=at)
    meeting = open_round(given, program, by=manager, at=given.opens_at)
    _ask(cast, meeting, _TICKETS, wanted=6, at=given.opens_at + _DAY)
    allot_tickets(meeting.pk, program, by=manager, at=at)


def _ask(cast: Cast, where: Round, text: str, *, wanted: int = 1, at: datetime) -> None:
    """Let owners ask, an hour after each other; whose tier does not give it, cannot."""
    for hours, name in enumerate(("owner-at-risk", "owner-safe", "owner-platinum")):
        with suppress(Refused):
            partner, person = cast.partners[name], cast.people[name]
            moment = at + timedelta(hours=hours)
            ask(where.pk, partner.pk, text=text, wanted=wanted, by=person, at=moment)

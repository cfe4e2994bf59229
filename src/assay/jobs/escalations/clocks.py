"""Clocks of escalations: how long a partner has, how much of it has passed, what is due when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from assay.core.clock import due_at, hours_text, moment_of, stands_still, weekday_time
from assay.core.escalations import MEASURE, Target, target_of
from assay.core.program import Program
from assay.engine.compile import instant, window_start
from assay.jobs.programs.programs import program_of, program_on
from assay.store.models import Escalation
from assay.store.queries.reviews.credited import credited_on

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The clock of one escalation at a moment; times are in microseconds.

    `counted` is what passed until the answer, or until now, and `off` the weekend hours that were
    taken off; None where the partner's zone is not known. `due_at` and `left` (negative: overdue)
    are None also where the program asks for no time. `stands_still`: it is weekend over there.
    """

    zone: str
    target: Target | None
    is_running: bool
    counted: int | None = None
    off: int | None = None
    due_at: datetime | None = None
    left: int | None = None
    stands_still: bool = False

    @property
    def hours(self) -> str:
        """The counted hours, exact."""
        return "" if self.counted is None else hours_text(self.counted)

    @property
    def hours_off(self) -> str:
        """The weekend hours that were taken off, exact."""
        return "" if self.off is None else hours_text(self.off)

    @property
    def in_time(self) -> bool | None:
        """Whether the answer came in time; None where it can still, or nobody can tell."""
        if self.counted is None or self.target is None:
            return None
        is_met = self.target.is_met(self.counted)
        return None if is_met and self.is_running else is_met


def clock_of(
    opened: datetime, answered: datetime | None, zone: str, target: Target | None, *, at: datetime
) -> Clock:
    """Return the clock of an escalation as of `at`."""
    running = answered is None
    if not zone:
        return Clock(zone="", target=target, is_running=running)
    until = max(opened, at) if answered is None else answered
    counted = weekday_time(opened, until, zone)
    due = None if target is None else due_at(opened, target.allowed, zone)
    return Clock(
        zone=zone,
        target=target,
        is_running=running,
        counted=counted,
        off=(until - opened) // _MICROSECOND - counted,
        due_at=due,
        left=None if target is None else target.allowed - counted,
        stands_still=running and stands_still(at, zone),
    )


def targets(at: datetime) -> Callable[[int], Target | None]:
    """Return what tells the target of a partner: by the tier that it is credited with at `at`."""
    program, today = program_at(at)
    held = credited_on(today)
    of_tier = cache(lambda tier: target_of(program, tier))

    def asked(partner_id: int) -> Target | None:
        return of_tier(held[partner_id].tier if partner_id in held else None)

    return asked


def program_at(at: datetime) -> tuple[Program, date]:
    """Return the program in force at a moment, and the day that it is by its time zone."""
    today = at.astimezone(ZoneInfo(program_of(settings.PROGRAM).time_zone)).date()
    return program_on(settings.PROGRAM, today), today


def measured_year(at: datetime) -> tuple[datetime, date]:
    """Return when the window of the slowest response begins, for a standing at `at`."""
    program, today = program_at(at)
    window = program.windows[program.measure(MEASURE).window or ""]
    first = window_start(window, program.review.cut_off(today)) or date(1970, 1, 1)
    return moment_of(instant(first, program.time_zone)), first


def target_words(target: Target) -> str:
    """Say a target: `Gold asks for an answer in under 24 hours, Monday to Friday`."""
    bound = "at most" if target.inclusive else "under"
    time = f"{bound} {target.hours_words} hours, Monday to Friday"
    return f"{target.title} asks for an answer in {time}"


def city_of(zone: str) -> str:
    """Name a zone by its place: `Buenos Aires` for `America/Argentina/Buenos_Aires`."""
    return zone.rpartition("/")[2].replace("_", " ")


def due_sentence(escalation: Escalation, at: datetime | None = None) -> str:
    """Say in a notice until when an answer is in time, in the partner's own time."""
    moment = at or escalation.opened_at
    zone = escalation.partner.time_zone
    target = targets(moment)(escalation.partner_id)
    if target is None:
        return "The program asks for no time."
    if not zone:
        return (
            "Nobody can tell when the answer is due: the profile has no time zone. "
            f"{target_words(target)}, at the address of the profile."
        )
    due = due_at(escalation.opened_at, target.allowed, zone).astimezone(ZoneInfo(zone))
    by = "Answer by" if target.inclusive else "Answer before"
    if due <= moment:
        by = "It was due by" if target.inclusive else "It was due before"
    return (
        f"{by} {due:%A} {due.day} {due:%B %Y, %H:%M} in {city_of(zone)}. {target_words(target)}, "
        "at the address of your profile."
    )

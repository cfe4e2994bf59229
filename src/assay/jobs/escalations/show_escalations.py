"""Show escalations with their clocks: the board, a partner's year, one escalation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from assay.core.clock import hours_text, weekday_time
from assay.core.escalations import Target
from assay.jobs.escalations.clocks import Clock, clock_of, measured_year, targets
from assay.store.queries.escalations.escalations import (
    DisputeLine,
    EscalationPage,
    EscalationRow,
    answered_escalations,
    disputed_count,
    disputed_escalations,
    escalation_page,
    escalations_of,
    older_count,
    waiting_escalations,
)

LATELY = timedelta(days=30)  # for how long the board shows what was answered
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Clocked:
    """An escalation beside its clock."""

    row: EscalationRow
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class Board:
    """The escalations that are shown, and how many wait, are overdue and are disputed in all."""

    rows: tuple[Clocked, ...]
    waiting: int
    overdue: int
    disputed: int


@dataclass(frozen=True, kw_only=True)
class YearOfEscalations:
    """A partner's open escalations by what is due next, and those of the measured year.

    `in_time` of `judged` came in time: answered ones, and open ones that are overdue. `slowest`
    is the one whose answer took, or takes, longest. `first_day` is where the year begins.
    """

    target: Target | None
    waiting: tuple[Clocked, ...]
    year: tuple[Clocked, ...]
    judged: int
    in_time: int
    slowest: Clocked | None
    first_day: date
    older: int


@dataclass(frozen=True, kw_only=True)
class ClockedDispute:
    """A dispute with the hours that each side's moment counts, "" where nobody can tell."""

    line: DisputeLine
    held_hours: str
    claimed_hours: str
    granted_hours: str


@dataclass(frozen=True, kw_only=True)
class OneEscalation:
    """One escalation with its clock, its turns, and its disputes in hours."""

    page: EscalationPage
    clock: Clock
    disputes: tuple[ClockedDispute, ...]

    @property
    def open_dispute(self) -> DisputeLine | None:
        """The dispute that waits for a decision."""
        return next((one.line for one in self.disputes if one.line.state == "open"), None)


def board(shown: str, *, at: datetime) -> Board:
    """Return the board by what breaches next: `disputed`, lately `answered`, else what waits.

    Those that nobody can tell a due moment of come last.
    """
    asked = targets(at)
    waiting = _by_due(_clocked(waiting_escalations(), asked, at=at))
    rows = waiting
    if shown == "answered":
        rows = _clocked(answered_escalations(since=at - LATELY), asked, at=at)
    if shown == "disputed":
        rows = _by_due(_clocked(disputed_escalations(), asked, at=at))
    return Board(
        rows=rows,
        waiting=len(waiting),
        overdue=sum(one.clock.in_time is False for one in waiting),
        disputed=len(rows) if shown == "disputed" else disputed_count(),
    )


def year_of_escalations(partner_id: int, *, at: datetime) -> YearOfEscalations:
    """Return a partner's escalations of the year that a standing of today measures, and since."""
    since, first_day = measured_year(at)
    asked = targets(at)
    found = _clocked(escalations_of(partner_id, since=since), asked, at=at)
    waiting = tuple(one for one in found if one.clock.is_running and one.row.closed_at is None)
    year = tuple(one for one in found if one.row.opened_at >= since)
    judged = [one for one in year if one.clock.in_time is not None]
    known = [one for one in year if one.clock.counted is not None]
    return YearOfEscalations(
        target=asked(partner_id),
        waiting=_by_due(waiting),
        year=tuple(one for one in year if not one.clock.is_running),
        judged=len(judged),
        in_time=sum(one.clock.in_time is True for one in judged),
        slowest=max(known, key=lambda one: one.clock.counted or 0, default=None),
        first_day=first_day,
        older=older_count(partner_id, since=since),
    )


def one_escalation(
    escalation_id: int, *, at: datetime, partner_id: int | None = None
) -> OneEscalation | None:
    """Return one escalation; with `partner_id` None where it is another partner's."""
    page = escalation_page(escalation_id, partner_id=partner_id)
    if page is None:
        return None
    (clocked,) = _clocked([page.row], targets(at), at=at)
    return OneEscalation(
        page=page,
        clock=clocked.clock,
        disputes=tuple(
            ClockedDispute(
                line=one,
                held_hours=_hours(page.row, one.held),
                claimed_hours=_hours(page.row, one.claimed),
                granted_hours=_hours(page.row, one.granted),
            )
            for one in page.disputes
        ),
    )


def _hours(row: EscalationRow, answered: datetime | None) -> str:
    if answered is None or not row.zone:
        return ""
    return hours_text(weekday_time(row.opened_at, answered, row.zone))


def _clocked(
    rows: Iterable[EscalationRow], asked: Callable[[int], Target | None], *, at: datetime
) -> tuple[Clocked, ...]:
    return tuple(
        Clocked(
            row=row,
            clock=clock_of(row.opened_at, row.answered_at, row.zone, asked(row.partner_id), at=at),
        )
        for row in rows
    )


def _by_due(found: Iterable[Clocked]) -> tuple[Clocked, ...]:
    return tuple(sorted(found, key=lambda one: (one.clock.due_at or _NEVER, one.row.opened_at)))

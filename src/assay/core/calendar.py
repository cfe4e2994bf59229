"""The review year as dated acts: what a program's calendar asks for between two days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assay.core.review_rules import ReviewCalendar

REMIND_EVERY = timedelta(days=7)


class ActKind(StrEnum):
    """What the calendar does."""

    ASSESS = "assess"
    OPEN = "open"
    MAY_CLOSE = "may_close"
    REMIND = "remind"


# Days that can be asked for: beyond them, windows and time zones mean nothing.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of the calendar on a day, and the day of the review that it is for."""

    on: date
    kind: ActKind
    review_on: date


def acts_between(
    review: ReviewCalendar, *, settling_days: int, since: date, until: date
) -> tuple[Act, ...]:
    """Return the acts from the day `since` to the day `until`, both included, by day.

    A review opens on the first day of its month; it may be closed after the settling days, and
    from then on an unclosed one is reminded of every week, until the next one opens. On one day,
    an opening precedes an assessment, and both precede what concerns closing.
    """
    acts = [
        act
        for year in range(since.year - 1, until.year + 1)
        for act in _acts_of(review, year, settling_days)
        if since <= act.on <= until
    ]
    return tuple(sorted(acts, key=lambda act: (act.on, _ORDER.index(act.kind))))


_ORDER = (ActKind.OPEN, ActKind.ASSESS, ActKind.MAY_CLOSE, ActKind.REMIND)


def _acts_of(review: ReviewCalendar, year: int, settling_days: int) -> Iterator[Act]:
    """Yield the acts that begin with the review of a year and end before the next."""
    opens = date(year, review.month, 1)
    following = date(year + 1, review.month, 1)
    yield Act(on=opens, kind=ActKind.OPEN, review_on=opens)
    for month in review.assessments.months if review.assessments else ():
        on = date(year if month > review.month else year + 1, month, 1)
        yield Act(on=on, kind=ActKind.ASSESS, review_on=following)
    may_close = opens + timedelta(days=settling_days)
    yield Act(on=may_close, kind=ActKind.MAY_CLOSE, review_on=opens)
    remind = may_close + REMIND_EVERY
    while remind < following:
        yield Act(on=remind, kind=ActKind.REMIND, review_on=opens)
        remind += REMIND_EVERY

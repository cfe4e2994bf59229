"""When reviews take place, who is assessed before, and how a demotion begins: as programs say."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class Assessments:
    """On the first day of which months partners are assessed for the next review."""

    months: tuple[int, ...]
    clause: str
    since: date


@dataclass(frozen=True, kw_only=True)
class ReviewCalendar:
    """When reviews take place and which day is the first that no longer counts.

    In `month` the cut-off is its first day, whichever day of it the review is run; on any other
    day (a standing between reviews) it is that day itself.
    """

    month: int
    clause: str
    since: date
    assessments: Assessments | None = None

    def cut_off(self, on: date) -> date:
        """Return the first day whose facts do not count in a review on `on`."""
        return on.replace(day=1) if on.month == self.month else on

    def next_cut_off(self, on: date) -> date:
        """Return the cut-off of the first review that facts of the day `on` or later count in."""
        this_year = date(on.year, self.month, 1)
        return this_year if on < this_year else date(on.year + 1, self.month, 1)


@dataclass(frozen=True, kw_only=True)
class Demotion:
    """How long a partner keeps its tier after a review that gives a lower one: at once, or spared.

    At most one of `days` and `months` is not zero.
    """

    days: int = 0
    months: int = 0

    def takes_effect(self, on: date) -> date:
        """Return the day the lower tier begins, where results take effect on day `on`.

        Months end on the same day of the month, or on the last one of a shorter month.
        """
        if self.days:
            return on + timedelta(days=self.days)
        months = on.month - 1 + self.months
        year, month = on.year + months // 12, months % 12 + 1
        return date(year, month, min(on.day, monthrange(year, month)[1]))

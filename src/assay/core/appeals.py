"""Until when a decision may be appealed: by the program's setting, else by the operator's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SETTING = "appeal"
NO_RULE = "none"
_DAYS = re.compile("(?P<number>[1-9][0-9]{0,2}) days?")


@dataclass(frozen=True, kw_only=True)
class Period:
    """For how many days after a decision it may be appealed, and whether the program says so."""

    days: int
    by_program: bool

    def last_day(self, on: date) -> date:
        """Return the last day on which a decision that was told on day `on` may be appealed."""
        return on + timedelta(days=self.days)


def is_period(written: str) -> bool:
    """Tell whether a program's setting can be read: `none` or `N days`."""
    return written == NO_RULE or _DAYS.fullmatch(written) is not None


def period_of(settings: Mapping[str, str], *, otherwise: int) -> Period:
    """Return the period of a program's settings; where they set none, `otherwise` days."""
    found = _DAYS.fullmatch(settings.get(SETTING, NO_RULE))
    if found is None:
        return Period(days=otherwise, by_program=False)
    return Period(days=int(found["number"]), by_program=True)

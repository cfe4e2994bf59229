"""How much a credited tier is at risk: what today's evidence and two paces say together."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

PACES = (12, 3)  # the months whose pace is looked at


class Level(StrEnum):
    """How likely the tier is lost at the coming review."""

    FINE = "fine"
    WATCH = "watch"
    AT_RISK = "at_risk"
    WILL_LOSE = "will_lose"


LEVEL_WORDS = {
    Level.FINE: "fine",
    Level.WATCH: "watch",
    Level.AT_RISK: "at risk",
    Level.WILL_LOSE: "will lose it unless",
}


def level_of(*, fails_now: bool, pace_fails: Sequence[bool]) -> Level:
    """Return the level of a tier that fails on today's evidence or not, and at each pace or not.

    At risk is what would not hold now, or would miss at every pace; where both are so, the tier
    will be lost unless something is done. One pace alone that misses is to be watched.
    """
    every = all(pace_fails)
    if fails_now and every:
        return Level.WILL_LOSE
    if fails_now or every:
        return Level.AT_RISK
    return Level.WATCH if any(pace_fails) else Level.FINE

"""Escalations: how grave, from where, and how soon a program wants the first response."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assay.core.clock import HOUR, hours_text
from assay.core.program import Operator, Program, comparisons

MEASURE = "slowest_response"  # the measure of a program that the clock is for
_BOUNDS = (Operator.LT, Operator.LE)


class Severity(StrEnum):
    """How grave an escalation is, as platform support says."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Source(StrEnum):
    """How an escalation came in."""

    PAGE = "page"
    API = "api"
    MAIL = "mail"
    REPORT = "report"


class Turn(StrEnum):
    """What was said or done in an escalation."""

    OPENED = "opened"
    ANSWERED = "answered"
    SAID = "said"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, kw_only=True)
class Target:
    """How soon a program wants an answer of a partner: for which tier, in how many hours.

    `held`: the partner holds that tier; else it is the lowest tier that asks for a time. With
    `inclusive` an answer in exactly that time is in time.
    """

    tier: str
    title: str
    hours: Decimal
    inclusive: bool
    held: bool

    @property
    def allowed(self) -> int:
        """The time in microseconds."""
        return int(self.hours * HOUR)

    @property
    def hours_words(self) -> str:
        """The hours, exact."""
        return hours_text(self.allowed)

    def is_met(self, counted: int) -> bool:
        """Tell whether an answer after so many microseconds is in time."""
        return counted <= self.allowed if self.inclusive else counted < self.allowed


def target_of(program: Program, tier: str | None) -> Target | None:
    """Return what a program asks of a partner whose credited tier is `tier`, None: nothing.

    The bound is that of the requirement that compares the slowest response; where several do, the
    shortest.
    """
    asked = {name: bound for name in program.tiers if (bound := _bound(program, name)) is not None}
    if not asked:
        return None
    held = tier in asked
    named = tier if tier is not None and held else next(iter(asked))
    hours, inclusive = asked[named]
    return Target(
        tier=named,
        title=program.tiers[named].title,
        hours=hours,
        inclusive=inclusive,
        held=held,
    )


def _bound(program: Program, tier: str) -> tuple[Decimal, bool] | None:
    found = [
        (one.bound, one.operator is Operator.LE)
        for requirement in program.requirements.values()
        if tier in requirement.by_tier
        for one in comparisons(requirement.by_tier[tier])
        if one.measure == MEASURE and one.operator in _BOUNDS and isinstance(one.bound, Decimal)
    ]
    return min(found, default=None)

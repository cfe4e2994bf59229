"""Badges: which tier has one, how long it holds, and where it stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from assay.core.program import BenefitKind, Program

ON_PROFILE = "profile_badge"  # the benefit by which a badge stands on the public profile
_LONGEST_MONTH = timedelta(days=31)


class BadgeState(StrEnum):
    """Where a badge stands."""

    COMING = "coming"
    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"


def badge_words(program: Program, tier: str) -> str:
    """Return what a tier's badge says, by the table of benefits; "" where the tier has none."""
    rows = (row for row in program.benefits.values() if row.kind is BenefitKind.BADGE)
    return next((row.by_tier[tier] for row in rows if tier in row.by_tier), "")


def stands_on_profile(program: Program, tier: str) -> bool:
    """Tell whether a tier's badge stands on the partner's public profile."""
    benefit = program.benefits.get(ON_PROFILE)
    return benefit is not None and tier in benefit.by_tier


def held_until(program: Program, since_on: date, until_on: date | None, *, on: date) -> date:
    """Return the first day on which a badge given on day `on` no longer holds.

    A grant without an end lasts until the next review takes effect. That is at the end of the
    month in which reviews are, and as much later as the program spares a demotion. Where such a
    day has passed without a review, it is that of the following year.
    """
    last = _after_next_review(program, since_on)
    while last <= on:
        last = _after_next_review(program, last)
    return last if until_on is None else min(last, until_on)


def _after_next_review(program: Program, on: date) -> date:
    review = program.review.next_cut_off(on)
    return program.demotion.takes_effect((review + _LONGEST_MONTH).replace(day=1))


def state_of(
    *,
    begins_at: datetime,
    ends_at: datetime,
    revoked_at: datetime | None,
    suspended_at: datetime | None,
    at: datetime,
) -> BadgeState:
    """Return where a badge stands at a moment; what was revoked stays so, even when it is over."""
    if revoked_at is not None:
        return BadgeState.REVOKED
    if at >= ends_at:
        return BadgeState.EXPIRED
    if suspended_at is not None:
        return BadgeState.SUSPENDED
    return BadgeState.COMING if at < begins_at else BadgeState.VALID

"""What a partner gets by its tier, and what changes when the tier or the program does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assay.core.program import Benefit


class Act(StrEnum):
    """What happens to a benefit of a partner."""

    GRANTED = "granted"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One benefit before and after, as the program file writes it; "" is nothing."""

    key: str
    before: str
    after: str

    @property
    def act(self) -> Act:
        """What happens to it."""
        if not self.before:
            return Act.GRANTED
        return Act.CHANGED if self.after else Act.ENDED


def entitled(benefits: Mapping[str, Benefit], tier: str) -> Mapping[str, str]:
    """Return what a tier gets, by benefit, in the program's order (B1 to B14)."""
    return {key: row.by_tier[tier] for key, row in benefits.items() if tier in row.by_tier}


def changes(held: Mapping[str, str], entitled_to: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what changes from what is held to what one is entitled to; equal values are none."""
    keys = dict.fromkeys((*entitled_to, *held))
    return tuple(
        Change(key=key, before=held.get(key, ""), after=entitled_to.get(key, ""))
        for key in keys
        if held.get(key, "") != entitled_to.get(key, "")
    )


def turn_of(value: str, benefit: Benefit, tiers: Iterable[str]) -> int:
    """Return whose turn it is first, 0: a higher level goes before a lower one.

    `value` is what somebody gets of the benefit, as the program file writes it; tiers with the
    same level have the same turn, and who gets nothing comes after all.
    """
    written = (benefit.by_tier[tier] for tier in tiers if tier in benefit.by_tier)
    levels = list(dict.fromkeys(written))[::-1]
    return levels.index(value) if value in levels else len(levels)

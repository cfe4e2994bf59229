"""What a review comes to: moves between tiers, and the money that tiers give."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from assay.core.program import BenefitKind, Program


class Move(StrEnum):
    """How a partner stands against the review before."""

    ENTERS = "enters"  # holds a tier, and held none
    UP = "up"
    STAYS = "stays"
    DOWN = "down"


def cost_of(program: Program, counts: Mapping[str, int]) -> Decimal:
    """Return what a program's money benefits come to a year, for so many partners of each tier."""
    return sum(
        (
            Decimal(amount) * counts.get(tier, 0)
            for benefit in program.benefits.values()
            if benefit.kind is BenefitKind.MONEY
            for tier, amount in benefit.by_tier.items()
        ),
        Decimal(0),
    )

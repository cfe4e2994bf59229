"""What a review comes to: moves between tiers, the money that tiers give, a year in play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from assay.core.calendar import Act
from assay.core.program import BenefitKind, Program


class Move(StrEnum):
    """How a partner stands against the review before."""

    ENTERS = "enters"  # holds a tier, and held none
    UP = "up"
    STAYS = "stays"
    DOWN = "down"


def move_of(was: int, rank: int) -> Move:
    """Return the move from one tier's place to another's; 0 is no tier."""
    if rank == was:
        return Move.STAYS
    if rank < was:
        return Move.DOWN
    return Move.UP if was else Move.ENTERS


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


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A partner whose tier is another than the one it was credited with."""

    partner: str
    was: str
    tier: str
    move: Move


@dataclass(frozen=True, kw_only=True)
class Played:
    """What one act comes to.

    `counts` are partners by tier; `moved` is against what they are credited with on the day:
    of an assessment, who performs elsewhere. `late` are the partners whose decision what came in
    the settling days changed. `refused` says why nothing was done, else "".
    """

    act: Act
    program: str
    known_at: datetime
    facts_digest: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    late: tuple[str, ...] = ()
    refused: str = ""

    @property
    def below(self) -> tuple[Moved, ...]:
        """Who performs below the credited tier."""
        return tuple(one for one in self.moved if one.move is Move.DOWN)

    def how_many(self, move: Move) -> int:
        """Count who moves one way; who stays is everybody else."""
        if move is Move.STAYS:
            return sum(self.counts.values()) - len(self.moved)
        return sum(one.move is move for one in self.moved)

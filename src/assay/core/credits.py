"""Credits as double-entry bookkeeping: sides of an account, and the acts that move between them.

Amounts are whole minor units of the program's currency. Every act takes an amount from one side
and puts it to another, so that the sides of an account always add up to zero; what the program
gave stands on its own side as a negative number, every other side is never below zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

MINOR = 100  # minor units of a currency's unit
MOST = 10**14  # minor units that no entry reaches, as in the fact tables


class Side(StrEnum):
    """Where credits stand."""

    PROGRAM = "program"  # given by the program: at most zero
    AVAILABLE = "available"
    RESERVED = "reserved"  # held for an order
    SPENT = "spent"
    EXPIRED = "expired"


class Act(StrEnum):
    """What is done to credits."""

    GRANT = "grant"
    RESERVE = "reserve"
    RELEASE = "release"
    SPEND = "spend"
    EXPIRE = "expire"
    CLAW_BACK = "claw_back"
    CORRECT_UP = "correct_up"
    CORRECT_DOWN = "correct_down"
    TAKE_BACK = "take_back"  # what was spent comes back


MOVES: Mapping[Act, tuple[Side, Side]] = {  # from which side, to which
    Act.GRANT: (Side.PROGRAM, Side.AVAILABLE),
    Act.RESERVE: (Side.AVAILABLE, Side.RESERVED),
    Act.RELEASE: (Side.RESERVED, Side.AVAILABLE),
    Act.SPEND: (Side.RESERVED, Side.SPENT),
    Act.EXPIRE: (Side.AVAILABLE, Side.EXPIRED),
    Act.CLAW_BACK: (Side.AVAILABLE, Side.PROGRAM),
    Act.CORRECT_UP: (Side.PROGRAM, Side.AVAILABLE),
    Act.CORRECT_DOWN: (Side.AVAILABLE, Side.PROGRAM),
    Act.TAKE_BACK: (Side.SPENT, Side.AVAILABLE),
}
ACT_WORDS: Mapping[Act, str] = {
    Act.GRANT: "Granted",
    Act.RESERVE: "Reserved for an order",
    Act.RELEASE: "Released",
    Act.SPEND: "Spent",
    Act.EXPIRE: "Expired",
    Act.CLAW_BACK: "Clawed back",
    Act.CORRECT_UP: "Corrected upwards",
    Act.CORRECT_DOWN: "Corrected downwards",
    Act.TAKE_BACK: "Taken back from what was spent",
}


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What stands on each side of a partner's credits of one program year, in minor units."""

    granted: int = 0  # less what was clawed back and corrected
    available: int = 0
    reserved: int = 0
    spent: int = 0
    expired: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether what was granted is what stands on the other sides, none of them below zero."""
        sides = (self.available, self.reserved, self.spent, self.expired)
        return min(sides) >= 0 and sum(sides) == self.granted


def balance_of(sides: Mapping[str, int]) -> Balance:
    """Return the balance from the amount on each side; a side that is missing is zero."""
    return Balance(
        granted=-sides.get(Side.PROGRAM, 0),
        available=sides.get(Side.AVAILABLE, 0),
        reserved=sides.get(Side.RESERVED, 0),
        spent=sides.get(Side.SPENT, 0),
        expired=sides.get(Side.EXPIRED, 0),
    )


def in_minor(amount: Decimal) -> int:
    """Return an amount in minor units; ValueError where it is not whole."""
    minor = amount * MINOR
    if minor != minor.to_integral_value():
        raise ValueError(amount)
    return int(minor)


def in_units(minor: int) -> Decimal:
    """Return minor units as an amount of the currency, exactly."""
    return Decimal(minor).scaleb(-2)


def year_of(on: date, month: int) -> date:
    """Return the first day of the program year of a day; years begin with the month of reviews."""
    first = date(on.year, month, 1)
    return first if on >= first else date(on.year - 1, month, 1)

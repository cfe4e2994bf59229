"""Grant partners the credits of their tiers for a program year, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assay.core.credits import Act, Balance
from assay.jobs.credits.move import Account, Move, locked_balances, move_all
from assay.store.models import CreditEntry


@dataclass(frozen=True, kw_only=True)
class Due:
    """What an account is to have been granted, in minor units, and why.

    `claws_back`: the program says that what is too much is taken back.
    """

    account: Account
    amount: int
    why: str
    claws_back: bool = False

    def differs(self, granted: int) -> bool:
        """Tell whether something is to be done where so much was granted."""
        return self.amount > granted or (self.claws_back and self.amount < granted)


def grant_credits(due: Sequence[Due], *, at: datetime) -> tuple[CreditEntry, ...]:
    """Make what accounts were granted what they are to have, each once; returns the entries.

    What is missing is granted. What is too much stays, unless it is clawed back: then what is
    still available goes, never what is reserved or spent (B11).
    """
    with transaction.atomic():
        held = locked_balances({one.account for one in due})
        moves = (_missing(one, held[one.account]) for one in due)
        return move_all([one for one in moves if one is not None], at=at)


def _missing(due: Due, held: Balance) -> Move | None:
    if due.amount > held.granted:
        act, amount = Act.GRANT, due.amount - held.granted
    else:
        too_much = held.granted - due.amount if due.claws_back else 0
        act, amount = Act.CLAW_BACK, min(too_much, held.available)
    return Move(account=due.account, act=act, amount=amount, why=due.why) if amount else None

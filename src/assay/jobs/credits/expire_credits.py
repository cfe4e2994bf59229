"""Expire what is left of a program year's credits when the year is over."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from assay.core.credits import Act, Side
from assay.core.events import Act as Done
from assay.jobs.credits.move import Move, locked_balances, move_all
from assay.jobs.operations.events import record_all
from assay.store.models import CreditSide


def expire_credits(before: date, *, why: str, at: datetime) -> int:
    """Expire what is available of the years that began before `before`; returns how many did.

    `before` is the first day of the running program year. What an order holds stays reserved
    until it is decided; released after that, it expires the next time.
    """
    left = CreditSide.objects.filter(side=Side.AVAILABLE, amount__gt=0, year_from__lt=before)
    with transaction.atomic():
        held = locked_balances(list(left.values_list("partner", "year_from")))
        moves = [
            Move(account=account, act=Act.EXPIRE, amount=balance.available, why=why)
            for account, balance in held.items()
            if balance.available
        ]
        move_all(moves, at=at)
        record_all(_expired(one, at=at) for one in moves)
    return len(moves)


def _expired(move: Move, *, at: datetime) -> Done:
    partner, year_from = move.account
    return Done(
        at=at,
        partner=partner,
        act="credits_expired",
        words=f"Credits of the year from {year_from} expired",
        details={"amount": move.amount},
    )

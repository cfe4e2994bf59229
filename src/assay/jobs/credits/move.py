"""Make an entry of the ledger of credits: the one way in which credits move."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from assay.core.credits import MOST, MOVES, Act, Balance, Side, balance_of, in_units
from assay.core.issues import Issue, Refused
from assay.store.models import CreditEntry, CreditOrder, CreditSide, Person


def locked_sides(partner_id: int, year_from: date) -> Mapping[str, CreditSide]:
    """Return every side of a partner's credits of a year, locked until the transaction ends.

    They are locked in one order, so that any number of entries at once wait and none deadlocks.
    """
    rows = CreditSide.objects.filter(partner_id=partner_id, year_from=year_from)
    held = {row.side: row for row in rows.select_for_update().order_by("pk")}
    if len(held) < len(Side):
        CreditSide.objects.bulk_create(
            (CreditSide(partner_id=partner_id, year_from=year_from, side=side) for side in Side),
            ignore_conflicts=True,
        )
        held = {row.side: row for row in rows.select_for_update().order_by("pk")}
    return held


def locked_balance(partner_id: int, year_from: date) -> Balance:
    """Return the balance of a partner's year, which nobody else changes in this transaction."""
    held = locked_sides(partner_id, year_from)
    return balance_of({side: row.amount for side, row in held.items()})


def move(  # noqa: PLR0913 - what, of whom, how much, why, when, by whom
    partner_id: int,
    year_from: date,
    act: Act,
    amount: int,
    *,
    why: str,
    at: datetime,
    by: Person | None = None,
    seconded_by: Person | None = None,
    order: CreditOrder | None = None,
    uid: uuid.UUID | None = None,
) -> CreditEntry:
    """Move `amount` minor units between the two sides of an act; raises Refused.

    Where an entry `uid` has been made already, that one is returned and nothing is moved.
    """
    if not 0 < amount < MOST:
        raise Refused(_issue("give an amount above zero", in_units(amount)))
    with transaction.atomic():
        held = locked_sides(partner_id, year_from)
        made = CreditEntry.objects.filter(uid=uid).first() if uid else None
        if made is not None:
            return made
        source, target = (held[side] for side in MOVES[act])
        if source.side != Side.PROGRAM and source.amount < amount:
            raise Refused(
                _issue(
                    f"only {in_units(source.amount)} of the credits are {source.side}",
                    in_units(amount),
                )
            )
        source.amount -= amount
        target.amount += amount
        source.save(update_fields=["amount"])
        target.save(update_fields=["amount"])
        return CreditEntry.objects.create(
            uid=uid or uuid.uuid4(),
            act=act,
            taken_from=source,
            put_to=target,
            amount=amount,
            order=order,
            why=why[:400],
            by=by,
            seconded_by=seconded_by,
            at=at,
        )


def _issue(message: str, value: object) -> Issue:
    return Issue(file="credits", column="amount", value=str(value), message=message)

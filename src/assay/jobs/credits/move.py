"""Make entries of the ledger of credits: the one way in which credits move."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from assay.core.credits import MOST, MOVES, Act, Balance, Side, balance_of, in_units
from assay.core.issues import Issue, Refused
from assay.store.models import CreditEntry, CreditOrder, CreditSide, Person

Account = tuple[int, date]  # a partner's credits of the program year from a day


@dataclass(frozen=True, kw_only=True)
class Move:
    """Move `amount` minor units of an account between the two sides of an act, and why.

    With the `uid` of an entry that has been made already nothing is moved again.
    """

    account: Account
    act: Act
    amount: int
    why: str
    by: Person | None = None
    seconded_by: Person | None = None
    order: CreditOrder | None = None
    uid: uuid.UUID | None = None


def move_all(moves: Sequence[Move], *, at: datetime) -> tuple[CreditEntry, ...]:
    """Make every move in turn, or none; returns the entries of those that were not made before.

    Raises Refused for an amount that is none, or that is not on the side it is taken from. How
    many statements it takes does not depend on how many moves there are.
    """
    with transaction.atomic():
        held = _locked_sides({one.account for one in moves})
        uids = [one.uid for one in moves if one.uid]
        made = set(CreditEntry.objects.filter(uid__in=uids).values_list("uid", flat=True))
        entries = tuple(
            _entry(one, held[one.account], at=at) for one in moves if one.uid not in made
        )
        moved = {side for entry in entries for side in (entry.taken_from, entry.put_to)}
        CreditSide.objects.bulk_update(moved, ["amount"])
        CreditEntry.objects.bulk_create(entries)
    return entries


def locked_balances(accounts: Collection[Account]) -> Mapping[Account, Balance]:
    """Return the balance of each account, which nobody else changes in this transaction."""
    return {
        account: balance_of({side: row.amount for side, row in sides.items()})
        for account, sides in _locked_sides(accounts).items()
    }


def _locked_sides(accounts: Collection[Account]) -> Mapping[Account, Mapping[str, CreditSide]]:
    """Return every side of each account, locked until the transaction ends.

    They are locked in one order, so that any number of transactions wait and none deadlocks.
    """
    held = _lock(accounts)
    missing = sorted(account for account in accounts if len(held[account]) < len(Side))
    if missing:
        CreditSide.objects.bulk_create(
            (
                CreditSide(partner_id=partner_id, year_from=year_from, side=side)
                for partner_id, year_from in missing
                for side in Side
            ),
            ignore_conflicts=True,
        )
        held = _lock(accounts)
    return held


def _lock(accounts: Collection[Account]) -> Mapping[Account, Mapping[str, CreditSide]]:
    rows = CreditSide.objects.filter(
        partner__in={partner_id for partner_id, _ in accounts},
        year_from__in={year_from for _, year_from in accounts},
    )
    held: dict[Account, dict[str, CreditSide]] = defaultdict(dict)
    for row in rows.select_for_update().order_by("pk"):
        held[row.partner_id, row.year_from][row.side] = row
    return {account: held[account] for account in accounts}


def _entry(asked: Move, sides: Mapping[str, CreditSide], *, at: datetime) -> CreditEntry:
    """Move between the sides of an account, and return the entry to keep of it."""
    if not 0 < asked.amount < MOST:
        raise Refused(_issue("give an amount above zero", asked.amount))
    source, target = (sides[side] for side in MOVES[asked.act])
    if source.side != Side.PROGRAM and source.amount < asked.amount:
        message = f"only {in_units(source.amount)} of the credits are {source.side}"
        raise Refused(_issue(message, asked.amount))
    source.amount -= asked.amount
    target.amount += asked.amount
    return CreditEntry(
        uid=asked.uid or uuid.uuid4(),
        act=asked.act,
        taken_from=source,
        put_to=target,
        amount=asked.amount,
        order=asked.order,
        why=asked.why[:400],
        by=asked.by,
        seconded_by=asked.seconded_by,
        at=at,
    )


def _issue(message: str, amount: int) -> Issue:
    return Issue(file="credits", column="amount", value=str(in_units(amount)), message=message)

"""Balances, statements and orders of credits, and whether the books add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Q, QuerySet, Sum, Value
from django.db.models.expressions import CombinedExpression

from assay.core.credits import ACT_WORDS, Act, Balance, Side, balance_of, in_units
from assay.store.models import CreditEntry, CreditOrder, CreditSide, Partner

OPEN = (CreditOrder.State.PLACED, CreditOrder.State.APPROVED_ONCE)
_AMOUNT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=30, decimal_places=2)
_NOT_THE_SUM = """
    SELECT sides.*, coalesce(moved, 0) AS moved
    FROM store_creditside AS sides LEFT JOIN (
        SELECT side_id, sum(amount) AS moved FROM (
            SELECT put_to_id AS side_id, amount FROM store_creditentry
            UNION ALL SELECT taken_from_id, -amount FROM store_creditentry
        ) AS entries GROUP BY side_id
    ) AS sums ON sums.side_id = sides.id
    WHERE amount <> coalesce(moved, 0) ORDER BY year_from, partner_id, side
"""


@dataclass(frozen=True, kw_only=True)
class Year:
    """A partner's credits of one program year."""

    year_from: date
    balance: Balance


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a statement; `change` is of what is available, `available` is after it."""

    number: int
    at: datetime
    words: str
    why: str
    by: str
    seconded_by: str
    amount: Decimal
    change: Decimal
    available: Decimal
    order: int | None


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order or correction as pages show it."""

    number: int
    partner: str
    slug: str
    kind: str
    what: str
    note: str
    amount: Decimal
    state: str
    placed_by: str
    placed_at: datetime
    first_approved_by: str
    decided_by: str
    decided_at: datetime | None
    reason: str
    placed_by_id: int
    first_approved_by_id: int | None
    year_from: date

    @property
    def open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in OPEN


@dataclass(frozen=True, kw_only=True)
class Books:
    """All credits together in units of the currency, and the sides that do not add up."""

    granted: Decimal
    available: Decimal
    reserved: Decimal
    spent: Decimal
    expired: Decimal
    entries: int
    unbalanced: tuple[Unbalanced, ...]


@dataclass(frozen=True, kw_only=True)
class Named:
    """A partner as pages name it."""

    partner_id: int
    name: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class Unbalanced:
    """A side of a partner's credits whose amount is not the sum of its entries, in minor units."""

    partner: str
    year_from: date
    side: str
    amount: int
    entries: int


def years_of(partner_id: int) -> tuple[Year, ...]:
    """Return the balance of each program year of a partner, the newest first."""
    sides: dict[date, dict[str, int]] = defaultdict(dict)
    for row in CreditSide.objects.filter(partner_id=partner_id):
        sides[row.year_from][row.side] = row.amount
    return tuple(
        Year(year_from=first, balance=balance_of(sides[first]))
        for first in sorted(sides, reverse=True)
    )


def statement_of(partner_id: int, year_from: date) -> tuple[Line, ...]:
    """Return every entry of a partner's year, the oldest first, with what is available after it."""
    entries = (
        CreditEntry.objects.filter(put_to__partner_id=partner_id, put_to__year_from=year_from)
        .select_related("taken_from", "put_to", "by", "seconded_by")
        .order_by("pk")
    )
    available = 0
    lines = []
    for entry in entries:
        change = entry.amount * (
            (entry.put_to.side == Side.AVAILABLE) - (entry.taken_from.side == Side.AVAILABLE)
        )
        available += change
        lines.append(
            Line(
                number=entry.pk,
                at=entry.at,
                words=ACT_WORDS[Act(entry.act)],
                why=entry.why,
                by=str(entry.by or ""),
                seconded_by=str(entry.seconded_by or ""),
                amount=in_units(entry.amount),
                change=in_units(change),
                available=in_units(available),
                order=entry.order_id,
            )
        )
    return tuple(lines)


def orders_of(partner_id: int) -> tuple[Order, ...]:
    """Return a partner's orders, the newest first."""
    return _orders(CreditOrder.objects.filter(partner_id=partner_id))


def all_orders() -> tuple[Order, ...]:
    """Return every order, those that wait first, the oldest of them before others."""
    orders = _orders(CreditOrder.objects.all())
    waiting = sorted((one for one in orders if one.open), key=lambda one: one.placed_at)
    return (*waiting, *(one for one in orders if not one.open))


def order_of(number: int, partner_id: int | None = None) -> Order | None:
    """Return one order, of a partner where one is named; None where there is none."""
    found = CreditOrder.objects.filter(pk=number)
    if partner_id is not None:
        found = found.filter(partner_id=partner_id)
    return next(iter(_orders(found)), None)


def _orders(rows: QuerySet[CreditOrder]) -> tuple[Order, ...]:
    people = ("partner", "placed_by", "first_approved_by", "decided_by")
    return tuple(
        Order(
            number=row.pk,
            partner=row.partner.name,
            slug=row.partner.slug,
            kind=row.kind,
            what=row.what,
            note=row.note,
            amount=in_units(row.amount),
            state=row.state,
            placed_by=str(row.placed_by),
            placed_at=row.placed_at,
            first_approved_by=str(row.first_approved_by or ""),
            decided_by=str(row.decided_by or ""),
            decided_at=row.decided_at,
            reason=row.reason,
            placed_by_id=row.placed_by_id,
            first_approved_by_id=row.first_approved_by_id,
            year_from=row.year_from,
        )
        for row in rows.select_related(*people)
    )


def granted_of_all() -> Mapping[tuple[int, date], int]:
    """Return what each partner was granted for each program year, in minor units."""
    rows = CreditSide.objects.filter(side=Side.PROGRAM)
    return {
        (partner, year): -amount
        for partner, year, amount in rows.values_list("partner", "year_from", "amount")
    }


def unbalanced() -> tuple[Unbalanced, ...]:
    """Return the sides whose amount is not what their entries add up to: none, if the books do."""
    return tuple(
        Unbalanced(
            partner=side.partner.name,
            year_from=side.year_from,
            side=side.side,
            amount=side.amount,
            entries=int(vars(side)["moved"]),
        )
        for side in CreditSide.objects.raw(_NOT_THE_SUM)
    )


def books() -> Books:
    """Return what stands on each side over all partners and years, and what does not add up."""
    sums = CreditSide.objects.order_by().values_list("side").annotate(total=Sum("amount"))
    return Books(
        **_units(balance_of(dict(sums))),
        entries=CreditEntry.objects.count(),
        unbalanced=unbalanced(),
    )


def balances() -> QuerySet[CreditSide, Any]:
    """Return the balance of each partner and program year, the newest year first.

    Rows are mappings: `year_from`, `partner__name`, `partner__slug`, and in units of the currency
    `granted`, `available`, `reserved`, `spent` and `expired`.
    """
    of = {side.value: _in_units(side) for side in Side if side is not Side.PROGRAM}
    rows = CreditSide.objects.values("year_from", "partner__name", "partner__slug")
    return rows.annotate(granted=-_in_units(Side.PROGRAM), **of).order_by(
        "-year_from", "partner__name", "partner__slug"
    )


def _in_units(side: Side) -> CombinedExpression:
    on_side = Sum("amount", filter=Q(side=side), default=0, output_field=_AMOUNT)
    return on_side * Value(Decimal("0.01"), output_field=_AMOUNT)


def partner_named(slug: str) -> Named | None:
    """Return the partner with a slug; None where there is none."""
    found = Partner.objects.filter(slug=slug).first()
    return Named(partner_id=found.pk, name=found.name, slug=slug) if found else None


def _units(held: Balance) -> dict[str, Decimal]:
    return {name: in_units(amount) for name, amount in asdict(held).items()}


def waiting_orders() -> QuerySet[CreditOrder]:
    """Return the orders that wait for a decision."""
    return CreditOrder.objects.filter(state__in=OPEN)

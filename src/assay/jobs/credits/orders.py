"""Orders for credits, and corrections of them: placed by one, approved by others.

An order is decided by staff who did not place it; above the limit two of them approve. A
correction, which staff place, is approved like an order. The amount is reserved meanwhile.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from assay.core.credits import MINOR, MOST, Act, in_minor, in_units
from assay.core.issues import Issue, Refused
from assay.core.notices.benefits import CREDITS_DECIDED, CREDITS_ORDERED
from assay.jobs.credits.move import Move, move_all
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.store.models import CreditOrder, Partner, Person

Kind, State = CreditOrder.Kind, CreditOrder.State
OPEN = (State.PLACED, State.APPROVED_ONCE)
_HELD = (Kind.ORDER, Kind.LOWER)  # kinds whose amount is reserved
_APPROVED: dict[str, tuple[Act, ...]] = {  # what approving does
    Kind.ORDER: (Act.SPEND,),
    Kind.RAISE: (Act.CORRECT_UP,),
    Kind.LOWER: (Act.RELEASE, Act.CORRECT_DOWN),
    Kind.TAKE_BACK: (Act.TAKE_BACK,),
}


def place_order(  # noqa: PLR0913 - for whom, what, how much, by whom
    partner_id: int,
    year_from: date,
    *,
    what: str,
    amount: Decimal,
    by: Person,
    at: datetime,
    note: str = "",
    kind: str = Kind.ORDER,
) -> CreditOrder:
    """Place an order or a correction of `amount` units and reserve what it takes.

    Raises Refused for an amount or a text that is none, and for more than is available.
    """
    minor = _minor(amount)
    if not what.strip():
        raise Refused(Issue(file="credits", column="what", message="say what the credits are for"))
    if kind != Kind.ORDER and not note.strip():
        raise Refused(Issue(file="credits", column="note", message="say why it is corrected"))
    with transaction.atomic():
        partner = Partner.objects.get(pk=partner_id)
        order = CreditOrder.objects.create(
            partner=partner,
            year_from=year_from,
            kind=kind,
            what=what.strip()[:200],
            note=note.strip(),
            amount=minor,
            placed_by=by,
            placed_at=at,
        )
        if kind in _HELD:
            _move(order, Act.RESERVE, by=by, at=at)
        _record("credits_ordered", f"{by} asked for {order.what}", order, by=by, at=at)
        tell(
            CREDITS_ORDERED,
            occasion=f"{order.pk}",
            subject=f"{partner}: {in_units(minor)} of credits asked for",
            body=f"{order.what}\n\n{order.note}".strip(),
            link=f"/staff/benefits/orders/{order.pk}/",
            at=at,
        )
    return order


def approve_order(
    order_id: int, *, limit: int, by: Person, at: datetime, reason: str = ""
) -> CreditOrder:
    """Approve an order; above `limit` minor units the first of two approvals only counts it.

    Raises Refused where it is decided already, or by whoever placed or first approved it.
    """
    with transaction.atomic():
        order = _open(order_id)
        if by.pk in (order.placed_by_id, order.first_approved_by_id):
            raise Refused(
                Issue(
                    file="credits",
                    message="another person has to approve this",
                    hint="Whoever placed it or approved it first cannot approve it",
                )
            )
        if order.amount > limit and order.state == State.PLACED:
            order.state = State.APPROVED_ONCE
            order.first_approved_by, order.first_approved_at = by, at
            order.save()
            words = f"{by} approved {order.what}; it needs a second approval"
            _record("credits_approved_once", words, order, by=by, at=at)
            return order
        _move(order, *_APPROVED[order.kind], by=by, at=at)
        return _decided(order, State.APPROVED, reason, by=by, at=at)


def refuse_order(order_id: int, *, reason: str, by: Person, at: datetime) -> CreditOrder:
    """Refuse an order with a reason; what it held is available again. Raises Refused."""
    if not reason.strip():
        raise Refused(Issue(file="credits", column="reason", message="say why it is refused"))
    with transaction.atomic():
        order = _open(order_id)
        _release(order, by=by, at=at)
        return _decided(order, State.REFUSED, reason, by=by, at=at)


def cancel_order(order_id: int, *, by: Person, at: datetime) -> CreditOrder:
    """Cancel an order that is not decided yet; what it held is available again."""
    with transaction.atomic():
        order = _open(order_id)
        _release(order, by=by, at=at)
        return _decided(order, State.CANCELLED, "", by=by, at=at)


def _open(order_id: int) -> CreditOrder:
    order = CreditOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.state not in OPEN:
        raise Refused(Issue(file="credits", message=f"the order is {order.state} already"))
    return order


def _release(order: CreditOrder, *, by: Person, at: datetime) -> None:
    if order.kind in _HELD:
        _move(order, Act.RELEASE, by=by, at=at)


def _move(order: CreditOrder, *acts: Act, by: Person, at: datetime) -> None:
    """Move the amount of an order, by one act after the other."""
    moves = [
        Move(
            account=(order.partner_id, order.year_from),
            act=act,
            amount=order.amount,
            why=f"Order {order.pk}: {order.what}",
            by=by,
            seconded_by=order.first_approved_by,
            order=order,
        )
        for act in acts
    ]
    move_all(moves, at=at)


def _decided(
    order: CreditOrder, state: CreditOrder.State, reason: str, *, by: Person, at: datetime
) -> CreditOrder:
    order.state, order.reason = state, reason.strip()
    order.decided_by, order.decided_at = by, at
    order.save()
    _record(f"credits_{state}", f"{by}: {order.what} is {state}", order, by=by, at=at)
    if state != State.CANCELLED:
        tell(
            CREDITS_DECIDED,
            occasion=f"{order.pk}:{state}",
            subject=f"{order.what}: {state}",
            body=f"{in_units(order.amount)} of credits: {state}.\n\n{order.reason}".strip(),
            link=f"/portal/{order.partner.slug}/benefits/orders/{order.pk}/",
            at=at,
            partner=order.partner,
        )
    return order


def _record(act: str, words: str, order: CreditOrder, *, by: Person, at: datetime) -> None:
    record(
        act,
        words,
        at=at,
        by=by,
        partner=order.partner,
        target=f"credit_order:{order.pk}",
        amount=str(in_units(order.amount)),
    )


def _minor(amount: Decimal) -> int:
    """Return an amount in minor units; raises Refused where it is none that can be moved."""
    if not amount.is_finite() or not 0 < amount < MOST // MINOR:
        raise Refused(_amount_issue(amount, "give an amount above zero"))
    try:
        return in_minor(amount)
    except ValueError:
        raise Refused(_amount_issue(amount, "give at most two decimals")) from None


def _amount_issue(amount: Decimal, message: str) -> Issue:
    return Issue(file="credits", column="amount", value=str(amount), message=message)

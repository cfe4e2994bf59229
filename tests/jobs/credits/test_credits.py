"""Credits: what is granted, reserved, spent, released, expired, clawed back; the books add up."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import close_old_connections, connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assay.core.credits import Act, Balance, Side, in_minor, year_of
from assay.core.issues import Refused
from assay.jobs.credits.expire_credits import expire_credits
from assay.jobs.credits.grant_credits import Due, grant_credits
from assay.jobs.credits.move import Move, move_all
from assay.jobs.credits.orders import approve_order, cancel_order, place_order, refuse_order
from assay.store.models import CreditEntry, CreditOrder, CreditSide
from assay.store.queries.credits.credits import orders_of, statement_of, unbalanced, years_of
from tests.people_of_partners import AT, LATER, partner, person

YEAR = date(2026, 7, 1)
LIMIT = in_minor(Decimal(5000))


@pytest.fixture
def acme(db):  # noqa: ARG001 - the tables
    return partner()


def balance(of):
    return years_of(of.pk)[0].balance


def granted(of, amount=2_000_000, why="Silver", at=AT, *, claws_back=False):
    due = Due(account=(of.pk, YEAR), amount=amount, why=why, claws_back=claws_back)
    return grant_credits([due], at=at)


def ordered(of, amount, by, what="Licences"):
    return place_order(of.pk, YEAR, what=what, amount=Decimal(amount), by=by, at=AT)


def test_silver_is_granted_20000_once(acme):
    granted(acme)
    assert granted(acme, at=LATER) == ()
    assert balance(acme) == Balance(granted=2_000_000, available=2_000_000)
    assert CreditEntry.objects.count() == 1


def test_a_rise_to_gold_grants_what_is_missing(acme):
    granted(acme)
    granted(acme, 3_500_000, why="Gold", at=LATER)
    assert [entry.amount for entry in CreditEntry.objects.all()] == [2_000_000, 1_500_000]


def test_a_fall_takes_nothing_unless_the_program_says_so(acme):
    granted(acme, 3_500_000)
    assert granted(acme, at=LATER) == ()
    assert balance(acme).available == 3_500_000


def test_what_is_clawed_back_is_never_what_was_used(acme):
    granted(acme, 3_500_000)
    order = ordered(acme, 30_000, person("finance@demo.example"))
    granted(acme, at=LATER, claws_back=True)
    assert balance(acme) == Balance(granted=3_000_000, available=0, reserved=3_000_000)
    approve_order(order.pk, limit=10**9, by=person("staff@demo.example"), at=LATER)
    assert balance(acme) == Balance(granted=3_000_000, available=0, spent=3_000_000)


def test_an_order_within_the_limit_is_spent_by_one_approval(acme):
    granted(acme)
    order = ordered(acme, "4999.99", person("finance@demo.example"))
    assert balance(acme) == Balance(granted=2_000_000, available=1_500_001, reserved=499_999)
    done = approve_order(order.pk, limit=LIMIT, by=person("staff@demo.example"), at=LATER)
    assert done.state == "approved"
    assert balance(acme) == Balance(granted=2_000_000, available=1_500_001, spent=499_999)


def test_an_order_above_the_limit_needs_two_people(acme):
    granted(acme)
    first, second = person("one@demo.example"), person("two@demo.example")
    order = ordered(acme, "5000.01", person("finance@demo.example"))
    assert approve_order(order.pk, limit=LIMIT, by=first, at=LATER).state == "once"
    with pytest.raises(Refused, match="another person has to approve"):
        approve_order(order.pk, limit=LIMIT, by=first, at=LATER)
    assert balance(acme).spent == 0
    assert approve_order(order.pk, limit=LIMIT, by=second, at=LATER).state == "approved"
    assert balance(acme).spent == 500_001
    spent = CreditEntry.objects.get(act=Act.SPEND)
    assert (spent.by, spent.seconded_by) == (second, first)


def test_who_placed_an_order_does_not_approve_it(acme):
    granted(acme)
    staff = person("staff@demo.example")
    order = ordered(acme, 100, staff)
    with pytest.raises(Refused, match="another person has to approve"):
        approve_order(order.pk, limit=LIMIT, by=staff, at=LATER)


@pytest.mark.parametrize("end", [cancel_order, refuse_order])
def test_what_is_refused_or_cancelled_is_available_again(acme, end):
    granted(acme)
    order = ordered(acme, 100, person("finance@demo.example"))
    reason = {} if end is cancel_order else {"reason": "Not for this"}
    end(order.pk, by=person("staff@demo.example"), at=LATER, **reason)
    assert balance(acme) == Balance(granted=2_000_000, available=2_000_000)
    with pytest.raises(Refused, match="already"):
        end(order.pk, by=person("other@demo.example"), at=LATER, **reason)


def test_an_order_above_what_is_available_is_refused_and_leaves_nothing(acme):
    granted(acme)
    with pytest.raises(Refused, match=r"only 20000\.00 of the credits are available"):
        ordered(acme, "20000.01", person("finance@demo.example"))
    assert orders_of(acme.pk) == ()


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "1e400", "1000000000000"])
def test_an_amount_that_is_none_is_refused(acme, amount):
    granted(acme)
    with pytest.raises(Refused):
        ordered(acme, amount, person("finance@demo.example"))


def test_a_correction_is_made_by_two_people(acme):
    granted(acme)
    first, second = person("one@demo.example"), person("two@demo.example")
    lower = place_order(
        acme.pk,
        YEAR,
        what="Granted twice by mistake",
        note="See the announcement",
        amount=Decimal(500),
        by=first,
        at=AT,
        kind=CreditOrder.Kind.LOWER,
    )
    approve_order(lower.pk, limit=LIMIT, by=second, at=LATER)
    assert balance(acme) == Balance(granted=1_950_000, available=1_950_000)


def test_what_is_left_of_a_year_expires_and_an_order_keeps_its_part(acme):
    granted(acme)
    order = ordered(acme, 100, person("finance@demo.example"))
    assert expire_credits(YEAR, why="The year ended", at=LATER) == 0
    assert expire_credits(date(2027, 7, 1), why="The year ended", at=LATER) == 1
    assert balance(acme) == Balance(granted=2_000_000, reserved=10_000, expired=1_990_000)
    cancel_order(order.pk, by=order.placed_by, at=LATER)
    assert expire_credits(date(2027, 7, 1), why="The year ended", at=LATER) == 1
    assert expire_credits(date(2027, 7, 1), why="The year ended", at=LATER) == 0
    assert balance(acme) == Balance(granted=2_000_000, expired=2_000_000)


def test_a_statement_tells_what_is_available_after_each_line(acme):
    granted(acme)
    order = ordered(acme, 100, person("finance@demo.example"))
    approve_order(order.pk, limit=LIMIT, by=person("staff@demo.example"), at=LATER)
    told = [(line.words, line.change, line.available) for line in statement_of(acme.pk, YEAR)]
    assert told == [
        ("Granted", Decimal(20000), Decimal(20000)),
        ("Reserved for an order", Decimal(-100), Decimal(19900)),
        ("Spent", Decimal(0), Decimal(19900)),
    ]


def test_an_entry_asked_for_twice_moves_once(acme):
    once = Move(account=(acme.pk, YEAR), act=Act.GRANT, amount=100, why="W", uid=uuid.uuid4())
    assert [len(move_all([once], at=AT)) for _ in range(2)] == [1, 0]
    assert balance(acme).granted == 100


def test_the_database_refuses_an_overdrawn_side_and_edited_entries(acme):
    granted(acme, 100)
    with pytest.raises(IntegrityError, match="no_side_of_credits_below_zero"), transaction.atomic():
        CreditSide.objects.filter(side=Side.AVAILABLE).update(amount=-1)
    with (
        pytest.raises(DatabaseError, match="Cannot update"),
        transaction.atomic(),
    ):
        CreditEntry.objects.update(amount=1)


def test_a_side_that_was_tampered_with_is_found(acme):
    granted(acme, 100)
    assert unbalanced() == ()
    CreditSide.objects.filter(side=Side.AVAILABLE).update(amount=99)
    assert [(one.side, one.amount, one.entries) for one in unbalanced()] == [("available", 99, 100)]


@pytest.mark.django_db(transaction=True)
def test_fifty_spenders_at_once_never_overdraw():
    acme = partner()
    granted(acme, 1_000_000)  # 10,000: enough for 20 of 50 orders of 500
    people = [person(f"spender{number}@demo.example") for number in range(50)]
    together = Barrier(50)

    def spend(who):
        close_old_connections()
        connection.ensure_connection()
        together.wait()
        try:
            return ordered(acme, 500, who).pk
        except Refused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        placed = [number for number in pool.map(spend, people) if number]
    assert len(placed) == 20
    assert balance(acme) == Balance(granted=1_000_000, available=0, reserved=1_000_000)
    assert unbalanced() == ()


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (date(2026, 6, 30), date(2025, 7, 1)),
        (date(2026, 7, 1), date(2026, 7, 1)),
        (date(2027, 1, 1), date(2026, 7, 1)),
    ],
)
def test_a_program_year_begins_with_the_month_of_reviews(on, first):
    assert year_of(on, 7) == first


class Books(RuleBasedStateMachine):
    """Any sequence of operations, beside a model in plain numbers."""

    def __init__(self):
        super().__init__()
        self.save = transaction.savepoint()
        self.acme = partner(key=str(uuid.uuid4()), slug=uuid.uuid4().hex)
        self.staff = [person(f"{uuid.uuid4().hex}@demo.example") for _ in range(3)]
        self.granted = self.available = self.reserved = self.spent = self.expired = 0
        self.open = {}  # kind, amount and whether it was approved once, by the number of an order

    def teardown(self):
        assert unbalanced() == ()
        transaction.savepoint_rollback(self.save)

    @rule(amount=st.integers(1, 10_000), claws=st.booleans())
    def grant_or_claw_back(self, amount, claws):
        granted(self.acme, amount, claws_back=claws)
        change = max(amount - self.granted, -self.available if claws else 0)
        self.granted += change
        self.available += change

    @rule(amount=st.integers(1, 6_000), kind=st.sampled_from(CreditOrder.Kind))
    def order_or_correct(self, amount, kind):
        reserves = kind in (CreditOrder.Kind.ORDER, CreditOrder.Kind.LOWER)
        try:
            made = place_order(
                self.acme.pk,
                YEAR,
                what="W",
                note="N",
                amount=Decimal(amount).scaleb(-2),
                by=self.staff[0],
                at=AT,
                kind=kind,
            )
        except Refused:
            assert reserves
            assert amount > self.available
            return
        self.open[made.pk] = (kind, amount, False)
        if reserves:
            self.available -= amount
            self.reserved += amount

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 9))
    def approve(self, which):
        number = sorted(self.open)[which % len(self.open)]
        kind, amount, once = self.open[number]
        try:
            done = approve_order(number, limit=3_000, by=self.staff[2 if once else 1], at=AT)
        except Refused:
            assert kind == CreditOrder.Kind.TAKE_BACK
            assert amount > self.spent
            return
        if amount > 3_000 and not once:
            assert done.state == "once"
            self.open[number] = (kind, amount, True)
            return
        del self.open[number]
        match kind:
            case CreditOrder.Kind.ORDER:
                self.reserved -= amount
                self.spent += amount
            case CreditOrder.Kind.RAISE:
                self.granted += amount
                self.available += amount
            case CreditOrder.Kind.LOWER:
                self.granted -= amount
                self.reserved -= amount
            case CreditOrder.Kind.TAKE_BACK:
                self.spent -= amount
                self.available += amount

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 9), cancels=st.booleans())
    def release(self, which, cancels):
        number = sorted(self.open)[which % len(self.open)]
        kind, amount, _ = self.open.pop(number)
        if cancels:
            cancel_order(number, by=self.staff[0], at=AT)
        else:
            refuse_order(number, reason="R", by=self.staff[1], at=AT)
        if kind in (CreditOrder.Kind.ORDER, CreditOrder.Kind.LOWER):
            self.reserved -= amount
            self.available += amount

    @rule()
    def expire(self):
        expire_credits(date(2027, 7, 1), why="Ended", at=AT)
        self.expired += self.available
        self.available = 0

    @invariant()
    def books_add_up(self):
        held = next((one.balance for one in years_of(self.acme.pk)), Balance())
        assert held == Balance(
            granted=self.granted,
            available=self.available,
            reserved=self.reserved,
            spent=self.spent,
            expired=self.expired,
        )
        assert held.adds_up


@pytest.mark.django_db
def test_the_books_balance_after_any_sequence_of_operations():
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=70,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

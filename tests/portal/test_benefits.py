"""Pages of benefits and credits: figures, orders by who may, decisions by another."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assay.core.credits import year_of
from assay.core.rights import Role, StaffRole
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.credits.orders import place_order
from assay.portal.access import BOTH_FACTORS
from assay.store.models import CreditOrder
from tests.few_partners import PROGRAM
from tests.grants import grant
from tests.people_of_partners import AT, partner, person, seat

pytestmark = pytest.mark.django_db
JULY = year_of(timezone.now().date(), 7)  # pages show the running program year


@pytest.fixture
def acme():
    made = partner()
    grant(made, "silver", JULY)
    settle_benefits(PROGRAM, on=JULY, at=AT)
    return made


def signed_in(client, who):
    client.force_login(who)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return client


def test_the_page_says_what_silver_gives_and_what_is_left(client, acme):
    viewer = seat(acme, person("viewer@acme.example"), Role.VIEWER)
    page = signed_in(client, viewer).get(reverse("benefits", args=["acme"]))
    text = page.content.decode()
    assert "Silver gives you 11 benefits. $20,000 of $20,000 in credits are left." in text
    assert "Order for credits" not in text


def test_a_viewer_may_not_order(client, acme):
    viewer = seat(acme, person("viewer@acme.example"), Role.VIEWER)
    answer = signed_in(client, viewer).post(reverse("benefit_order_new", args=["acme"]), {})
    assert answer.status_code == 403


def test_finance_orders_and_reads_the_statement(client, acme):
    finance = seat(acme, person("finance@acme.example"), Role.FINANCE)
    form = {"what": "25 seats", "amount": "1,5", "note": ""}
    new = reverse("benefit_order_new", args=["acme"])
    assert signed_in(client, finance).post(new, form).status_code == 422
    answer = client.post(new, form | {"amount": "1500.50"})
    order = CreditOrder.objects.get()
    assert answer["Location"] == reverse("benefit_order", args=["acme", order.pk])
    statement = client.get(reverse("credit_statement", args=["acme"]) + "?download=csv")
    lines = b"".join(statement).decode().splitlines()
    assert [line.split(",")[-2:] for line in lines] == [
        ["Change", "Available"],
        ["20000.00", "20000.00"],
        ["-1500.50", "18499.50"],
    ]


def test_an_order_above_what_is_left_is_refused_beside_the_amount(client, acme):
    finance = seat(acme, person("finance@acme.example"), Role.FINANCE)
    form = {"what": "Seats", "amount": "20000.01", "note": ""}
    answer = signed_in(client, finance).post(reverse("benefit_order_new", args=["acme"]), form)
    assert answer.status_code == 422
    assert "Only 20000.00 of the credits are available." in answer.content.decode()


def test_another_partners_order_does_not_exist(client, acme):
    other = partner("P2", "other")
    owner = seat(other, person("owner@other.example"))
    order = place_order(acme.pk, JULY, what="W", amount=Decimal(1), by=owner, at=AT)
    page = reverse("benefit_order", args=["other", order.pk])
    assert signed_in(client, owner).get(page).status_code == 404
    cancel = reverse("benefit_order_cancel", args=["other", order.pk])
    assert client.post(cancel).status_code == 404


def test_staff_approve_what_another_placed(client, acme):
    owner = seat(acme, person("owner@acme.example"))
    order = place_order(acme.pk, JULY, what="W", amount=Decimal(100), by=owner, at=AT)
    finance = person("finance@staff.example", staff=StaffRole.FINANCE)
    signed_in(client, finance)
    answer = client.post(reverse("staff_order_approve", args=[order.pk]), {"reason": "Fine"})
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.reason) == ("approved", "Fine")
    books = client.get(reverse("staff_benefits")).content.decode()
    assert "Every credit balances: 3 entries." in books
    found = client.get(reverse("staff_benefits") + "?partner=ACM&sort=-spent&download=csv")
    assert b"".join(found).decode().splitlines()[1:] == [
        "Acme Links,2026-07-01,20000.00,19900.00,0.00,100.00,0.00"
    ]
    none = client.get(reverse("staff_benefits") + "?partner=zzz&download=csv")
    assert len(b"".join(none).decode().splitlines()) == 1


def test_refusing_needs_a_reason(client, acme):
    owner = seat(acme, person("owner@acme.example"))
    order = place_order(acme.pk, JULY, what="W", amount=Decimal(100), by=owner, at=AT)
    signed_in(client, person("finance@staff.example", staff=StaffRole.FINANCE))
    refuse = reverse("staff_order_refuse", args=[order.pk])
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "No"}).status_code == 302


@pytest.mark.usefixtures("acme")
def test_a_correction_waits_for_a_second_person(client):
    first = person("one@staff.example", staff=StaffRole.FINANCE)
    form = {"kind": "raise", "what": "Two reviews", "amount": "500", "note": "See the record"}
    answer = signed_in(client, first).post(reverse("staff_credit_correct", args=["acme"]), form)
    order = CreditOrder.objects.get()
    assert answer["Location"] == reverse("staff_order", args=[order.pk])
    approve = reverse("staff_order_approve", args=[order.pk])
    assert client.post(approve, {"reason": ""}).status_code == 422
    signed_in(client, person("two@staff.example", staff=StaffRole.FINANCE))
    assert client.post(approve, {"reason": ""}).status_code == 302
    shown = client.get(reverse("staff_partner_benefits", args=["acme"])).content.decode()
    assert "$20,500" in shown

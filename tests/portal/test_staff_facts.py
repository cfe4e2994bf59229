"""What staff pages copy from decisions and look up in a real ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from assay.gateways.installation import Installation
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.find_fact import find_facts
from assay.jobs.reviews.record_review import record_review
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Decision, Person, Review
from tests.few_partners import PROGRAM, write_facts

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def ledger(lasting, tmp_path_factory):
    folder = tmp_path_factory.mktemp("facts")
    lasting.INSTALLATION = Installation.at(folder / "installation")
    lasting.PROGRAM = PROGRAM
    path = lasting.INSTALLATION.ledger
    order = Order.under(PROGRAM, source="tests", partner_id=None, as_of=None)
    import_reports(path, sorted(write_facts(folder).glob("*.csv")), order, imported_at=AT)
    source = Source(ledger=path)
    record_review(PROGRAM, source, on=date(2025, 7, 1), kind=Review.Kind.STANDING, at=AT)
    return path


@pytest.mark.usefixtures("ledger")
def test_a_decision_keeps_rank_sales_and_what_is_not_known():
    kept = Decision.objects.order_by("partner__key").values_list(
        "partner__key", "rank", "sales", "unknown"
    )
    assert list(kept) == [
        ("P1", 3, Decimal("541200.00"), 0),
        ("P2", 1, Decimal("0.00"), 1),
        ("P3", 2, Decimal("500000.00"), 0),
        ("P4", 0, Decimal("0.00"), 0),
        ("P5", 1, Decimal("150000.00"), 0),
    ]


def test_a_sale_is_found_by_its_id_with_every_cell(ledger):
    (found,) = find_facts("t12", program=PROGRAM, ledger=ledger, on=date(2025, 7, 1), known_at=AT)
    assert (found.title, found.partner, found.app) == ("Sales and refunds", "P1", "a1")
    assert dict(found.cells) == {
        "transaction id": "t12",
        "partner id": "P1",
        "app id": "a1",
        "hosting": "data_center",
        "sale date": "2025-01-15",
        "sale type": "renewal",
        "purchase price": "341200.00",
        "currency": "USD",
    }


def test_no_part_of_an_id_is_found(ledger):
    for text in ("t1", "T12", "' OR 1=1 --", ""):
        assert (
            find_facts(text, program=PROGRAM, ledger=ledger, on=date(2025, 7, 1), known_at=AT) == ()
        )


def test_where_there_is_no_ledger_there_is_no_fact(tmp_path):
    where = {"program": PROGRAM, "on": date(2025, 7, 1), "known_at": AT}
    assert find_facts("t12", ledger=tmp_path / "none", **where) == ()


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("text", "found"),
    [("t12", ["Sales and refunds of Acme"]), ("e5", ["Customer escalations of Exact"])],
)
def test_the_search_of_staff_finds_facts_and_whose_they_are(client, text, found):
    client.force_login(
        Person.objects.create_user("s@demo.example", joined_at=AT, staff_role="finance")
    )
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    answer = client.get("/staff/search/", {"q": text})
    rows = answer.context["facts"]
    assert [f"{row.fact.title} of {row.partner_name}" for row in rows] == found
    assert "/staff/partners/" in answer.content.decode()

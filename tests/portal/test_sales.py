"""Sales and the rows behind every figure: what counts, what does not and why, as a file too."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse

from assay.core.rights import Role
from assay.jobs.imports.import_reports import Order, import_reports
from assay.store.models import Decision
from tests.few_partners import PROGRAM, TRANSACTIONS
from tests.portal.reviewed import AT, member, record, write_ledger
from tests.portal.test_standing import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger")]
FORMULA = "＝1+1"  # noqa: RUF001 - that spreadsheets take for a formula; "=" is not imported


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The few partners, and a sale of P4 whose number is a formula."""
    folder = write_ledger(tmp_path_factory.mktemp("sales"))
    sales = folder / "transactions.csv"
    head = TRANSACTIONS.partition("\n")[0]
    sales.write_text(f"{head}\n{FORMULA},P4,,cloud,2025-01-01,new,1,,USD\n", encoding="utf-8")
    order = Order.under(PROGRAM, source="more", partner_id=None, as_of=None)
    import_reports(folder / "ledger", [sales], order, imported_at=AT)
    return folder


@pytest.fixture(scope="module")
def ledger(folder, lasting):
    return record(folder, lasting)


@pytest.fixture
def owner_of_p5(client):
    person, address = member("P5")
    client.force_login(person)
    return address


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_rows_that_count_add_up_to_the_figure(client, owner_of_p5):
    rows = rows_of(client.get(f"{owner_of_p5}sales/?counts=counted&download=csv"))
    assert [row["transaction id"] for row in rows] == ["t52"]
    document = Decision.objects.get(partner__key="P5", review__kind="standing")
    assert sum(Decimal(row["purchase price"]) for row in rows) == Decimal("99999.99")
    assert '"gross_sales":{"title":"Annual gross sales"' in document.explanation
    assert "$99,999.99" in text_of(client.get(f"{owner_of_p5}sales/"))


def test_the_rows_behind_an_earlier_decision(client, owner_of_p5):
    review = Decision.objects.get(partner__key="P5", review__kind="review")
    address = f"{owner_of_p5}sales/?decision={review.pk}&counts=counted&download=csv"
    assert [row["transaction id"] for row in rows_of(client.get(address))] == ["t51"]


def test_why_a_sale_does_not_count(client, owner_of_p5):
    rows = rows_of(client.get(f"{owner_of_p5}sales/?counts=left_out&download=csv&sort=sale_date"))
    assert [(row["transaction id"], row["counts?"], row["why not"]) for row in rows] == [
        ("t50", "left out", "before 2024-09-02"),
        ("t51", "left out", "before 2024-09-02"),
    ]


def test_rows_are_written_as_their_reader_does_with_why_they_do_not_count(client, owner_of_p5):
    german = {"accept-language": "de"}
    page = client.get(f"{owner_of_p5}sales/?counts=counted", headers=german).content.decode()
    assert '<td class="figure">99.999,99\xa0$</td>' in page
    page = client.get(f"{owner_of_p5}sales/?counts=left_out", headers=german).content.decode()
    assert 'left out <span class="why">before 2024-09-02</span>' in page


def test_a_sale_that_counts_for_one_figure_and_not_for_another(client):
    person, address = member("P1")
    client.force_login(person)
    every = rows_of(client.get(f"{address}sales/?measure=cloud_sales&download=csv&sort=sale_date"))
    assert [(row["transaction id"], row["counts?"], row["why not"]) for row in every] == [
        ("t11", "counted", ""),
        ("t12", "left out", "hosting is not cloud"),
    ]


@pytest.mark.parametrize(
    ("narrower", "found"),
    [
        ("hosting=cloud", ["t11"]),
        ("hosting=data_center", ["t12"]),
        ("sale_type=renewal", ["t12"]),
        ("month=2024-09", ["t11"]),
        ("q=T12", ["t12"]),
        ("q=%25", []),
        ("counts=counted&sort=-purchase_price", ["t12", "t11"]),
    ],
)
def test_a_download_has_what_the_page_shows(client, narrower, found):
    person, address = member("P1")
    client.force_login(person)
    rows = rows_of(client.get(f"{address}sales/?{narrower}&download=csv"))
    assert [row["transaction id"] for row in rows] == found
    shown = client.get(f"{address}sales/?{narrower}").context["table"]
    assert [row.record["transaction_id"] for row in shown.rows] == found


def test_nothing_in_a_download_is_a_formula(client):
    person, address = member("P4")
    client.force_login(person)
    rows = rows_of(client.get(f"{address}sales/?download=csv"))
    assert [row["transaction id"] for row in rows] == [f"'{FORMULA}"]
    book = client.get(f"{address}sales/?download=xlsx")
    assert book.status_code == 200
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml")


def test_a_role_without_sales_sees_the_standing_and_not_the_sales(client):
    person, address = member("P1", Role.VIEWER)
    client.force_login(person)
    assert client.get(f"{address}sales/").status_code == 403
    followed = client.get(f"{address}rows/gross_sales/", follow=True)
    assert followed.status_code == 403
    standing = client.get(f"{address}standing/")
    assert standing.status_code == 200
    assert reverse("rows", args=["acme", "gross_sales"]) not in standing.content.decode()
    assert reverse("rows", args=["acme", "apps_outside_bounty"]) in standing.content.decode()
    assert "Apps by sales" not in text_of(client.get(address))


def test_rows_of_another_kind(client):
    person, address = member("P1", Role.VIEWER)
    client.force_login(person)
    rows = rows_of(client.get(f"{address}rows/apps_outside_bounty/?download=csv"))
    assert [(row["app"], row["installs"], row["why not"]) for row in rows] == [
        ("a1", "5000", "in bug bounty"),
        ("a1b", "50", ""),
    ]


def test_a_figure_that_is_none_does_not_exist(client):
    person, address = member("P1")
    client.force_login(person)
    assert client.get(f"{address}rows/no_such_measure/").status_code == 404
    assert client.get(f"{address}sales/?decision=0").status_code == 404
    assert client.get(f"{address}sales/?decision=x").status_code == 404


def test_the_sales_of_others_are_not_shown(client):
    person, _ = member("P1")
    client.force_login(person)
    assert client.get("/portal/cent/sales/").status_code == 404


def test_sales_are_drawn_with_what_tiers_ask(client):
    person, address = member("P1")
    client.force_login(person)
    told = text_of(client.get(f"{address}sales/"))
    assert "Silver $100,000; Gold $500,000; Platinum $1,000,000." in told
    assert "September 2024 $200,000 $0 $200,000 1" in told
    assert "January 2025 $0 $341,200 $341,200 1" in told

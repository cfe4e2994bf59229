"""Pages of analytics: figures beside the category, nobody else's figure, examples for the rest."""

import io
import zipfile

import pytest
from django.urls import reverse

from assay.core.rights import Role
from assay.jobs.analytics.refresh_analytics import refresh_analytics
from assay.jobs.reviews.facts import Source
from assay.store.models import App
from tests.compared import AT, MACROS, NAMES, REPORTS, WORKFLOW, make_partners, write_facts
from tests.few_partners import PROGRAM
from tests.people_of_partners import person, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners(tmp_path):
    made = make_partners()
    refresh_analytics(PROGRAM, Source(folder=write_facts(tmp_path)), at=AT)
    return made


def asked(client, of, query="", role=Role.OWNER):
    client.force_login(seat(of, person(f"{role}@{of.slug}.example"), role))
    return client.get(reverse("analytics", args=[of.slug]) + query)


def bytes_of(answer):
    return b"".join(answer) if answer.streaming else answer.content


def sheet(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return b"".join(book.read(name) for name in book.namelist())


def test_figures_beside_the_category(client, partners):
    text = asked(client, partners["P1"], "?category=Reports").content.decode()
    assert "Your gross sales in Reports, $900.37, are below the median." in text
    assert "The twelve whole months before 1 Jul 2026" in text
    assert [cell in text for cell in ("$1,400", "$2,800", "$4,200", "25%")] == [True] * 4


def test_a_file_has_exact_figures_of_ones_own(client, partners):
    answer = asked(client, partners["P1"], "?category=Reports&download=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="p1-analytics-reports.csv"'
    assert bytes_of(answer).decode().splitlines()[1:5] == [
        "Gross sales,USD,900.37,40.00,1400.00,2800.00,4200.00,",
        "Active installs,number,70,30,,,,",
        "Churn of renewals (estimate),part of 1,0.250,,,,,",
        "Refunded,part of 1,0.100,0,,,,",
    ]


def test_four_others_are_not_shown_and_five_are(client, partners):
    text = asked(client, partners["P1"], "?category=Workflow").content.decode()
    assert "$101.01" in text
    assert "$300" not in text
    assert "$300" in asked(client, partners["P6"], "?category=Workflow").content.decode()


def test_no_figure_and_no_name_of_another_partner_is_in_the_bytes(client, partners):
    owner = seat(partners["P1"], person("owner@p1.example"))
    client.force_login(owner)
    address = reverse("analytics", args=["p1"])
    others = [name for key, name in NAMES.items() if key != "P1"]
    for prices in (REPORTS, WORKFLOW, MACROS):
        others += [price for key, price in prices.items() if key != "P1"]
    others += [f"{price[0]},{price[1:]}" for price in REPORTS.values()]
    for category in ("Reports", "Workflow", "Macros"):
        page = f"{address}?category={category}"
        told = (
            bytes_of(client.get(page)),
            bytes_of(client.get(page + "&download=csv")),
            sheet(client.get(page + "&download=xlsx")),
        )
        assert [one for one in others for text in told if one.encode() in text] == []


def test_above_the_median_and_a_group_too_small_to_say(client, partners):
    text = asked(client, partners["P6"], "?category=Reports").content.decode()
    assert "Your gross sales in Reports, $5,555.55, are above the median." in text
    page = client.get(reverse("analytics", args=["p6"]) + "?category=Workflow").content.decode()
    assert "Your gross sales in" not in page


def test_nothing_to_compare_is_said(client, partners):
    App.objects.filter(partner=partners["P6"]).update(categories=["Testing and QA"])
    text = asked(client, partners["P6"]).content.decode()
    assert "Nothing to compare in this category" in text


def test_a_category_without_ones_own_app_does_not_exist(client, partners):
    assert asked(client, partners["P6"], "?category=Macros").status_code == 404


def test_another_tier_sees_a_made_up_example_and_where_it_comes_with(client, partners):
    text = asked(client, partners["P2"], "?category=Reports").content.decode()
    assert "it comes with Platinum." in text
    assert "Every figure below is made up: it is of no partner and no category." in text
    assert "$184,200" in text
    assert [one for one in ("1,111.11", "$2,800", "$1,400") if one in text] == []


def test_who_has_no_category_is_told_so(client, partners):
    App.objects.filter(partner=partners["P1"]).update(categories=[])
    text = asked(client, partners["P1"]).content.decode()
    assert "None of your listed apps has a category" in text


def test_before_the_first_figures_an_example_is_shown(client):
    text = asked(client, make_partners()["P1"]).content.decode()
    assert "Your first figures are being computed." in text


def test_finance_may_and_a_viewer_may_not(client, partners):
    assert asked(client, partners["P1"], role=Role.FINANCE).status_code == 200
    assert asked(client, partners["P1"], role=Role.VIEWER).status_code == 403

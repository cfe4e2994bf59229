"""Lists: sorted, filtered, paged and downloaded, with no cell that a spreadsheet computes."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import django_tables2
import pytest
from django import forms
from django.test import RequestFactory
from python_calamine import CalamineWorkbook

from assay.portal.lists import Day, Figure, Filters, List, Moment, list_page
from assay.portal.reader import Reader


@dataclass(frozen=True)
class Sale:
    app: str
    price: Decimal
    on: date


class Sales(List):
    app = django_tables2.Column()
    price = Figure(verbose_name="Price")
    on = django_tables2.Column(verbose_name="Sold on")
    act = django_tables2.Column(empty_values=(), exclude_from_export=True)
    caption = "Sales"
    empty_title = "No sales yet"


class ByApp(Filters):
    app = forms.CharField(required=False)

    def narrow(self, rows):
        return [row for row in rows if self.cleaned_data["app"] in row.app]


ROWS = [
    Sale("Acme", Decimal("10.50"), date(2026, 6, 30)),
    Sale("=1+1", Decimal(-3), date(2026, 7, 1)),
    Sale("\tTab", Decimal(7), date(2026, 7, 2)),
]


ENGLISH = Reader(locale="en_US", time_zone="UTC")
GERMAN = Reader(locale="de_DE", time_zone="Europe/Berlin")


def ask(query, rows=ROWS, *, shown=Sales, by=ENGLISH):
    request = RequestFactory().get(f"/sales/{query}")
    request.reader = by
    narrowed = ByApp if shown is Sales else None
    return list_page(request, shown, rows, "assay/list_alone.html", filters=narrowed, file="sales")


def reader(request):
    return {"reader": request.reader}


@pytest.fixture(autouse=True)
def _alone(settings, tmp_path):
    (tmp_path / "assay").mkdir()
    page = "{% load render_table from django_tables2 %}{% render_table table %}"
    (tmp_path / "assay" / "list_alone.html").write_text(page)
    (engine,) = settings.TEMPLATES
    told = ["django.template.context_processors.request", f"{__name__}.reader"]
    options = {"context_processors": told}
    settings.TEMPLATES = [{**engine, "DIRS": [str(tmp_path)], "OPTIONS": options}]


def test_no_cell_of_a_csv_is_a_formula():
    lines = b"".join(ask("?download=csv")).decode().splitlines()
    assert lines == [
        "App,Price,Sold on",
        "Acme,10.50,2026-06-30",
        "'=1+1,-3,2026-07-01",
        "'\tTab,7,2026-07-02",
    ]


def test_a_workbook_holds_text_as_text_and_figures_as_figures():
    book = CalamineWorkbook.from_filelike(io.BytesIO(ask("?download=xlsx").content))
    assert book.get_sheet_by_index(0).to_python() == [
        ["App", "Price", "Sold on"],
        ["Acme", 10.5, date(2026, 6, 30)],
        ["=1+1", -3.0, date(2026, 7, 1)],
        ["\tTab", 7.0, date(2026, 7, 2)],
    ]


def test_a_download_has_what_is_filtered():
    lines = b"".join(ask("?download=csv&app=Acme")).decode().splitlines()
    assert lines == ["App,Price,Sold on", "Acme,10.50,2026-06-30"]


def test_a_list_is_sorted_as_its_address_says():
    lines = b"".join(ask("?download=csv&sort=-price")).decode().splitlines()
    assert [line.split(",")[1] for line in lines] == ["Price", "10.50", "7", "-3"]


def test_fifty_rows_a_page():
    page = ask("?page=2", [Sale(f"App {n}", Decimal(n), date(2026, 7, 1)) for n in range(120)])
    assert "51–100 of 120" in page.content.decode()


def test_an_empty_list_says_why():
    assert "No sales yet" in ask("", []).content.decode()


def test_a_filter_that_nothing_passes_says_so():
    assert "Nothing passes these filters" in ask("?app=zzz").content.decode()


class Dated(List):
    count, at, on = Figure(), Moment(), Day()


def test_figures_days_and_moments_are_written_as_the_reader_does_and_kept_in_files():
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    rows = [{"count": 12345, "at": late, "on": date(2026, 12, 31)}]
    page = ask("", rows, shown=Dated, by=GERMAN).content.decode()
    assert re.findall("<td[^>]*>(.*?)</td>", page) == [
        "12.345",
        "1 Jan. 2027, 00:30",
        "31 Dez. 2026",
    ]
    assert b"".join(ask("?download=csv", rows, shown=Dated, by=GERMAN)).decode().splitlines() == [
        "Count,At,On",
        "12345,2026-12-31T23:30:00+00:00,2026-12-31",
    ]

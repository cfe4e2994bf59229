from __future__ import annotations

from datetime import date

import pytest

from assay.documents.programs import load_program
from assay.jobs.programs.program_versions import days_of_review
from assay.words.program_page import program_page, tier_glances
from assay.words.program_tables import amounts_table, asked_cells


@pytest.fixture(scope="module")
def program():
    return load_program("atlassian-marketplace@2024-06-13")


@pytest.fixture(scope="module")
def page(program):
    days = days_of_review(program, date(2026, 7, 1))
    return program_page(program, windows=days.windows, cut_off=days.cut_off)


def test_a_cell_has_its_alternatives_one_by_one(program):
    _, gold, _ = asked_cells(program.requirements["annual_gross_sales"], program)
    assert gold.alternatives == (
        "at least $500,000 gross sales and at least 25 % of it cloud",
        "at least $3,000,000 gross sales",
    )
    assert gold.words == (
        "at least $500,000 gross sales and at least 25 % of it cloud; "
        "or at least $3,000,000 gross sales"
    )


def test_a_cell_that_asks_what_the_tier_below_asks_says_so(program):
    cells = asked_cells(program.requirements["escalation_response"], program)
    assert [cell.same_as for cell in cells] == ["", "", "Gold"]


def test_amounts_stand_by_their_values(program):
    table = amounts_table(program.amounts["minimum_payout"], program)
    assert (table.title, table.clause, table.by) == ("Minimum bounty award", "R7", "severity")
    assert table.values == ("P1", "P2", "P3", "P4", "P5")
    assert table.rows == ((date(1970, 1, 1), ("$1,500", "$900", "$300", "$100", "$0")),)


def test_a_page_has_every_row_of_the_program(page):
    assert [row.clause for row in page.requirements] == [f"R{n}" for n in range(1, 8)]
    assert [row.clause for row in page.benefits] == [f"B{n}" for n in range(1, 15)]
    assert [tier.title for tier in page.ranked] == ["Silver", "Gold", "Platinum"]
    assert len(page.measures) == 13
    assert page.placement == (
        "the highest tier whose own requirements are all met; it is not a ladder"
    )


def test_windows_have_the_days_of_the_review(page):
    year, until_july = page.windows
    assert (year.first, year.last) == (date(2025, 7, 1), date(2026, 6, 30))
    assert (until_july.first, until_july.last) == (None, date(2026, 6, 30))


def test_a_benefit_that_is_not_given_is_empty(page):
    analytics = next(row for row in page.benefits if row.clause == "B10")
    assert analytics.cells == ("", "", "", "yes")


def test_a_glance_tells_what_sets_a_tier_apart(program):
    platinum, _, _, partner = tier_glances(program)
    answers, sales, bounty = platinum.asks
    assert answers == "escalations answered in less than 24 hours at the slowest"
    assert sales == (
        "at least $1,000,000 gross sales and at least 35 % of it cloud; "
        "or at least $2,000,000 cloud sales"
    )
    assert bounty == "no public paid cloud apps outside the bug bounty program"
    assert (platinum.others, platinum.benefits) == (4, 14)
    assert platinum.money == (("$50,000", "Credits for the platform's products, for internal use"),)
    assert (partner.base, partner.asks, partner.others) == (
        "at least 1 listing paid via the platform",
        (),
        0,
    )

"""The outlook: what is known of the coming review's window, and the pace for what is left."""

from datetime import date

import pytest

from assay.engine.outlook import explain_outlook, months_left
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from tests.few_partners import PROGRAM, write_facts

# P1 sold 200,000 in cloud on 2 September 2024 and 341,200 elsewhere on 15 January 2025; P5
# 10 in cloud on 30 June and 150,000 in cloud on 1 July 2024, and 99,999.99 on 1 July 2025.


@pytest.fixture(scope="module")
def outlook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outlook")
    program = program_of(PROGRAM)
    facts = Source(folder=write_facts(folder)).open(program, scratch=folder)

    def explained(on, pace_months):
        told = explain_outlook(program, facts, on=on, pace_months=pace_months, scratch=folder)
        return {one.subject: one for one in told}

    return explained


def sums(explanation):
    return tuple(explanation.measured[name].low for name in ("gross_sales", "cloud_sales"))


def outcomes(explanation):
    found = (one for one in explanation.findings if one.requirement == "annual_gross_sales")
    return {one.tier: one.outcome for one in found}


def test_the_pace_of_twelve_months_for_the_four_that_are_left(outlook):
    found = outlook(date(2025, 3, 1), 12)["P1"]
    assert sums(found) == (54_120_000 * 16 // 12, 20_000_000 * 16 // 12)
    assert outcomes(found) == {"silver": "met", "gold": "met", "platinum": "not_met"}


def test_the_pace_of_three_months_is_another(outlook):
    found = outlook(date(2025, 3, 1), 3)["P1"]
    assert sums(found) == (54_120_000 + 34_120_000 * 4 // 3, 20_000_000)
    # cloud would be 20.08 % of it, and Gold asks for 25 %
    assert outcomes(found) == {"silver": "met", "gold": "not_met", "platinum": "not_met"}


def test_what_falls_out_of_the_window_is_not_counted(outlook):
    found = outlook(date(2025, 3, 20), 12)["P5"]  # whole months: as on 1 March
    assert sums(found) == (15_000_000 + 15_001_000 * 4 // 12,) * 2


def test_in_the_month_of_the_review_all_twelve_months_are_left(outlook):
    assert sums(outlook(date(2025, 7, 9), 12)["P1"]) == (54_120_000, 20_000_000)


@pytest.mark.parametrize(
    ("on", "left"),
    [(date(2025, 6, 30), 1), (date(2025, 7, 1), 12), (date(2025, 8, 15), 11)],
)
def test_the_months_that_are_left(on, left):
    assert months_left(program_of(PROGRAM), on) == left

"""Plots of sales: labels at the end of lines do not stand in each other's way."""

from datetime import date

import pytest

from assay.documents.programs import load_program
from assay.words.sales_plots import Line, Month, running_plot

PROGRAM = load_program("atlassian-marketplace@2024-06-13")
MONTHS = (Month(first=date(2025, 6, 1), part=0, rest=9_000_000),)
SILVER = Line(tier="silver", bound=10_000_000)


@pytest.mark.parametrize(("cents", "below"), [(9_900_000, 15), (10_100_000, -15)])
def test_a_sum_close_to_a_threshold_is_named_a_line_beside_it(cents, below):
    plot = running_plot(MONTHS, (date(2025, 7, 10), cents), (SILVER,), PROGRAM, length=12)
    heights = {word.words: word.y for word in plot.words}
    amount = f"${cents // 100:,}"
    assert heights[amount] - heights["Silver $100,000"] == below


def test_a_sum_far_from_a_threshold_is_named_where_it_is():
    plot = running_plot(MONTHS, (date(2025, 7, 10), 5_000_000), (SILVER,), PROGRAM, length=12)
    point = plot.boxes[-1]
    heights = {word.words: word.y for word in plot.words}
    assert heights["$50,000"] == point.y + 3

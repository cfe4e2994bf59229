"""The review as a page with plots."""

import re
from dataclasses import replace

import pytest

from assay.core.summaries import Direction, Mover
from assay.words.plots import distribution_plot, missed_plot, movers_plot
from assay.words.review_page import review_page
from tests.few_partners import NAUGHTY


@pytest.fixture
def page(summarised):
    program, summary = summarised()
    return review_page(summary, program)


def test_it_runs_nothing_and_asks_for_nothing(page):
    assert re.findall(r"""<script|\s(?:src|href|style|on\w+)=|url\(|@import""", page) == []


def test_every_plot_has_a_table_beside_it(page):
    assert (page.count('class="plot"'), page.count("<table>")) == (3, 4)


def test_a_mover_by_name(page):
    row = re.search(r'<tr><th scope="row">Acme \(P1\)</th>.*', page).group(0)
    assert re.sub("<[^>]+>", " ", row).split() == ["Acme", "(P1)", "Silver", "Gold"]


def test_long_lists_are_cut_and_say_by_how_many(summarised):
    program, summary = summarised()
    movers = tuple(
        Mover(
            subject=f"P{number}",
            name=NAUGHTY,
            before="silver",
            after="gold",
            direction=Direction.UP,
        )
        for number in range(10_000)
    )
    page = review_page(replace(summary, movers=movers, near_miss_count=900), program)
    assert "Up: 10,000; the first 50 are shown, 9,950 more are not" in page
    assert "900 missed the next tier by a known distance, the nearest 4 are shown" in page
    assert "<script" not in page


def test_nobody_moved(summarised):
    program, summary = summarised()
    page = review_page(replace(summary, movers=()), program)
    assert "Nobody moved: everyone holds the tier of the earlier decisions." in page
    assert page.count('class="plot"') == 2


def test_no_earlier_decisions_and_nobody_near(summarised):
    program, summary = summarised(before=False)
    page = review_page(replace(summary, near_misses=(), near_miss_count=0), program)
    assert "There are no earlier decisions to compare with." in page
    assert "Nobody missed the next tier by a distance that is known." in page


def test_a_program_that_asks_for_no_money_has_no_such_plot(summarised):
    program, summary = summarised()
    page = review_page(replace(summary, distribution=None), program)
    assert page.count('class="plot"') == 2


def test_values_that_are_not_known_are_counted_beside_the_plot(summarised):
    program, summary = summarised()
    left_open = replace(summary.distribution, left_open=3)
    page = review_page(replace(summary, distribution=left_open), program)
    assert "Of 3 the amount is not known: a fact is missing." in page


def test_only_the_first_requirements_are_drawn(summarised):
    program, summary = summarised()
    one = program.requirements["paid_cloud_app"]
    keys = [f"r{number}" for number in range(20)]
    many = replace(program, requirements=dict.fromkeys(keys, one))
    missed = tuple(replace(summary.missed[0], requirement=key, not_met=1) for key in keys)
    plot = missed_plot(missed, many)
    assert len(plot.boxes) == 2 * 12


def test_bars_of_movers_are_in_proportion(summarised):
    program, summary = summarised()
    once = Mover(subject="P7", name=None, before="silver", after="gold", direction=Direction.UP)
    plot = movers_plot(replace(summary, movers=(*summary.movers, once)), program)
    assert [(box.kind, round(box.width)) for box in plot.boxes] == [
        ("up", 540),
        ("down", 270),
        ("left", 270),
    ]
    assert [words.words for words in plot.words[::2]] == [
        "Silver → Gold",
        "Gold → Silver",
        "Gold (left)",
    ]


def test_thresholds_cross_the_rows_of_the_tiers_that_are_held(summarised):
    program, summary = summarised()
    plot = distribution_plot(summary.distribution, program)
    assert [rule.kind for rule in plot.rules if rule.kind] == [
        "metal-3",
        "metal-2",
        "metal-1",
        "metal-2",
    ]
    words = [one.words for one in plot.words if one.kind != "tick"]
    assert words == [
        "Gold 1",
        "Silver 1",
        "Marketplace Partner 2",
        "No tier 1",
        "Silver $100,000",
        "Gold $500,000",
        "Platinum $1,000,000",
        "Gold $3,000,000",
    ]


def test_requirements_missed_most_stand_in_columns_of_tiers(summarised):
    program, summary = summarised()
    plot = missed_plot(summary.missed, program)
    assert [one.words for one in plot.words[:4]] == [
        "Silver",
        "Gold",
        "Platinum",
        "R1 All paid cloud and Data Center apps are paid via the platform",
    ]

"""Programs of other shapes: nothing in the words knows a marketplace or its tiers."""

from dataclasses import replace
from datetime import date

import pytest

from assay.core.nearness import scale_of, way_to
from assay.documents.programs import load_program
from assay.engine.reviews import review
from assay.engine.summaries import summarise
from assay.jobs.reviews.explain import explain_decision
from assay.jobs.reviews.facts import Source
from assay.words.explanation_page import explanation_page
from assay.words.explanation_text import explanation_text
from assay.words.findings import distances_of, finding_line
from assay.words.hallmarks import hallmarks
from assay.words.review_page import review_page
from assay.words.review_text import review_text
from tests.small_program import program_text

ON = date(2025, 7, 1)
ROWS = {
    "two": {"a": "deeds = 2", "b": "deeds <> 3", "c": "deeds = 4"},
    "no_red": {"a": "not red >= 1", "b": "not (red >= 1 and total > 50)"},
    "share": {"a": "red_share <= 0.5", "b": "red_share > 0.3", "c": "red_share >= 1"},
    "money": {"b": "total <= 100", "c": "red_total >= total"},
    "sizes": {"c": "largest > 5 or smallest < 3"},
}
PARTNERS = """partner_id
p
q
r
s
"""
DEEDS = """deed_id,partner_id,app,kind,open,size,price,fee,day,seen
d1,p,x,red,true,,60,,,2024-01-01
d2,p,x,green,true,5,30,,,2024-01-01
d3,p,x,red,true,4,20,,,2024-01-01
d4,r,x,red,true,3,900,,,2024-01-01
d5,s,x,green,true,3,35,,,2024-01-01
d6,s,x,green,true,3,35,,,2024-01-01
"""


@pytest.fixture
def program_file(tmp_path):
    def write(rows, **options):
        folder = tmp_path / "deeds" / "1"
        folder.mkdir(parents=True)
        text = program_text(rows, **options)
        (folder / "program.yaml").write_text(text, encoding="utf-8")
        return str(folder)

    return write


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    (folder / "deeds.csv").write_text(DEEDS, encoding="utf-8")
    return Source(folder=folder)


@pytest.fixture
def lines(program_file, source):
    """Explain partner `p`: the line of every finding."""
    program, explanation = explain_decision(
        program_file(ROWS, tiers=tuple("abcde")), source, "p", on=ON
    )
    return {
        (finding.tier, finding.requirement): finding_line(finding, explanation.measured, program)
        for finding in explanation.findings
    }


@pytest.fixture
def summarised(program_file, source, tmp_path):
    def of(rows, **options):
        program = load_program(program_file(rows, **options))
        facts = source.open(program, scratch=tmp_path)
        done = review(program, facts, on=ON, scratch=tmp_path)
        return program, summarise(done, facts, scratch=tmp_path)

    return of


def test_another_number_than_the_one_asked(lines):
    assert [lines[tier, "two"].distance for tier in "abc"] == [
        "1 deed too many",
        "any other number would do",
        "1 deed short",
    ]


def test_what_must_not_hold_is_told_as_its_opposite(lines):
    line = lines["a", "no_red"]
    assert (line.kind, line.found, line.distance) == ("comparison", "2 deeds", "2 deeds too many")


def test_what_must_not_hold_together_is_one_of_two_ways_nearest_first(lines):
    line = lines["b", "no_red"]
    assert (line.kind, [part.distance for part in line.parts]) == (
        "any",
        ["$60 too much", "2 deeds too many"],
    )
    assert distances_of(line) == "$60 too much"


def test_a_share_of_at_most_a_half_is_rounded_up(lines):
    assert (lines["a", "share"].found, lines["a", "share"].distance) == ("72.8 % ($80 of $110)", "")


def test_a_share_of_all_cannot_be_reached_by_more_of_the_part(lines):
    assert (lines["c", "share"].found, lines["c", "share"].distance) == ("72.7 % ($80 of $110)", "")


def test_a_measure_against_another(lines):
    assert (lines["c", "money"].found, lines["c", "money"].distance) == (
        "$80, against $110",
        "$30 short",
    )


def test_none_has_no_distance_to_a_number(lines):
    nearest, other = lines["c", "sizes"].parts
    assert [(part.found, part.distance) for part in (nearest, other)] == [
        ("none", ""),
        ("5 deeds", "1 deed short"),
    ]


def test_a_tier_that_asks_nothing_says_so(program_file, source):
    program, explanation = explain_decision(
        program_file(ROWS, tiers=tuple("abcde")), source, "p", on=ON
    )
    text = explanation_text(explanation, program, rows=False, width=100)
    assert "\nD: nothing is asked, so nobody is placed here\n" in text
    assert explanation_page(explanation, program).count("nothing asked") == 2
    assert [program.next_tier(tier) for tier in ("none", "a", "b", "c", "e")] == [
        "a",
        "b",
        "c",
        None,
        None,
    ]


def test_who_holds_the_highest_tier_has_none_above(program_file, source):
    program, explanation = explain_decision(
        program_file({"red": {"low": "red >= 1", "high": "red >= 2"}}), source, "p", on=ON
    )
    text = explanation_text(explanation, program, rows=False, width=100)
    assert text.startswith("p holds High as of 1 July 2025. There is no higher tier.\n")


def test_only_the_three_highest_tiers_have_metals(program_file):
    program = load_program(program_file(ROWS, tiers=tuple("abcde")))
    marks = hallmarks(program, ON)
    assert [(tier, marks[tier].metal, marks[tier].shape) for tier in program.tiers] == [
        ("a", "metal-0", "cartouche"),
        ("b", "metal-0", "cartouche"),
        ("c", "metal-3", "oval"),
        ("d", "metal-2", "octagon"),
        ("e", "metal-1", "house"),
    ]


def test_near_misses_are_ranked_as_the_core_does(summarised):
    rows = {
        "two": {"a": "deeds = 2", "b": "deeds <> 3"},
        "red": {"a": "not red >= 1", "b": "not (deeds >= 1 and total > 50)"},
    }
    program, summary = summarised(rows, tiers=("a", "b"))
    found = {}
    for near in summary.near_misses:
        ways = [
            way_to(
                finding.judged,
                near.measured,
                program,
                scale=scale_of(
                    program.requirements[finding.requirement].by_tier[finding.tier], program
                ),
            )
            for finding in near.findings
        ]
        found[near.subject, near.missed] = (near.relative, float(sum(ways)))
    assert found == {
        ("s", "b"): (0.4, 0.4),  # $20 too much of $50, or two deeds too many of one
        ("r", "a"): (1.5, 1.5),  # a deed short of two, and a red one too many where one is
        ("p", "a"): (2.5, 2.5),  # a deed of two too many, and two red ones
    }


def test_a_share_that_no_more_of_its_part_makes_smaller_is_no_near_miss(summarised):
    rows = {"share": {"a": "red_share <= 0.5"}, "all": {"a": "red_share >= 1"}}
    _, summary = summarised(rows, tiers=("a",))
    assert (summary.near_misses, summary.near_miss_count) == ((), 0)


def test_without_a_bound_on_money_nothing_is_distributed(summarised):
    program, summary = summarised({"red": {"low": "red >= 1"}}, tiers=("low",))
    assert summary.distribution is None
    assert "by tier</h2>" not in review_page(summary, program)


def test_nobody_moved_is_said(summarised):
    program, summary = summarised({"red": {"low": "red >= 1"}}, tiers=("low",))
    text = review_text(replace(summary, counts_before=summary.counts), program, width=100)
    assert "\nNobody moved.\n" in text

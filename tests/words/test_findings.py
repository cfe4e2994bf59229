"""Findings in words: figures and distances in the unit of the rule."""

from dataclasses import replace

import pytest

from assay.core.explanations import JudgedGroup, Measured, Outcome
from assay.core.facts import Type
from assay.words.findings import distances_of, finding_line, share_words, value_words


def money(name, low, high=None):
    return Measured(measure=name, type=Type.MONEY, low=low, high=low if high is None else high)


@pytest.fixture
def line(explained):
    """The line of one requirement of one tier for a partner."""

    def of(partner, tier, requirement):
        program, explanation = explained(partner)
        found = {(f.tier, f.requirement): f for f in explanation.findings}
        return finding_line(found[tier, requirement], explanation.measured, program)

    return of


def test_a_share_just_below_a_quarter_does_not_look_met(explained):
    program, _ = explained("P3")
    words = share_words(money("cloud_sales", 124_999_99), money("gross_sales", 500_000_00), program)
    assert words == "24.9 % ($124,999.99 of $500,000)"


def test_a_share_just_above_a_limit_is_rounded_up(explained):
    program, _ = explained("P3")
    part, whole = money("cloud_sales", 125_000_01), money("gross_sales", 500_000_00)
    assert share_words(part, whole, program, down=False) == "25.1 % ($125,000.01 of $500,000)"


def test_a_negative_share_is_rounded_down_too(explained):
    program, _ = explained("P3")
    words = share_words(money("cloud_sales", -1), money("gross_sales", 100_00), program)
    assert words == "-0.1 % (-$0.01 of $100)"


def test_without_sales_there_is_no_share(line):
    asked = line("P4", "silver", "annual_gross_sales")
    assert [part.found for part in asked.parts] == ["$0", "no share: $0 of $0"]
    assert distances_of(asked) == "$100,000 short"


def test_a_cent_below_a_quarter_says_what_more_would_reach_it(line):
    asked = line("P3", "gold", "annual_gross_sales")
    # (0.25 x 500,000 - 124,999.99) / 0.75 = 0.0133, rounded up to the cent
    assert distances_of(asked) == "$0.02 more of annual gross sales from cloud would reach it"


def test_sales_above_the_line(line):
    either, other = line("P1", "gold", "annual_gross_sales").parts
    assert (either.parts[0].rule, either.parts[0].found, either.parts[0].distance) == (
        "at least $500,000 gross sales",
        "$541,200",
        "$41,200 above",
    )
    assert other.distance == "$2,458,800 short"


def test_the_nearest_alternative_stands_first(line):
    either, other = line("P1", "platinum", "annual_gross_sales").parts
    assert (either.kind, other.rule) == ("all", "at least $2,000,000 cloud sales")
    assert other.distance == "$1,800,000 short"


def test_apps_too_many(line):
    assert line("P1", "platinum", "bounty_participation").distance == "1 app too many"


def test_an_answer_after_exactly_48_hours_is_at_the_limit(line):
    asked = line("P5", "silver", "escalation_response")
    assert (asked.found, asked.distance) == ("48 hours", "exactly the limit, which is not enough")


def test_an_answer_a_day_late(line):
    assert line("P5", "gold", "escalation_response").distance == "24 hours too slow"


def test_none_counted_has_no_distance(line):
    asked = line("P3", "gold", "escalation_response")
    assert (asked.found, asked.distance) == ("none", "")


def test_an_open_value_says_between_which_values_it_lies(explained):
    program, _ = explained("P3")
    apps = {"measure": "paid_cloud_apps", "type": Type.INTEGER}
    assert value_words(Measured(low=1, high=3, **apps), program) == "from 1 app to 3 apps"
    assert value_words(Measured(low=1, high=None, **apps), program) == "at least 1 app"
    assert value_words(Measured(low=None, high=3, **apps), program) == "at most 3 apps"
    assert value_words(Measured(low=None, high=None, **apps), program) == "not known"


def test_an_open_share_says_of_what(explained):
    program, _ = explained("P3")
    part = Measured(measure="cloud_sales", type=Type.MONEY, low=100, high=None)
    words = share_words(part, money("gross_sales", 500), program)
    assert words == "at least $1 of $5"


def test_against_none_there_is_no_distance(explained):
    program, explanation = explained("P1")
    found = {(f.tier, f.requirement): f for f in explanation.findings}
    none = replace(explanation.measured["most_installs_outside_bounty"], low=-1, high=-1, none=True)
    measured = explanation.measured | {"most_installs_outside_bounty": none}
    asked = finding_line(found["silver", "bounty_participation"], measured, program)
    assert (asked.found, asked.distance) == ("5,000 installs, against none", "")


def test_an_alternative_that_is_not_known_stands_last(explained):
    program, explanation = explained("P1")
    found = {(f.tier, f.requirement): f for f in explanation.findings}
    finding = found["platinum", "annual_gross_sales"]
    both, other = finding.judged.parts
    unknown = replace(both.parts[0], outcome=Outcome.UNKNOWN, distance=None)
    judged = JudgedGroup(kind="any", outcome=Outcome.UNKNOWN, parts=(unknown, other))
    line = finding_line(replace(finding, judged=judged), explanation.measured, program)
    assert [part.outcome for part in line.parts] == [Outcome.NOT_MET, Outcome.UNKNOWN]

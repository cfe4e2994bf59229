"""Why a row does not count, in plain words."""

import pytest

from assay.engine.reasons import not_known, why_not


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("hosting = 'cloud'", "hosting is not cloud"),
        ("payment <> 'free'", "payment is free"),
        ("hosting in ('cloud', 'data_center')", "hosting is neither cloud nor data center"),
        ("installs >= 500", "installs is less than 500"),
        ("installs > 1000", "installs is not more than 1,000"),
        ("public", "not public"),
        ("not in_bug_bounty", "in bug bounty"),
        ("awarded is not null", "awarded is not given"),
        ("awarded is null", "awarded is given"),
        (
            "awarded < minimum_payout(severity, submitted_on)",
            "awarded is not less than the minimum payout",
        ),
        ("installs + 1 > 5", "installs + 1 > 5 does not hold"),
        ("a = 1 or b = 2", "a = 1 or b = 2 does not hold"),
    ],
)
def test_the_opposite_of_a_condition(condition, words):
    assert why_not(condition) == words


def test_columns_that_are_missing():
    assert not_known({"response_time", "installs"}) == "installs or response time not known"

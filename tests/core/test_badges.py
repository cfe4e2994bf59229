"""Which tier has a badge, how long it holds, and where it stands."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assay.core.badges import BadgeState, badge_words, held_until, stands_on_profile, state_of
from assay.core.program import Demotion
from assay.documents.programs import load_program

PROGRAM = load_program("atlassian-marketplace@2024-06-13")
BEGINS, ENDS = datetime(2026, 7, 1, tzinfo=UTC), datetime(2027, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tier", "words", "on_profile"),
    [
        ("none", "", False),
        ("partner", "Marketplace Partner", False),
        ("silver", "Silver Marketplace Partner", True),
        ("gold", "Gold Marketplace Partner", True),
        ("platinum", "Platinum Marketplace Partner", True),
    ],
)
def test_the_badge_of_each_tier_is_as_the_table_of_benefits_has_it(tier, words, on_profile):
    assert badge_words(PROGRAM, tier) == words
    assert stands_on_profile(PROGRAM, tier) == on_profile


def test_a_program_without_such_benefits_has_no_badges():
    bare = replace(PROGRAM, benefits={})
    assert (badge_words(bare, "gold"), stands_on_profile(bare, "gold")) == ("", False)


@pytest.mark.parametrize(
    ("since", "until", "on", "expected"),
    [
        (date(2026, 7, 15), None, date(2026, 7, 15), date(2027, 8, 1)),
        (date(2026, 6, 30), None, date(2026, 6, 30), date(2026, 8, 1)),
        (date(2026, 7, 1), None, date(2026, 7, 1), date(2027, 8, 1)),
        (date(2026, 7, 15), None, date(2027, 7, 31), date(2027, 8, 1)),
        (date(2026, 7, 15), None, date(2027, 8, 1), date(2028, 8, 1)),
        (date(2026, 7, 15), date(2026, 9, 13), date(2026, 7, 15), date(2026, 9, 13)),
    ],
)
def test_a_badge_holds_until_the_month_of_the_next_review_is_over(since, until, on, expected):
    assert held_until(PROGRAM, since, until, on=on) == expected


def test_a_badge_holds_as_much_longer_as_the_program_spares_a_demotion():
    kind = replace(PROGRAM, demotion=Demotion(days=30))
    since = date(2026, 7, 15)
    assert held_until(kind, since, None, on=since) == date(2027, 8, 31)


@pytest.mark.parametrize(
    ("revoked", "suspended", "at", "expected"),
    [
        (None, None, datetime(2026, 6, 30, tzinfo=UTC), BadgeState.COMING),
        (None, None, BEGINS, BadgeState.VALID),
        (None, None, ENDS, BadgeState.EXPIRED),
        (None, BEGINS, BEGINS, BadgeState.SUSPENDED),
        (None, BEGINS, ENDS, BadgeState.EXPIRED),
        (BEGINS, BEGINS, BEGINS, BadgeState.REVOKED),
        (BEGINS, None, ENDS, BadgeState.REVOKED),
    ],
)
def test_where_a_badge_stands(revoked, suspended, at, expected):
    told = state_of(
        begins_at=BEGINS, ends_at=ENDS, revoked_at=revoked, suspended_at=suspended, at=at
    )
    assert told == expected

"""What the 2024 page states and no golden case can show: when reviews are, who gets what."""

from datetime import date

import pytest

from assay.core.program import BenefitKind
from assay.documents.programs import load_program

ACCESS, LEVEL, MONEY, BADGE, PERSON = (
    BenefitKind.ACCESS,
    BenefitKind.LEVEL,
    BenefitKind.MONEY,
    BenefitKind.BADGE,
    BenefitKind.PERSON,
)
TIERS = ("partner", "silver", "gold", "platinum")
BENEFITS = {
    "B1": (ACCESS, ("yes", "yes", "yes", "yes")),
    "B2": (PERSON, (None, None, None, "dedicated")),
    "B3": (LEVEL, ("considered", "considered", "considered", "prioritized")),
    "B4": (ACCESS, (None, "yes", "yes", "yes")),
    "B5": (
        BADGE,
        (
            "Marketplace Partner",
            "Silver Marketplace Partner",
            "Gold Marketplace Partner",
            "Platinum Marketplace Partner",
        ),
    ),
    "B6": (ACCESS, (None, "yes", "yes", "yes")),
    "B7": (LEVEL, ("considered", "preferential", "preferential", "prioritized")),
    "B8": (LEVEL, ("available", "available", "preferential", "prioritized")),
    "B9": (LEVEL, ("available", "available", "more", "most")),
    "B10": (ACCESS, (None, None, None, "yes")),
    "B11": (MONEY, ("2500", "20000", "35000", "50000")),
    "B12": (ACCESS, ("yes", "yes", "yes", "yes")),
    "B13": (ACCESS, ("yes", "yes", "yes", "yes")),
    "B14": (LEVEL, (None, None, "preferential", "prioritized")),
}


@pytest.fixture(scope="module")
def program():
    return load_program("atlassian-marketplace@2024-06-13")


@pytest.mark.parametrize("clause", BENEFITS)
def test_who_gets_a_benefit(program, clause):
    (row,) = (row for row in program.benefits.values() if row.clause == clause)
    assert (row.kind, tuple(row.by_tier.get(tier) for tier in TIERS)) == BENEFITS[clause]


def test_there_are_no_other_benefits(program):
    assert [row.clause for row in program.benefits.values()] == list(BENEFITS)


def test_the_review_is_in_july(program):
    assert program.review.month == 7
    assert program.review.cut_off(date(2025, 7, 31)) == date(2025, 7, 1)


def test_the_page_sets_no_grace_appeal_or_waiver(program):
    assert {key: program.settings[key] for key in ("grace", "appeal", "waiver")} == {
        "grace": "none",
        "appeal": "none",
        "waiver": "none",
    }

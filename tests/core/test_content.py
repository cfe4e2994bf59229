from __future__ import annotations

import pytest

from assay.core.content import Audience, admits, audience_benefits, precedence, tiers_of
from assay.jobs.programs.programs import program_of

PROGRAM = program_of("atlassian-marketplace@2024-06-13")
EVERY = ("none", "partner", "silver", "gold", "platinum")


@pytest.mark.parametrize(
    ("audience", "tiers"),
    [
        (Audience(), EVERY),
        (Audience(tiers=("none",)), ("none",)),
        (Audience(tiers=("platinum", "gold")), ("gold", "platinum")),
        (Audience(benefit="communications"), ("partner", "silver", "gold", "platinum")),  # B1
        (Audience(benefit="campaign_roadmap"), ("silver", "gold", "platinum")),  # B6
        (Audience(benefit="early_access"), ("gold", "platinum")),  # B14
        (Audience(benefit="gone_from_the_program"), ()),
    ],
)
def test_the_program_file_decides_which_tiers_an_audience_has(audience, tiers):
    assert tiers_of(audience, PROGRAM) == tiers


@pytest.mark.parametrize(
    ("tier", "role", "is_in"),
    [
        ("gold", "owner", True),
        ("gold", "", True),  # staff who view as the partner
        ("gold", "viewer", False),
        ("silver", "owner", False),
        ("none", "owner", False),
    ],
)
def test_tier_and_role_must_both_be_in_the_audience(tier, role, is_in):
    audience = Audience(benefit="early_access", roles=("owner", "finance"))
    assert admits(audience, tier, role, PROGRAM) is is_in


def test_only_benefits_that_one_has_or_has_not_are_audiences():
    keys = {benefit.key for benefit in audience_benefits(PROGRAM)}
    assert {"communications", "campaign_roadmap", "early_access"} <= keys
    assert not {"credits", "marketing_badge"} & keys


def test_a_higher_level_goes_first_and_without_levels_nobody_does():
    early = Audience(benefit="early_access")
    assert [precedence(early, tier, PROGRAM) for tier in ("platinum", "gold")] == [0, 1]
    same = Audience(benefit="co_marketing")  # Silver and Gold: preferential
    assert [precedence(same, tier, PROGRAM) for tier in EVERY[1:]] == [2, 1, 1, 0]
    for audience in (Audience(), Audience(benefit="campaign_roadmap")):
        assert {precedence(audience, tier, PROGRAM) for tier in EVERY} == {0}

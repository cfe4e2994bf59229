"""What a review says as a whole."""

from datetime import date

import pyarrow as pa
import pytest

from assay.core.issues import Refused
from assay.core.nearness import scale_of, way_to
from assay.core.summaries import Bin, Direction, Missed, Mover, Threshold
from assay.documents.programs import load_program
from assay.engine.reviews import review
from assay.engine.summaries import summarise
from assay.jobs.reviews.facts import Source
from tests.few_partners import PROGRAM, write_facts


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """A program, its review of a few partners, their facts, and a folder for temporary files."""
    folder = tmp_path_factory.mktemp("few")
    program = load_program(PROGRAM)
    facts = Source(folder=write_facts(folder)).open(program, scratch=folder)
    return program, review(program, facts, on=date(2025, 7, 1), scratch=folder), facts, folder


def decisions(**tiers):
    return pa.table({"partner_id": list(tiers), "tier": list(tiers.values())})


@pytest.fixture
def summarised(reviewed):
    _, done, facts, scratch = reviewed

    def against(**before):
        return summarise(done, facts, before=decisions(**before), scratch=scratch)

    return against


def test_counts_of_every_tier_now_and_before(summarised):
    summary = summarised(P1="gold", P2="none")
    now = {"none": 1, "partner": 2, "silver": 1, "gold": 1, "platinum": 0}
    before = {"none": 1, "partner": 0, "silver": 0, "gold": 1, "platinum": 0}
    assert (summary.counts, summary.counts_before) == (now, before)


def test_movers_stand_by_direction_and_tier(summarised):
    summary = summarised(P1="platinum", P2="none", P3="partner", P4="none", P8="none", P9="gold")
    assert summary.movers == (
        Mover(subject="P3", name="Cent", before="partner", after="silver", direction=Direction.UP),
        Mover(
            subject="P2",
            name='<script>alert("x")</script>',
            before="none",
            after="partner",
            direction=Direction.UP,
        ),
        Mover(subject="P1", name="Acme", before="platinum", after="gold", direction=Direction.DOWN),
        Mover(
            subject="P5", name="Exact", before=None, after="partner", direction=Direction.ENTERED
        ),
        Mover(subject="P9", name=None, before="gold", after=None, direction=Direction.LEFT),
    )


def test_near_misses_nearest_first_and_none_that_is_unknown(summarised):
    summary = summarised()
    found = [(near.subject, near.held, near.missed) for near in summary.near_misses]
    assert found == [
        ("P5", "partner", "silver"),  # a microsecond of 48 hours
        ("P3", "silver", "gold"),  # a cent or two of $500,000
        ("P1", "gold", "platinum"),  # $458,800 of $1,000,000, and an app
        ("P4", "none", "silver"),  # $100,000 of $100,000, and an app
    ]
    assert summary.near_miss_count == 4


def test_a_near_miss_names_what_was_missed(summarised):
    (near,) = (near for near in summarised().near_misses if near.subject == "P1")
    assert [finding.requirement for finding in near.findings] == [
        "annual_gross_sales",
        "bounty_participation",
    ]
    assert near.relative == pytest.approx(458_800 / 1_000_000 + 1)


def test_the_rank_is_what_the_core_says_of_the_findings(reviewed, summarised):
    program, *_ = reviewed
    for near in summarised().near_misses:
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
        # SQL ranks by the exact distance, the core by that distance rounded up to a cent
        assert near.relative == pytest.approx(float(sum(ways)), abs=1e-7)


def test_who_misses_a_requirement_and_nothing_else(summarised):
    found = {(one.tier, one.requirement): one for one in summarised().missed}
    assert found["silver", "escalation_response"] == Missed(
        tier="silver", requirement="escalation_response", not_met=1, unknown=1, alone=1
    )
    assert found["gold", "annual_gross_sales"] == Missed(
        tier="gold", requirement="annual_gross_sales", not_met=4, unknown=0, alone=1
    )


def test_sales_are_binned_by_tier_between_round_numbers(summarised):
    found = summarised().distribution
    nobody = {"none": 0, "partner": 0, "silver": 0, "gold": 0, "platinum": 0}
    assert (found.measure, found.left_open) == ("gross_sales", 0)
    assert [one for one in found.bins if sum(one.counts.values())] == [
        Bin(low=None, high=100_000_00, counts=nobody | {"none": 1, "partner": 1}),
        Bin(low=150_000_00, high=200_000_00, counts=nobody | {"partner": 1}),
        Bin(low=500_000_00, high=700_000_00, counts=nobody | {"silver": 1, "gold": 1}),
    ]
    assert found.thresholds == (
        Threshold(tier="silver", bound=100_000_00),
        Threshold(tier="gold", bound=500_000_00),
        Threshold(tier="platinum", bound=1_000_000_00),
        Threshold(tier="gold", bound=3_000_000_00),
    )


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (pa.table({"id": ["P1"]}), "earlier decisions, column partner_id: no such column"),
        (decisions(P1="bronze"), "earlier decisions, column tier: no tier of"),
        (
            pa.table({"partner_id": ["P1", "P1"], "tier": ["gold", "gold"]}),
            "earlier decisions, column partner_id: the same key in several rows",
        ),
    ],
)
def test_earlier_decisions_that_are_none_are_refused(reviewed, before, told):
    _, done, facts, scratch = reviewed
    with pytest.raises(Refused) as refused:
        summarise(done, facts, before=before, scratch=scratch)
    assert str(refused.value.issues[0]).startswith(told)

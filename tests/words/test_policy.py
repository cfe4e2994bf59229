"""Findings about a program in words, with file line and remedy, as `program check` tells them."""

import pytest

from assay.core.policy import PolicyFinding, PolicyKind, Witness, WitnessRows
from assay.words.policy import policy_words, witness_words
from tests.small_program import small_program

ROWS = {"one": {"low": "deeds > 1", "high": "deeds > 2"}, "two": {"low": "red > 1"}}
KIND = PolicyKind


@pytest.fixture
def program(tmp_path):
    return small_program(tmp_path, ROWS, base="deeds >= 1")


def message(program, kind, lines=None, **more):
    finding = PolicyFinding(kind=kind, **{"tier": "high"} | more)
    return policy_words(finding, program, lines or {})[0]


def test_tiers_out_of_reach(program):
    assert message(program, KIND.ASKS_NOTHING) == (
        "High can never be reached: no requirement asks anything of it"
    )
    assert message(
        program, KIND.UNREACHABLE, {"one": 7, "two": 8}, requirements=("one", "two")
    ) == (
        "High can never be reached: no facts meet its requirements R1 one (line 7), "
        "R1 two (line 8) together"
    )
    assert message(program, KIND.UNREACHABLE, requirements=("",), tier="base") == (
        "Base can never be reached: no facts meet its base condition"
    )


def test_contradictions(program):
    assert message(program, KIND.NEVER_MET, requirements=("one",)) == (
        "R1 one can never be met for High: it contradicts itself"
    )
    assert message(program, KIND.NEVER_MET, requirements=("",), tier="base") == (
        "the base can never be met for Base: it contradicts itself"
    )
    assert (
        message(program, KIND.CONTRADICTION, {"one": 7, "two": 8}, requirements=("one", "two"))
        == "for High, R1 one (line 7) contradicts R1 two (line 8): no facts meet both"
    )


def test_a_shadowed_tier(program):
    assert message(program, KIND.SHADOWED, tier="low") == (
        "nobody is ever placed in Low: whoever meets it meets a higher tier as well"
    )


def test_what_was_not_decided(program):
    assert message(program, KIND.UNDECIDED) == "whether High can be reached could not be decided"
    assert message(program, KIND.UNDECIDED, other="low", requirements=("one",)) == (
        "R1 one: whether High can be met where Low is not could not be decided"
    )
    assert message(program, KIND.UNDECIDED, tier="") == (
        "the search met its bound: the rest of the program could not be decided"
    )


@pytest.mark.parametrize(
    ("overall", "end"),
    [
        (True, "; High as a whole can be met without Low"),
        (False, "; the other requirements of High rule it out"),
        (None, ""),
    ],
)
def test_an_easier_row(program, overall, end):
    witness = Witness(rows=(), measures={"deeds": 1})
    said = message(
        program,
        KIND.EASIER,
        other="low",
        requirements=("one",),
        witness=witness,
        overall=overall,
    )
    assert said == f"R1 one: High can be met where Low is not: t: 1 (no facts at all){end}"


def test_a_witness_names_its_rows(program):
    rows = WitnessRows(
        source="deeds",
        count=3,
        values={"kind": "red", "open": False, "size": None, "fee": 250, "day": "2024-01-01"},
        totals={"price": 1_000},
        distinct={"app": (1, 2)},
    )
    plain = WitnessRows(source="deeds", count=1, values={}, totals={}, distinct={})
    assert witness_words(Witness(rows=(rows, plain), measures={"deeds": 4}), program) == (
        "t: 4 (3 rows of deeds: kind red, not open, no size, fee $2.50, day 2024-01-01, "
        "price $10; 1 row of deeds)"
    )

"""What a program allows, on small programs; every witness is put to the real engine."""

from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from z3 import Context

from assay.core.policy import PolicyKind, Witness
from assay.engine.policy import policy_findings
from assay.engine.row_terms import RowTerms, Texts, Untranslatable
from assay.engine.searches import Answer, Budget, OutOfWork, Search
from tests.small_program import MEASURES, judged, small_program

PLAIN = {"app": "a", "kind": "green", "open": "false", "price": "0", "seen": "2024-01-01"}
UNREACHABLE, NEVER_MET = PolicyKind.UNREACHABLE, PolicyKind.NEVER_MET
CONTRADICTION, EASIER = PolicyKind.CONTRADICTION, PolicyKind.EASIER


def kinds(program, **more):
    return [(f.kind, f.tier, f.requirements) for f in policy_findings(program, **more)]


def one_tier(folder, **rows):
    """Say what is found of one tier with these requirements."""
    return kinds(small_program(folder, {k: {"low": c} for k, c in rows.items()}, tiers=("low",)))


def deeds_of(witness):
    """Write the rows of a witness as deeds."""
    numbers = count(1)
    for rows in witness.rows:
        assert rows.source == "deeds"
        for row in range(rows.count):
            deed = dict(PLAIN)
            for name, value in rows.values.items():
                deed[name] = _cell(name, value)
            for name, total in rows.totals.items():
                deed[name] = str(Decimal(total if row == 0 else 0) / 100)
            for name, values in rows.distinct.items():
                deed[name] = f"v{values[row] if row < len(values) else values[0]}"
            if "app" not in rows.values and "app" not in rows.distinct:
                deed["app"] = f"own{next(numbers)}"
            yield deed


def _cell(name, value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(Decimal(value) / 100) if name in ("price", "fee") else str(value)


# --- tiers out of reach, contradictions ----------------------------------------------------------


def test_a_tier_whose_requirements_can_be_met_together_is_not_told(tmp_path):
    assert one_tier(tmp_path, one="deeds >= 3", two="red >= 2", three="total >= 100") == []


def test_a_requirement_that_contradicts_itself(tmp_path):
    assert one_tier(tmp_path, one="deeds >= 1", two="red > 3 and red < 4") == [
        (UNREACHABLE, "low", ("one", "two")),
        (NEVER_MET, "low", ("two",)),
    ]


def test_two_requirements_that_contradict(tmp_path):
    assert one_tier(tmp_path, one="deeds <= 2", two="red >= 3", three="total > 5") == [
        (UNREACHABLE, "low", ("one", "two", "three")),
        (CONTRADICTION, "low", ("one", "two")),
    ]


def test_three_requirements_that_only_together_cannot_be_met(tmp_path):
    assert one_tier(
        tmp_path, one="red_total >= 60", two="other_total >= 60", three="total <= 100"
    ) == [(UNREACHABLE, "low", ("one", "two", "three"))]


def test_a_part_of_the_sales_is_never_more_than_all_of_them(tmp_path):
    assert one_tier(tmp_path, one="red_total > total")[-1] == (NEVER_MET, "low", ("one",))


def test_a_base_condition_that_cannot_be_met(tmp_path):
    program = small_program(tmp_path, {"one": {"low": "deeds > 0"}}, tiers=("low",), base="red < 0")
    assert kinds(program) == [(UNREACHABLE, "base", ("",)), (NEVER_MET, "base", ("",))]


def test_a_tier_that_no_requirement_names(tmp_path):
    program = small_program(tmp_path, {"one": {"low": "deeds > 0"}})
    assert kinds(program) == [(PolicyKind.ASKS_NOTHING, "high", ())]


@pytest.mark.parametrize(
    "condition",
    [
        "apps >= 500",
        "deeds = 500000 and apps = 1",
        "apps = 1 and red_apps = 1 and blue_apps = 1",  # one app with deeds of two kinds
        "apps = 2 and red_apps = 2 and blue_apps = 1",
        "kinds = 3 and deeds = 3",
        "largest = 7 and smallest = 7",
        "largest = -1 and deeds >= 1",
        "smallest > largest or smallest = largest",
        "sizeless = 2 and deeds = 2",
        "low_fees = 3",
        "dear = 100.01",
        "dear > 1000 and deeds = 1",
        "early = 2 and deeds = 3",
        "named >= 2 and deeds >= 5",
        "ids = 3 and deeds = 4",
        "first = 1 and deeds = 2",
        "mixed = 2 and ids = 0",
        "dues = 90 and red = 3",
        "red_share >= 0.999999 and red_share < 1",
        "red_share < 0.5 and total = 0",  # a share of nothing is met, whatever is asked
        "not (deeds <= 3 or total < 7)",
        "total <> 0 and total < 0.02",
        "red_total = other_total and total > 0",
    ],
)
def test_a_condition_that_some_facts_meet(tmp_path, condition):
    program = small_program(tmp_path, {"one": {"low": condition}}, tiers=("low",))
    search = Search(program, program.requirements["one"].by_tier["low"], Budget())
    assert search.answer() is Answer.YES
    witness = search.witness()
    if sum(rows.count for rows in witness.rows) < 2_000:
        assert judged(program, deeds_of(witness), tmp_path / "run")["one__low"] is True


@pytest.mark.parametrize(
    "condition",
    [
        "red > deeds",
        "apps > deeds",
        "apps < red_apps",
        "kinds > 3",
        "apps = 1 and deeds = 0",
        "largest < -1",
        "sizeless > deeds",
        "total < 0",
        "ids > deeds",
        "mixed > deeds",
        "dear > 0 and dear <= 100",
        "red_total > 10 and red_share < 0.1 and total <= 100",
    ],
)
def test_a_condition_that_no_facts_meet(tmp_path, condition):
    assert one_tier(tmp_path, one=condition)[-1] == (NEVER_MET, "low", ("one",))


def test_rows_told_apart_by_their_key_alone_are_not_claimed_to_contradict(tmp_path):
    assert one_tier(tmp_path, one="first >= 2") == [(PolicyKind.UNDECIDED, "low", ())]


def test_many_values_of_a_column_that_a_condition_looks_at_are_not_decided(tmp_path):
    measures = {**MEASURES, "others": ("count(distinct app)", "app <> 'x'")}
    rows = {"one": {"low": "others >= 2", "high": "others >= 9"}}
    assert kinds(small_program(tmp_path, rows, measures=measures))[0] == (
        PolicyKind.UNDECIDED,
        "high",
        (),
    )


def test_an_expression_that_programs_cannot_hold_is_not_translated():
    with pytest.raises(Untranslatable):
        RowTerms({}, Texts(), Context()).term("1 + 1")


# --- ladders -------------------------------------------------------------------------------------


def test_a_row_that_asks_nothing_of_the_higher_tier_is_easier(tmp_path):
    rows = {"one": {"low": "deeds >= 2"}, "two": {"low": "red >= 0", "high": "red >= 1"}}
    found = policy_findings(small_program(tmp_path, rows))
    assert [(f.kind, f.tier, f.other, f.requirements) for f in found] == [
        (EASIER, "high", "low", ("one",))
    ]
    assert found[0].witness == Witness(rows=(), measures={"deeds": Decimal(0)})
    assert found[0].overall is True


def test_a_row_easier_in_itself_that_other_rows_rule_out(tmp_path):
    rows = {
        "one": {"low": "deeds >= 2", "high": "deeds >= 1"},
        "two": {"low": "red >= 1", "high": "red >= 2"},
    }
    (found,) = policy_findings(small_program(tmp_path, rows))
    assert (found.requirements, found.overall) == (("one",), False)
    assert found.witness is not None
    assert found.witness.measures == {"deeds": Decimal(1)}


def test_a_tier_that_can_be_had_without_the_base(tmp_path):
    rows = {"one": {"low": "deeds >= 2"}}
    program = small_program(tmp_path, rows, tiers=("low",), base="red >= 1")
    (found,) = policy_findings(program)
    assert (found.kind, found.tier, found.other) == (EASIER, "low", "base")
    assert found.requirements == ()


def test_a_tier_below_one_that_is_always_met_too(tmp_path):
    rows = {"one": {"low": "deeds >= 5", "high": "deeds >= 3"}}
    assert [(f.kind, f.tier) for f in policy_findings(small_program(tmp_path, rows))] == [
        (PolicyKind.SHADOWED, "low"),
        (EASIER, "high"),
    ]


def test_the_same_row_for_both_tiers_is_a_ladder(tmp_path):
    rows = {
        "one": {"low": "total >= 100 or red > 1", "high": "total >= 100 or red > 1"},
        "two": {"low": "deeds >= 0", "high": "deeds > 3"},
    }
    assert policy_findings(small_program(tmp_path, rows)) == ()


def test_a_witness_with_cents_is_made_round_where_it_can_be(tmp_path):
    rows = {"one": {"low": "red_share >= 0.3", "high": "red_total >= 1000"}}
    found = policy_findings(small_program(tmp_path, rows))
    assert found[-1].witness is not None
    assert found[-1].witness.measures == {"total": Decimal(3400), "red_total": Decimal(1000)}


# --- what cannot be decided ----------------------------------------------------------------------


def test_an_order_of_texts_is_not_decided(tmp_path):
    measures = {**MEASURES, "late": ("count(*)", "app > 'm'")}
    rows = {"one": {"low": "late >= 1", "high": "late >= 2"}}
    assert kinds(small_program(tmp_path, rows, measures=measures)) == [
        (PolicyKind.UNDECIDED, "low", ()),
        (PolicyKind.UNDECIDED, "high", ()),
        (PolicyKind.UNDECIDED, "high", ("one",)),
    ]


def test_more_measures_than_groups_are_not_claimed_to_contradict(tmp_path):
    names = [f"m{n}" for n in range(8)]
    measures = {name: ("count(*)", f"size = {n}") for n, name in enumerate(names)} | MEASURES
    rows = {"one": {"low": " and ".join(f"{name} = 1" for name in names)}}
    program = small_program(tmp_path, rows, tiers=("low",), measures=measures)
    assert kinds(program) == [(PolicyKind.UNDECIDED, "low", ())]


def test_facts_that_could_be_missing_are_not_claimed_to_contradict(tmp_path):
    condition = "sizeless = deeds and deeds > 0 and big >= 0"
    measures = {**MEASURES, "big": ("count(*)", "size > 5")}
    program = small_program(
        tmp_path, {"one": {"low": condition}}, tiers=("low",), measures=measures
    )
    assert kinds(program) == [(PolicyKind.UNDECIDED, "low", ())]


def test_the_bound_on_work_ends_the_search_with_what_was_found(tmp_path):
    rows = {"one": {"low": "red > deeds"}, "two": {"low": "deeds > 1", "high": "deeds > 2"}}
    assert kinds(small_program(tmp_path, rows), work=1) == [
        (PolicyKind.UNDECIDED, "low", ()),
        (PolicyKind.UNDECIDED, "", ()),
    ]


def test_a_question_without_work_left_is_not_asked(tmp_path):
    program = small_program(tmp_path, {"one": {"low": "deeds > 0"}}, tiers=("low",))
    with pytest.raises(OutOfWork):
        Search(program, program.requirements["one"].by_tier["low"], Budget(0))


def test_a_witness_is_kept_where_work_runs_out_on_making_it_simple(tmp_path):
    program = small_program(tmp_path, {"one": {"low": "total >= 123.45"}}, tiers=("low",))
    budget = Budget()
    search = Search(program, program.requirements["one"].by_tier["low"], budget)
    assert search.answer() is Answer.YES
    budget.left = 0
    assert search.witness().measures["total"] >= Decimal("123.45")


def test_the_same_program_gives_the_same_findings(tmp_path):
    rows = {"one": {"low": "total >= 100 and red_share >= 0.2", "high": "total >= 300"}}
    program = small_program(tmp_path, rows)
    assert policy_findings(program) == policy_findings(program)


# --- laws ----------------------------------------------------------------------------------------

COMPARISONS = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from([n for n in MEASURES if n not in ("total", "dear")]),
        st.sampled_from(["<", "<=", "=", "<>", ">=", ">"]),
        st.integers(0, 4),
    ),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["total", "dear", "red_total", "other_total"]),
        st.sampled_from(["<", ">=", ">"]),
        st.sampled_from(["0", "100", "100.01", "250"]),
    ),
    st.builds("red_share {} {}".format, st.sampled_from(["<", ">="]), st.just("0.25")),
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
DEEDS = st.lists(
    st.fixed_dictionaries(
        {
            "app": st.sampled_from(["x", "y", "z"]),
            "kind": st.sampled_from(["red", "green", "blue"]),
            "open": st.sampled_from(["true", "false"]),
            "size": st.sampled_from(["", "0", "1", "3"]),
            "price": st.sampled_from(["0", "50", "100", "100.01"]),
            "fee": st.sampled_from(["", "5", "35"]),
            "day": st.sampled_from(["2019-12-31", "2020-01-01", "2025-01-01"]),
            "seen": st.sampled_from(["1999-01-01", "2000-01-01", "2024-01-01"]),
        }
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(condition=CONDITIONS, deeds=DEEDS)
def test_the_engine_agrees_with_every_witness_and_every_no(condition, deeds):
    with TemporaryDirectory() as made:
        folder = Path(made)
        program = small_program(folder, {"one": {"low": condition}}, tiers=("low",))
        search = Search(program, program.requirements["one"].by_tier["low"], Budget())
        answer = search.answer()
        if answer is Answer.YES:
            shown = judged(program, deeds_of(search.witness()), folder / "shown")
            assert shown["one__low"] is True
        if answer is Answer.NO:
            assert judged(program, deeds, folder / "random")["one__low"] is not True

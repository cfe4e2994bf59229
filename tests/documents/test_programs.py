"""Program files: what is read, and every fault with its line, what is wrong and how to mend it."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files

import pytest

from assay.core.issues import Refused
from assay.core.program import Aggregate, BenefitKind, Comparison, Operator
from assay.core.review_rules import Assessments, Demotion
from assay.documents.programs import (
    load_program,
    program_file,
    program_folder,
    read_program,
    shipped_programs,
)
from tests.documents.program_text import PROGRAM, at, faults, hint, spoilt

# --- what is read --------------------------------------------------------------------------------


def test_a_digest_names_the_program_and_the_vocabulary_it_speaks(tmp_path):
    vocabulary = files("assay") / "vocabularies" / "marketplace-1.yaml"
    both = PROGRAM.encode() + b"\0" + vocabulary.read_bytes()
    assert load_program(at(tmp_path)).digest == sha256(both).hexdigest()


def test_a_program_is_read_whole(tmp_path):
    program = load_program(at(tmp_path))
    assert program.label == "helpers@2026-01-01"
    assert (program.base_tiers, program.ranked_tiers) == (("member",), ("silver", "gold"))
    assert program.windows["year"].months == 12
    assert program.amounts["least_gift"].since == {
        date(2026, 1, 1): {"short": Decimal(10), "long": Decimal("20.50")}
    }
    assert program.measures["busiest"].aggregate is Aggregate.MAX
    assert program.measures["answers_given"].phrase == "{} answer[s]"
    assert program.tiers["member"].base == Comparison(
        measure="answers_given", operator=Operator.GE, bound=Decimal(1)
    )
    assert program.requirements["rush"].remedy == "Take your time."
    assert program.requirements["quality"].texts["silver"] == "answers_given >= 3"
    assert program.benefits["credit"].kind is BenefitKind.MONEY
    assert program.benefits["credit"].by_tier == {"gold": "2500"}
    assert dict(program.settings) == {"grace": "none"}
    assert program.notes == ("Words.",)
    assert set(program.vocabulary.tables) > {"partners", "answers"}


@pytest.mark.parametrize("role", ["finance", "security", "support"])
def test_a_requirement_names_whose_work_cures_it(tmp_path, role):
    text = spoilt("    remedy: Take your time.", f"    remedy: Take your time.\n    acts: {role}")
    program = load_program(at(tmp_path, text))
    assert program.requirements["rush"].acting == {"owner", role}
    assert program.requirements["quality"].acting == {"owner"}


@pytest.mark.parametrize("role", ["viewer", "owner", "auditor"])
def test_who_changes_nothing_cures_nothing(tmp_path, role):
    text = spoilt("    remedy: Take your time.", f"    acts: {role}")
    assert faults(tmp_path, text) == [(106, f"requirement `rush`: no acts `{role}`")]


def test_the_lines_of_its_keys(tmp_path):
    _, lines = read_program(at(tmp_path))
    assert lines["tiers", "gold"] == 43
    assert lines["requirements", "quality", "gold"] == 101


def test_a_program_is_named_by_label_folder_or_file(tmp_path):
    file = at(tmp_path)
    assert program_file(file) == tmp_path / "program.yaml"
    assert program_file(str(tmp_path)) == tmp_path / "program.yaml"
    assert program_folder(file) == tmp_path
    shipped = shipped_programs()
    assert program_folder("atlassian-marketplace@2024-06-13") in shipped.values()
    for label in shipped:
        assert load_program(label).label == label


@pytest.mark.parametrize("reference", ["nothing", "x" * 5_000, "a\0b", ""])
def test_no_program_there(reference):
    with pytest.raises(Refused, match="no program there"):
        load_program(reference)


def test_a_shipped_program_misspelt():
    with pytest.raises(Refused) as refused:
        load_program("atlassian-market@2024-06-13")
    assert refused.value.issues[0].hint.startswith("did you mean `atlassian-marketplace@2024-06-13")


def test_a_clause_may_stand_twice(tmp_path):
    assert load_program(at(tmp_path, spoilt("clause: C5", "clause: C4")))


# --- faults --------------------------------------------------------------------------------------


def test_all_faults_are_told_at_once_in_the_order_of_lines(tmp_path):
    text = PROGRAM
    for old, new in (
        ("month: 7", "month: 0"),
        ("months: 12", "months: -1"),
        ("of: gifts", "of: gift"),
        ("    silver: some", "    silver: lots"),
    ):
        text = text.replace(old, new)
    assert [line for line, _ in faults(tmp_path, text)] == [10, 49, 92, 116]


def test_every_fault_of_one_expression_is_told(tmp_path):
    text = spoilt("where: kind = 'short' and gift >=", "where: knd = 'x' and gft > 1 and gift >=")
    text = text.replace("least_gift(kind, given_on)", "least_gift(knd, day)")
    assert faults(tmp_path, text) == [
        (63, "measure `answers_given`, `where`: `answers` has no column `knd`"),
        (63, "measure `answers_given`, `where`: `answers` has no column `gft`"),
        (63, "measure `answers_given`, `where`: `answers` has no column `day`"),
    ]


def test_hints_name_the_likeliest(tmp_path):
    assert hint(tmp_path, spoilt("share: short_gifts", "share: short_gfts")).startswith(
        "did you mean `short_gifts`? measures: "
    )
    assert hint(
        tmp_path, spoilt("    silver: answers_given >= 3", "    sliver: answers_given >= 3")
    ) == ("did you mean `silver`? known here: acts, clause, gold, remedy, silver, since, title")


def test_a_tier_named_as_a_field_of_rows(tmp_path):
    text = PROGRAM.replace("  gold: {title: Gold", "  remedy: {title: Gold")
    assert (43, "tier `remedy`: the name has a meaning of its own") in faults(tmp_path, text)


def test_a_program_without_a_review_and_tiers(tmp_path):
    text = "program: x\n"
    found = [message for _, message in faults(tmp_path, text)]
    assert "program: `review` is missing" in found
    assert "`tiers` is missing or has no fields" in found
    assert "`requirements` is missing or has no fields" in found


def test_a_vocabulary_that_is_not_shipped(tmp_path):
    found = faults(tmp_path, spoilt("marketplace-1", "../marketplace"))
    assert found[0] == (5, "no vocabulary `../marketplace` is shipped")


def test_no_more_than_a_thousand_faults_are_told(tmp_path):
    text = PROGRAM + "\n".join(f"k{number}: 1" for number in range(1_200))
    assert len(faults(tmp_path, text)) == 1_000


@pytest.mark.parametrize(
    ("written", "demotion"),
    [
        ("grace: none", Demotion()),
        ("grace: 30 days", Demotion(days=30)),
        ("grace: 1 month", Demotion(months=1)),
        ("demotion: at the review", Demotion()),
    ],
)
def test_a_grace_spares_a_demotion_for_days_or_months(tmp_path, written, demotion):
    program = load_program(at(tmp_path, PROGRAM.replace("grace: none", written)))
    assert program.demotion == demotion


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("grace: 30 weeks", "no grace `30 weeks`"),
        ("grace: 0 days", "no grace `0 days`"),
        ("demotion: never", "`settings`: no demotion `never`"),
    ],
)
def test_a_demotion_that_cannot_be_read_is_a_fault(tmp_path, written, message):
    line = PROGRAM.splitlines().index("  grace: none") + 1
    assert faults(tmp_path, PROGRAM.replace("grace: none", written)) == [(line, message)]


def assessed(months):
    row = f"  assessments: {{months: {months}, clause: V4, since: 2026-01-01}}\n"
    return PROGRAM.replace("  month: 7\n", f"  month: 7\n{row}")


def test_assessments_are_on_the_first_of_months(tmp_path):
    held = load_program(at(tmp_path, assessed("[9, 12, 3]"))).review.assessments
    assert held == Assessments(months=(9, 12, 3), clause="V4", since=date(2026, 1, 1))
    assert load_program(at(tmp_path)).review.assessments is None


@pytest.mark.parametrize(
    ("months", "message"),
    [
        ("[13]", "`assessments`: `months` are from 1 to 12"),
        ("[3, 3]", "`assessments`: a month stands twice, or is that of the review"),
        ("[7]", "`assessments`: a month stands twice, or is that of the review"),
    ],
)
def test_months_that_nobody_is_assessed_in_are_faults(tmp_path, months, message):
    assert faults(tmp_path, assessed(months)) == [(11, message)]

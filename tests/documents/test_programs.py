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
from tests.documents.program_text import PROGRAM, spoilt


def at(folder, text=PROGRAM):
    path = folder / "program.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults(folder, text):
    """Return line and message of every fault."""
    with pytest.raises(Refused) as refused:
        load_program(at(folder, text))
    assert all(issue.hint for issue in refused.value.issues)
    return [(issue.line, issue.message) for issue in refused.value.issues]


def hint(folder, text):
    with pytest.raises(Refused) as refused:
        load_program(at(folder, text))
    return refused.value.issues[0].hint


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

NONE = "`none` is the name of being below all tiers"
ONE_FAULT = [
    # the head
    ("currency: USD\n", "currency: usd\n", 6, "program: `currency` cannot be `usd`"),
    ("program: helpers", "program: ../x", 1, "program: `program` cannot be `../x`"),
    ("time_zone: UTC", "time_zone: Mars", 7, "no time zone `Mars`"),
    ("placement: highest_tier_met", "placement: x", 8, "program: no placement `x`"),
    ("title: Helpers\n", "", 1, "program: `title` is missing"),
    (
        "vocabulary: marketplace-1\n",
        "vocabulary: marketplace-1\nnoets: x\n",
        6,
        "program: `noets` is not known",
    ),
    # the review and windows
    ("  month: 7", "  month: 13", 10, "`review`: `month` is a number from 1 to 12"),
    ("  month: 7", "  month: ²", 10, "`review`: `month` is a number from 1 to 12"),
    ("months: 12", "months: twelve", 49, "window `year`: `months` is a number from 1 to 1200"),
    ("months: 12", "months: 99999", 49, "window `year`: `months` is a number from 1 to 1200"),
    # tiers
    ("title: Gold", "title: Silver", 43, "two tiers have the title `Silver`"),
    (
        "answers_given >= 1}",
        "answers_gven >= 1}",
        38,
        "tier `member`, `base`: no measure `answers_gven`",
    ),
    ("    clause: C4\n", "", 96, "requirement `quality`: `clause` is missing"),
    (
        "    clause: C4\n    since: 2026-01-01\n",
        "    clause: C4\n",
        96,
        "requirement `quality`: `since` is missing",
    ),
    (
        "    clause: C4\n    since: 2026-01-01",
        "    clause: C4\n    since: 1 July",
        99,
        "requirement `quality`: `1 July` is no date",
    ),
    (
        "    clause: C4\n    since: 2026-01-01",
        "    clause: C4\n    since: 2026-02-30",
        99,
        "requirement `quality`: `2026-02-30` is no date",
    ),
    (
        "    clause: C4\n    since: 2026-01-01",
        "    clause: C4\n    since: 0026-02-03",
        99,
        "requirement `quality`: `0026-02-03` is no date",
    ),
    ("{title: Gold, clause: C1,", "{title: Gold,", 43, "tier `gold`: `clause` is missing"),
    # amounts
    ("long: 20.50", "long: ''", 56, "amounts `least_gift`, since `2026-01-01`: `long` is missing"),
    (
        "long: 20.50",
        "long: 20.505",
        56,
        "amounts `least_gift`, since `2026-01-01`: `20.505` is no amount",
    ),
    ("long: 20.50", "long: -1", 56, "amounts `least_gift`, since `2026-01-01`: `-1` is no amount"),
    (
        "long: 20.50",
        "long: 1e9",
        56,
        "amounts `least_gift`, since `2026-01-01`: `1e9` is no amount",
    ),
    (
        "      2026-01-01: {short",
        "      soon: {short",
        56,
        "amounts `least_gift`, since `soon`: `soon` is no date",
    ),
    (
        "{short: 10,",
        "{short' then 1 end: 10,",
        63,
        "measure `answers_given`, `where`: amounts `least_gift`: `short' then 1 end` is no kind",
    ),
    # measures
    (
        "    from: answer_days\n    window: year\n    value: max(answers)",
        "    from: listings_on_the_day\n    window: year\n    value: max(installs)",
        83,
        "measure `busiest`: its rows have no date for a window",
    ),
    (
        "    from: answer_days\n",
        "    from: answer_day\n",
        82,
        "measure `busiest`: no table `answer_day`",
    ),
    (
        "    from: answer_days\n",
        "    from: apps_by_day\n",
        82,
        "measure `busiest`: no table `apps_by_day`",
    ),
    (
        "    from: answer_days\n    window: year\n",
        "    from: answer_days\n",
        78,
        "measure `busiest`: `window` is missing; its rows are dated",
    ),
    (
        "    from: answer_days\n    window: year\n",
        "    from: answer_days\n    window: yaer\n",
        83,
        "measure `busiest`: no window `yaer`",
    ),
    (
        "value: max(answers)",
        "value: max(given_on)",
        84,
        "measure `busiest`, `value`: `MAX(given_on)`: date is no number",
    ),
    (
        "value: max(answers)",
        "value: max(answers, 5)",
        84,
        "measure `busiest`, `value`: `MAX(answers, 5)` is no aggregate",
    ),
    (
        "value: max(answers)",
        "value: avg(answers)",
        84,
        "measure `busiest`, `value`: `AVG(answers)` is no aggregate",
    ),
    (
        "value: max(answers)",
        "value: answers",
        84,
        "measure `busiest`, `value`: `answers` is no aggregate",
    ),
    (
        "value: max(answers)",
        "value: max(replies)",
        84,
        "measure `busiest`, `value`: `answer_days` has no column `replies`",
    ),
    ("    none: 0\n", "", 78, "measure `busiest`: `none` is missing"),
    ("    none: 0\n", "    none: few\n", 85, "measure `busiest`, `none`: few is no number"),
    (
        "    none: 0\n",
        "    none: 0.5\n",
        85,
        "measure `busiest`, `none`: 0.5 is finer than integer is kept",
    ),
    (
        "value: count(*)",
        "value: count(thanks)",
        65,
        "measure `answers_given`, `value`: `COUNT(thanks)` is not read",
    ),
    ("value: count(*)", "value: count(distinct kind, gift)", 65, None),
    ("value: count(*)", "value: count(*) filter (where true)", 65, None),
    (
        "value: sum(gift), unit",
        "value: sum(kind), unit",
        68,
        "measure `gifts`, `value`: `SUM(kind)`: choice is no number",
    ),
    (
        'phrase: "{} answer[s]"',
        'phrase: "answer[s]"',
        67,
        "measure `answers_given`: `phrase` has one {} and whole brackets",
    ),
    (
        'phrase: "{} answer[s]"',
        'phrase: "{} {} answers"',
        67,
        "measure `answers_given`: `phrase` has one {} and whole brackets",
    ),
    (
        'phrase: "{} answer[s]"',
        'phrase: "{} answer[s"',
        67,
        "measure `answers_given`: `phrase` has one {} and whole brackets",
    ),
    (
        "where: kind = 'short' and",
        "where: kind = 5 and",
        63,
        "measure `answers_given`, `where`: 5 cannot be compared with a value of type choice",
    ),
    (
        "where: kind = 'short' and",
        "where: thanks >= 'x' and",
        63,
        "measure `answers_given`, `where`: 'x' cannot be compared with a value of type integer",
    ),
    (
        "where: kind = 'short' and",
        "where: gift = given_on and",
        63,
        "measure `answers_given`, `where`: `gift = given_on` compares money with date",
    ),
    (
        "where: kind = 'short' and",
        "where: read_csv('/etc/passwd') and",
        63,
        "measure `answers_given`, `where`: `READ_CSV('/etc/passwd')` is not allowed here",
    ),
    (
        "where: kind = 'short' and",
        "where: getenv('HOME') = 'x' and",
        63,
        "measure `answers_given`, `where`: `getenv` is no function here",
    ),
    (
        "least_gift(kind, given_on)",
        "least_gft(kind, given_on)",
        63,
        "measure `answers_given`, `where`: `least_gft` is no function here",
    ),
    (
        "share: short_gifts",
        "share: short_gfts",
        91,
        "measure `short_share`: no measure `short_gfts` above",
    ),
    ("of: gifts", "of: short_share", 92, "measure `short_share`: no measure `short_share` above"),
    (
        "when_not_positive: not_met",
        "when_not_positive: perhaps",
        93,
        "measure `short_share`: `when_not_positive` is met or not_met",
    ),
    # requirements
    (
        "    silver: answers_given >= 3",
        "    sliver: answers_given >= 3",
        100,
        "requirement `quality`: `sliver` is neither a field nor a tier",
    ),
    (
        "    silver: answers_given >= 3",
        "    member: answers_given >= 3",
        100,
        "requirement `quality`: `member` is neither a field nor a tier",
    ),
    (
        "    silver: answers_given >= 3",
        "    silver: answers >= 3",
        100,
        "requirement `quality`, `silver`: no measure `answers`",
    ),
    (
        "    silver: answers_given >= 3",
        "    silver:",
        100,
        "requirement `quality`: `silver` is missing",
    ),
    (
        "short_share >= 0.25",
        "short_share >= 25",
        101,
        "requirement `quality`, `gold`: `short_share >= 25`: a share lies between 0 and 1",
    ),
    (
        "short_share >= 0.25",
        "gifts >= '2026-01-01'",
        101,
        "requirement `quality`, `gold`: `'2026-01-01'` is no number in range",
    ),
    (
        "    silver: busiest < answers_given\n    gold: busiest < answers_given\n",
        "",
        102,
        "requirement `rush` asks nothing of any tier",
    ),
    (
        "    remedy: Take",
        "    clause: C6\n    remedy: Take",
        106,
        "`clause` is repeated; it stands first on line 104",
    ),
    # benefits
    ("kind: level\n", "kind: levels\n", 115, "benefit `help`: no kind `levels`"),
    ("    silver: some", "    silver: lots", 116, "benefit `help`, `silver`: no level `lots`"),
    (
        "    silver: some",
        "    bronze: some",
        116,
        "benefit `help`: `bronze` is neither a field nor a tier",
    ),
    (
        "gold: 2500}",
        "gold: 2500, unspent: burns}",
        118,
        "benefit `credit`: no unspent `burns`",
    ),
    (
        "member: yes}",
        "member: yes, lowered: kept}",
        119,
        "benefit `portal` is no amount: it has no `lowered`",
    ),
    ("gold: 2500}", "gold: 2.5k}", 118, "benefit `credit`: `2.5k` is no amount"),
    (
        "member: yes}",
        "member: no}",
        119,
        "benefit `portal`, `member`: write yes or leave the tier out",
    ),
    ("kind: access, member: yes}", "kind: access}", 119, "benefit `portal` is given to no tier"),
    # names
    ("  rush:", "  Rush:", 102, "requirement `Rush`: the name is no plain identifier"),
    ("  rush:", "  a__b:", 102, "requirement `a__b`: the name is no plain identifier"),
    ("  badge: {", "  1st: {", 110, "benefit `1st`: the name is no plain identifier"),
    ("  year:\n", "  _year:\n", None, None),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), ONE_FAULT)
def test_a_fault_is_told_with_its_line(tmp_path, old, new, line, message):
    found = faults(tmp_path, spoilt(old, new))
    if message is not None:
        assert found == [(line, message)]
    elif line is not None:
        assert line in [at for at, _ in found]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("  gold: {title: Gold", "  none: {title: Gold", 43, NONE),
        (
            "{title: Gold,",
            "{base: gifts > 1, title: Gold,",
            43,
            "a base tier stands above a ranked one",
        ),
        ("  short_share:", "  tier:", 87, "measure `tier`: the name has a meaning of its own"),
        (
            "  short_share:",
            "  partner_id:",
            87,
            "measure `partner_id`: the name has a meaning of its own",
        ),
        (
            "    from: answer_days\n    window: year\n",
            "    from: app_numbers\n",
            82,
            "measure `busiest`: `app_numbers` has no `partner_id`",
        ),
    ],
)
def test_a_fault_that_brings_others(tmp_path, old, new, line, message):
    assert (line, message) in faults(tmp_path, spoilt(old, new))


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

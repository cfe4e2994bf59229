"""Vocabularies: the shipped one, and what a program adds to it."""

import pytest

from assay.core.facts import Type
from assay.core.issues import Refused
from assay.documents.programs import load_program
from assay.documents.vocabularies import load_vocabulary, read_vocabulary
from tests.documents.program_text import spoilt


def faults(folder, old, new):
    path = folder / "program.yaml"
    path.write_text(spoilt(old, new), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_program(str(path))
    return [(issue.line, issue.message) for issue in refused.value.issues]


def test_the_shipped_vocabulary():
    vocabulary = load_vocabulary("marketplace-1")
    assert (vocabulary.name, vocabulary.version, vocabulary.subject) == (
        "marketplace",
        1,
        "partners",
    )
    transactions = vocabulary.tables["transactions"]
    assert transactions.key == ("transaction_id",)
    assert transactions.columns["purchase_price"].type is Type.MONEY
    assert transactions.columns["purchase_price"].may_be_negative
    assert vocabulary.calendars["weekends"].days == (6, 7)
    assert vocabulary.relations["listings_on_the_day"].subject == "partner_id"


def test_a_vocabulary_with_faults_is_refused(tmp_path):
    path = tmp_path / "odd-1.yaml"
    path.write_text("vocabulary: odd\nversion: one\nsubject: people\nfacts:\n  Deeds: 1\n")
    with pytest.raises(Refused) as refused:
        read_vocabulary(path)
    assert [(issue.line, issue.message) for issue in refused.value.issues] == [
        (2, "vocabulary: `version` is a number from 1 to 999"),
        (5, "fact table `Deeds` must have fields"),
    ]


@pytest.mark.parametrize("name", ["marketplace-2", "../programs/x", "", "x" * 5_000])
def test_a_vocabulary_that_is_not_there(name):
    with pytest.raises(Refused, match="is shipped"):
        load_vocabulary(name)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "  answers:\n    title: Answers",
            "  apps:\n    title: Answers",
            14,
            "fact table `apps` is declared already",
        ),
        (
            "  answers:\n    title: Answers",
            "  measures:\n    title: Answers",
            14,
            "fact table `measures`: the name has a meaning of its own",
        ),
        ("key: [answer_id]", "key: [answer_di]", 14, "fact table `answers`: no column `answer_di`"),
        ("    key: [answer_id]\n", "", 14, "fact table `answers`: `key` is missing"),
        (
            "    dated: given_on\n    columns:\n      answer_id",
            "    dated: kind\n    columns:\n      answer_id",
            17,
            "fact table `answers`: `kind` is no date",
        ),
        (
            "references: partners",
            "references: partner",
            13,
            "answers column `partner_id`: no table `partner`",
        ),
        (
            "thanks: {type: integer,",
            "thanks: {type: number,",
            23,
            "answers column `thanks`: `number` is no type",
        ),
        (
            "thanks: {type: integer,",
            "thanks: {type: hours,",
            14,
            "fact table `answers`: `thanks` cannot be hours",
        ),
        (
            "optional: true",
            "optional: maybe",
            23,
            "answers column `thanks`: `optional` must be true or false",
        ),
        (
            "gift: {type: money}",
            "cut_off: {type: money}",
            24,
            "answers column `cut_off`: the name has a meaning of its own",
        ),
        (
            "gift: {type: money}",
            "gift: {type: money, not_before: soon}",
            14,
            "fact table `answers`: no column `soon`",
        ),
        (
            "{type: choice, values: [short, long]}",
            "{type: choice}",
            21,
            "answers column `kind`: a choice needs `values`",
        ),
        (
            "gift: {type: money}",
            "gift: {type: money, colour: red}",
            24,
            "answers column `gift`: `colour` is not known",
        ),
        ("days: [1]", "days: [8]", 36, "calendar `mondays`: days run from 1 (Monday) to 7"),
        (
            "zones: partners.time_zone",
            "zones: partners.country",
            36,
            "calendar `mondays`: no column `partners.country` of time zones",
        ),
        (
            "zones: partners.time_zone",
            "zones: x",
            36,
            "calendar `mondays`: no column `x` of time zones",
        ),
        ("subject: partner_id", "subject: partner", 26, None),
        ("  answer_days:\n    title", "  listings_on_the_day:\n    title", 26, None),
        ("  answer_days:\n    title", "  apps:\n    title", 26, None),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path, old, new, line, message):
    found = faults(tmp_path, old, new)
    if message is None:
        assert line in [at for at, _ in found]
    else:
        assert (line, message) in found


def test_monthly_totals_of_columns_that_are_there(tmp_path):
    totals = "    totals: {by: [kind], of: [gfit]}\n    key: [answer_id]"
    assert faults(tmp_path, "    key: [answer_id]", totals) == [
        (14, "fact table `answers`: no column `gfit`")
    ]

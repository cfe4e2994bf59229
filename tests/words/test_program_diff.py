"""What one version of a program changes of another, in words."""

import pytest

from assay.documents.programs import load_program
from assay.words.program_diff import Change, changes_text, program_changes
from tests.documents.program_text import PROGRAM, spoilt


@pytest.fixture
def changes(tmp_path):
    """Compare PROGRAM with another text."""

    def compare(text):
        loaded = []
        for name, content in (("old", PROGRAM), ("new", text)):
            (tmp_path / name).mkdir()
            path = tmp_path / name / "program.yaml"
            path.write_text(content, encoding="utf-8")
            loaded.append(load_program(str(path)))
        return program_changes(*loaded)

    return compare


def one(section, label, change, **facets):
    return (Change(section=section, label=label, kind=change, facets=facets),)


def test_nothing_changed(changes):
    found = changes(spoilt("version: 2026-01-01", "version: 2027-01-01"))
    assert found == ()
    assert changes_text(found, width=80) == "Nothing changed.\n"


def test_a_requirement_of_one_tier_changed(changes):
    found = changes(spoilt("answers_given >= 3", "answers_given >= 4"))
    was, now = "at least 3 answers", "at least 4 answers"
    assert found == one("Requirements", "C4 quality", "changed", Silver=(was, now))
    assert changes_text(found, width=80) == (
        "Requirements\n"
        "------------\n"
        "- C4 quality: changed\n"
        "    Silver: at least 3 answers → at least 4 answers\n"
    )


def test_a_long_change_is_told_on_two_lines(changes):
    found = changes(spoilt("answers_given >= 5 and", "answers_given >= 50 and"))
    assert changes_text(found, width=70) == (
        "Requirements\n"
        "------------\n"
        "- C4 quality: changed\n"
        "    Gold:\n"
        "      from  at least 5 answers and short gifts: at least 25 %\n"
        "      to    at least 50 answers and short gifts: at least 25 %\n"
    )


def test_a_tier_no_longer_asked(changes):
    found = changes(spoilt("    gold: busiest < answers_given\n", ""))
    was = "most answers on a day lower than answers"
    assert found == one("Requirements", "C5 rush", "changed", Gold=(was, ""))
    assert "    Gold: most answers on a day lower than answers → —\n" in changes_text(
        found, width=80
    )


def test_a_benefit_added(changes):
    added = "benefits:\n  gift: {title: Gift, clause: B5, since: 2026-01-01, kind: money, gold: 5}"
    found = changes(spoilt("benefits:", added))
    assert found == one(
        "Benefits",
        "B5 gift",
        "added",
        clause=("", "B5"),
        since=("", "1 January 2026"),
        title=("", "Gift"),
        kind=("", "money"),
        **{"what is left at the year's end": ("", "expires"), "a lower tier": ("", "kept")},
        Gold=("", "$5"),
    )
    assert "- B5 gift: added\n    clause: B5\n" in changes_text(found, width=80)


def test_a_benefit_removed(changes):
    line = "  portal: {title: Portal, clause: B4, since: 2026-01-01, kind: access, member: yes}\n"
    found = changes(spoilt(line, ""))
    assert [(change.section, change.label, change.kind) for change in found] == [
        ("Benefits", "B4 portal", "removed")
    ]


@pytest.mark.parametrize(
    ("old", "new", "section", "label", "facet", "was", "now"),
    [
        (
            "long: 20.50",
            "long: 21",
            "Amounts",
            "C2 least_gift",
            "long since 1 January 2026",
            "$20.50",
            "$21",
        ),
        (
            "month: 7",
            "month: 8",
            "Program",
            "V1 the review",
            "takes place",
            "every July; what is dated 1 July or later does not count",
            "every August; what is dated 1 August or later does not count",
        ),
        ("title: Helpers\n", "title: Help\n", "Program", "the program", "title", "Helpers", "Help"),
        (
            "months: 12",
            "months: all",
            "Windows",
            "C2 year",
            "rows",
            "the year (the 12 months before the cut-off)",
            "the year (all before the cut-off)",
        ),
        (
            "value: max(answers)",
            "value: min(answers)",
            "Measures",
            "C3 busiest",
            "is",
            "greatest answers of answer_days, in window year; 0 where there is none",
            "least answers of answer_days, in window year; 0 where there is none",
        ),
        ("grace: none", "grace: 30 days", "Settings", "grace", "is", "none", "30 days"),
        (
            "values: [short, long]",
            "values: [short, long, wide]",
            "Facts",
            "answers",
            "column kind",
            "choice (short, long)",
            "choice (short, long, wide)",
        ),
        (
            "thanks: {type: integer, optional: true}",
            "thanks: {type: integer}",
            "Facts",
            "answers",
            "column thanks",
            "integer, may be empty",
            "integer",
        ),
        (
            "title: Days with answers",
            "title: Days",
            "Relations",
            "answer_days",
            "title",
            "Days with answers",
            "Days",
        ),
        (
            "base: answers_given >= 1",
            "base: answers_given >= 2",
            "Tiers",
            "C1 member",
            "given",
            "at least 1 answer",
            "at least 2 answers",
        ),
        (
            "remedy: Take your time.",
            "remedy: Wait.",
            "Requirements",
            "C5 rush",
            "remedy",
            "Take your time.",
            "Wait.",
        ),
    ],
)
def test_what_can_change(  # noqa: PLR0917 - a row of the table
    changes, old, new, section, label, facet, was, now
):
    assert changes(spoilt(old, new)) == (
        Change(section=section, label=label, kind="changed", facets={facet: (was, now)}),
    )


def test_a_new_order_of_tiers_is_a_change(changes):
    gold = "  gold: {title: Gold, clause: C1, since: 2026-01-01}\n"
    text = PROGRAM.replace(gold, "").replace("  silver:\n    title", gold + "  silver:\n    title")
    assert [(c.label, dict(c.facets)) for c in changes(text)] == [
        ("C1 gold", {"stands above": ("Silver", "Member")}),
        ("C1 silver", {"stands above": ("Member", "Gold")}),
    ]


def test_a_note_is_new_or_gone(changes):
    found = changes(spoilt("  - Words.", "  - Other words."))
    assert [(change.label, change.kind) for change in found] == [
        ("Other words.", "added"),
        ("Words.", "removed"),
    ]

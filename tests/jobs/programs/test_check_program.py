"""Checking a program: faults of the file, or what it allows, with lines."""

import pytest

from assay.core.issues import Severity
from assay.documents.programs import program_file
from assay.jobs.programs.check_program import check_program
from tests.documents.program_text import PROGRAM, spoilt
from tests.small_program import program_text

SHIPPED = "atlassian-marketplace@2024-06-13"
WARNINGS = (
    """gold: R5 annual_gross_sales: Gold can be met where Silver is not: $3,000,000 gross sales,
    $0 cloud sales (1 row of transactions: hosting data_center, purchase price $3,000,000);
    Gold as a whole can be met without Silver""",
    """platinum: R5 annual_gross_sales: Platinum can be met where Silver is not: $14,000,000 gross
    sales, $2,000,000 cloud sales (1 row of transactions: hosting cloud, purchase price
    $2,000,000; 1 row of transactions: hosting data_center, purchase price $12,000,000);
    Platinum as a whole can be met without Silver""",
    """gold: R6 bounty_participation: Gold can be met where Silver is not: 0 public paid cloud apps
    with more than 100 installs outside the bug bounty program, no installs of the largest public
    paid cloud app in the bug bounty program, 1 install of the largest public paid cloud app
    outside the bug bounty program (1 row of listings_on_the_day: hosting cloud, payment platform,
    public, installs 1, not in bug bounty); Gold as a whole can be met without Silver""",
)
UNREACHABLE = (
    "Silver can never be reached: no facts meet its requirements "
    "C4 quality (line 100), C5 rush (line 107) together"
)


def told(folder, text):
    path = folder / "program.yaml"
    path.write_text(text, encoding="utf-8")
    issues = check_program(str(path))
    assert {issue.file for issue in issues} <= {str(path)}
    return [(str(issue.severity), issue.line, issue.message) for issue in issues]


def test_the_2024_program_is_warned_of_in_three_places():
    issues = check_program(SHIPPED)
    lines = program_file(SHIPPED).read_text(encoding="utf-8").splitlines()
    assert [issue.severity for issue in issues] == [Severity.WARNING] * 3
    assert [
        f"{lines[issue.line - 1].split(':')[0].strip()}: {issue.message}" for issue in issues
    ] == [" ".join(told.split()) for told in WARNINGS]


def test_faults_of_the_file_come_alone(tmp_path):
    text = spoilt("answers_given >= 3", "answers_given >= 30").replace("  month: 7", "  month: 0")
    assert told(tmp_path, text) == [("error", 10, "`review`: `month` is a number from 1 to 12")]


def test_a_requirement_that_contradicts_itself_is_an_error_at_its_cell(tmp_path):
    text = spoilt("silver: answers_given >= 3", "silver: answers_given >= 3 and answers_given < 2")
    assert told(tmp_path, text) == [
        (
            "error",
            39,
            UNREACHABLE,
        ),
        ("error", 100, "C4 quality can never be met for Silver: it contradicts itself"),
    ]


def test_two_requirements_that_contradict_are_an_error_with_both_lines(tmp_path):
    rows = {"one": {"low": "deeds < 2"}, "two": {"low": "red > 2"}}
    text = program_text(rows, tiers=("low",))
    lines = text.splitlines()
    first = next(n for n, line in enumerate(lines, 1) if "deeds < 2" in line)
    assert told(tmp_path, text)[1] == (
        "error",
        first,
        f"for Low, R1 one (line {first}) contradicts R1 two (line {first + 1}): no facts meet both",
    )


def test_a_tier_that_nothing_asks_anything_of(tmp_path):
    text = program_text({"one": {"low": "deeds > 2"}})
    assert told(tmp_path, text) == [
        ("error", 37, "High can never be reached: no requirement asks anything of it")
    ]


def test_an_easier_row_without_a_cell_is_told_at_the_row(tmp_path):
    rows = {"one": {"low": "deeds > 2"}, "two": {"high": "red > 0"}}
    text = program_text(rows)
    row = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith("  one:"))
    assert told(tmp_path, text) == [
        (
            "warning",
            row,
            (
                "R1 one: High can be met where Low is not: t: 0 (no facts at all); "
                "High as a whole can be met without Low"
            ),
        )
    ]


def test_a_search_that_meets_its_bound_names_no_line(tmp_path):
    path = tmp_path / "program.yaml"
    path.write_text(PROGRAM, encoding="utf-8")
    assert [(issue.line, issue.message) for issue in check_program(str(path), work=0)] == [
        (None, "the search met its bound: the rest of the program could not be decided")
    ]


@pytest.mark.parametrize("reference", ["nothing", "nothing@1"])
def test_a_program_that_is_not_there(reference):
    (issue,) = check_program(reference)
    assert (issue.file, issue.line, issue.message) == (reference, None, "no program there")


def test_the_program_of_these_tests_has_no_fault(tmp_path):
    assert told(tmp_path, PROGRAM) == []

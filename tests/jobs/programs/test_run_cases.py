"""Running golden cases: what differs, and facts that are wrong told where they stand."""

import shutil

import pytest

from assay.core.issues import Refused
from assay.documents.programs import program_folder
from assay.jobs.programs.run_cases import run_cases, told

CASES = """\
about: Two partners of one id
clause: R5
on: 2025-07-01
facts:
  partners: [{partner_id: p}]
  apps: [{app_id: a, public: true}]
  listings: [{hosting: cloud, listed_on: 2024-01-01, payment: platform}]
defaults:
  transactions: {hosting: cloud, sale_date: 2025-01-01, currency: USD}
cases:
  - name: right
    facts: {transactions: [{purchase_price: 100000}]}
    expect: {tier: partner, met: {silver: [annual_gross_sales]}}
  - name: wrong
    facts: {transactions: [{purchase_price: 99999.99}]}
    expect:
      tier: silver
      met: {silver: [annual_gross_sales]}
      not_met: {gold: [annual_gross_sales]}
      measured: {gross_sales: 100000.00, cloud_sales: 99999.99}
  - name: a year later
    on: 2026-07-01
    expect: {tier: partner, measured: {gross_sales: 0.00}}
"""


@pytest.fixture
def program(tmp_path):
    folder = tmp_path / "program"
    folder.mkdir()
    shipped = program_folder("atlassian-marketplace@2024-06-13")
    shutil.copy(shipped / "program.yaml", folder)
    (folder / "cases").mkdir()
    (folder / "cases" / "sales.yaml").write_text(CASES, encoding="utf-8")
    return folder


def test_each_case_is_judged_by_its_own_facts_and_differences_are_told(program):
    results = run_cases(str(program))
    assert [(result.case.name, result.passed) for result in results] == [
        ("right", True),
        ("wrong", False),
        ("a year later", True),
    ]
    assert [str(difference) for difference in results[1].differences] == [
        "tier: expected silver, found partner",
        "silver annual_gross_sales: expected met, found not_met",
        "gross_sales: expected 100000.00, found 99999.99",
    ]
    assert results[1].tier == "partner"
    assert results[1].measured["cloud_sales"] == "99999.99"


def test_facts_that_are_wrong_are_told_with_the_line_of_the_case(program):
    path = program / "cases" / "sales.yaml"
    path.write_text(CASES.replace("99999.99}]}", "99999.999}]}"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        run_cases(str(program))
    assert [(i.file, i.line, i.row, i.column, i.value) for i in refused.value.issues] == [
        ("sales.yaml", 15, None, "purchase_price", "99999.999")
    ]


def test_problems_without_a_row_are_told_as_they_are(program):
    path = program / "cases" / "sales.yaml"
    rows = ", ".join(["{purchase_price: dear}"] * 101)
    path.write_text(CASES.replace("{purchase_price: 100000}", rows), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        run_cases(str(program))
    first, last = refused.value.issues[0], refused.value.issues[-1]
    assert (first.file, first.line, first.value) == ("sales.yaml", 12, "dear")
    assert (last.line, last.row, last.message) == (None, None, "and 1 more problems")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        ("47:59:59", "47:59:59"),
        (None, "none"),
        ({"at_least": 0, "at_most": 1}, "0 to 1"),
        ({"at_least": 100, "at_most": None}, "100 or more"),
        ({"at_least": None, "at_most": 7}, "up to 7"),
        ({"at_least": None, "at_most": None}, "anything"),
    ],
)
def test_a_measured_value_is_told_as_case_files_write_it(value, text):
    assert told(value) == text

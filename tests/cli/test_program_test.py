"""`assay program test`: a line for each case that fails, a summary, and the exit status."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from assay.cli.program import program
from assay.documents.programs import program_folder

SHIPPED = "atlassian-marketplace@2024-06-13"
CASES = """\
about: Sales
clause: R5
on: 2025-07-01
facts: {partners: [{partner_id: p}]}
cases:
  - {name: nobody in particular, expect: {tier: none}}
  - name: a Gold partner without anything
    expect: {tier: gold, met: {gold: [paid_cloud_app]}}
"""


@pytest.fixture
def run():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(program, ["test", *map(str, arguments)])


@pytest.fixture
def failing(tmp_path):
    shutil.copy(program_folder(SHIPPED) / "program.yaml", tmp_path)
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "sales.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_the_shipped_program_passes_its_cases(run):
    result = run(SHIPPED)
    assert result.exit_code == 0
    assert result.output == "198 cases, 0 failed\n"


def test_a_case_that_fails_is_told_with_what_was_measured(run, failing):
    result = run(failing)
    assert result.exit_code == 1
    first, second, last = result.output.splitlines()
    assert first == (
        "sales.yaml:7: a Gold partner without anything: tier: expected gold, found none; "
        "gold paid_cloud_app: expected met, found not_met"
    )
    assert second.startswith("  measured: apps_paid_elsewhere 0, paid_cloud_apps 0, ")
    assert last == "2 cases, 1 failed"


def test_json_has_every_case(run, failing):
    result = run(failing, "--json")
    assert result.exit_code == 1
    passed, failed = json.loads(result.output)
    assert (passed["case"], passed["passed"], passed["tier"]) == (
        "nobody in particular",
        True,
        "none",
    )
    assert failed["differences"] == [
        {"what": "tier", "expected": "gold", "found": "none"},
        {"what": "gold paid_cloud_app", "expected": "met", "found": "not_met"},
    ]
    assert failed["measured"]["paid_cloud_apps"] == "0"

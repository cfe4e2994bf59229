"""`assay explain`."""

import json

import pytest
from typer.testing import CliRunner

from assay.cli.main import app
from assay.core.issues import Refused
from tests.few_partners import write_facts


@pytest.fixture
def explain(tmp_path):
    facts = write_facts(tmp_path)

    def run(*arguments):
        options = ["--facts", str(facts), "--on", "2025-07-01"]
        return CliRunner().invoke(app, ["explain", *arguments, *options])

    return run


def test_the_answer_is_the_first_line(explain):
    done = explain("P1")
    assert done.exit_code == 0
    assert done.stdout.startswith("Acme (P1) holds Gold as of 1 July 2025. For Platinum, 2 of 7")
    assert "Counted:" not in done.stdout


def test_rows_are_shown_where_they_are_asked_for(explain):
    assert "\n  Left out: before 2024-07-01: 1 row\n" in explain("P5", "--rows").stdout


def test_json_is_one_document(explain):
    assert json.loads(explain("P1", "--json").stdout)["tier"] == "gold"


def test_a_page_is_written_with_rows(explain, tmp_path):
    page = tmp_path / "p5.html"
    done = explain("P5", "--html", str(page))
    assert done.stdout.splitlines()[-1] == f"The page is {page}"
    assert "Left out: before 2024-07-01: 1 row" in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_refused(explain, tmp_path):
    done = explain("P5", "--html", str(tmp_path / "nowhere" / "p5.html"))
    assert isinstance(done.exception, Refused)


def test_an_unknown_partner_is_refused_with_the_nearest_names(explain):
    done = explain("P11")
    assert [str(issue) for issue in done.exception.issues] == [
        "partners, column partner_id: not known ('P11') — did you mean P1?"
    ]

"""`assay program`: check, show, diff and schema, as they are typed."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from assay.cli.main import app
from assay.documents.programs import load_program
from assay.words.program_document import program_document
from tests.documents.program_text import PROGRAM, spoilt

SHIPPED = "atlassian-marketplace@2024-06-13"
ASSAY = [sys.executable, "-c", "from assay.cli.main import main; main()", "program"]


@pytest.fixture
def run():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, ["program", *map(str, arguments)])


@pytest.fixture
def written(tmp_path):
    """Write a program to a file of its own; return the file."""

    def write(text, name="program.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_check_of_the_shipped_program_warns_and_succeeds(run):
    done = run("check", SHIPPED)
    assert done.exit_code == 0
    *issues, counted = done.stdout.splitlines()
    assert counted == "0 errors, 3 warnings"
    assert len(issues) == 3
    assert all(": warning: R" in issue for issue in issues)


def test_check_without_a_fault(run, written):
    done = run("check", written(PROGRAM))
    assert (done.exit_code, done.stdout) == (0, "0 errors, 0 warnings\n")


def test_check_tells_every_fault_with_file_line_and_remedy(run, written):
    path = written(spoilt("  month: 7", "  month: 13").replace("    of: gifts", "    of: gift"))
    done = run("check", path)
    assert done.exit_code == 1
    meant = "did you mean `gifts`? measures: answers_given, gifts, short_gifts, busiest"
    assert done.stdout.splitlines() == [
        f"{path}:10: `review`: `month` is a number from 1 to 12 — July is 7",
        f"{path}:92: measure `short_share`: no measure `gift` above — {meant}",
        "2 errors, 0 warnings",
    ]


def test_check_counts_one_of_each(run, written):
    done = run("check", written(spoilt("  month: 7", "  month: 13")))
    assert done.stdout.splitlines()[-1] == "1 error, 0 warnings"


def test_check_as_json(run, written):
    path = written(spoilt("  month: 7", "  month: 13"))
    done = run("check", path, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == [
        {
            "file": str(path),
            "line": 10,
            "row": None,
            "column": None,
            "value": None,
            "message": "`review`: `month` is a number from 1 to 12",
            "hint": "July is 7",
            "severity": "error",
        }
    ]


def test_check_of_any_file_name(run, written):
    assert run("check", written(PROGRAM, name="ours.yaml")).exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x00\x01",
        b"- a",
        b"a: [" * 3_000,
        b"program: x\ntiers: [1]\nmeasures: {a: {b: c}}\nrequirements: 5\nreview: {}\n",
        b"a: &x [*x]",
        b"{}",
        "ünïcode: 🎉\n".encode(),
    ],
)
def test_no_text_makes_a_traceback(written, text):
    done = subprocess.run(
        [*ASSAY, "check", str(written(text))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].endswith("0 warnings")


def test_show_of_a_bad_program_is_told_on_standard_error(written):
    path = written(spoilt("  month: 7", "  month: 13"))
    done = subprocess.run([*ASSAY, "show", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{path}:10: `review`: `month` is a number from 1 to 12 — July is 7\n"


def test_show_keeps_to_the_width(run):
    done = run("show", SHIPPED, "--width", 90)
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) == 90
    assert done.stdout.startswith("Marketplace Partner Program\n===")


def test_show_takes_the_width_of_the_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    assert max(map(len, run("show", SHIPPED).stdout.splitlines())) == 70


def test_show_as_json(run):
    done = run("show", SHIPPED, "--json")
    assert json.loads(done.stdout) == program_document(load_program(SHIPPED))


def test_diff_in_words(run, written):
    old = written(PROGRAM, name="old.yaml")
    new = written(spoilt("    months: 12", "    months: 6"), name="new.yaml")
    done = run("diff", old, new, "--width", 120)
    assert done.exit_code == 0
    assert done.stdout == (
        "From helpers@2026-01-01 to helpers@2026-01-01\n"
        "Windows\n"
        "-------\n"
        "- C2 year: changed\n"
        "    rows: the year (the 12 months before the cut-off) → "
        "the year (the 6 months before the cut-off)\n"
    )


def test_diff_as_json(run, written):
    old, new = written(PROGRAM, name="old.yaml"), written(PROGRAM + "  - More.\n", name="new.yaml")
    assert json.loads(run("diff", old, new, "--json").stdout) == [
        {"section": "Notes", "label": "More.", "kind": "added", "facets": {}}
    ]


def test_diff_of_the_same(run):
    done = run("diff", SHIPPED, SHIPPED)
    assert done.stdout.endswith("Nothing changed.\n")


def test_schema(run):
    assert json.loads(run("schema").stdout)["title"] == "Assay program"


def test_a_word_too_few(run):
    done = run("diff", SHIPPED)
    assert done.exit_code == 2
    assert "Missing argument" in done.stderr

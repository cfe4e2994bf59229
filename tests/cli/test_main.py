"""The command as a whole: what it loads before it knows what to do."""

import sys
from importlib.metadata import version
from subprocess import run

import pytest
from typer.testing import CliRunner

from assay.cli.main import app
from assay.jobs.reviews.record_review import engine_name

COMPUTES = {"deltalake", "django", "duckdb", "jinja2", "numpy", "pyarrow", "sqlglot", "z3"}


def printed(code):
    command = [sys.executable, "-c", code]
    return run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("module", ["assay", "assay.cli.main"])
def test_nothing_that_computes_is_loaded_before_a_command_runs(module):
    loaded = printed(f"import sys, {module}; print(*sys.modules)").split()
    assert {name.partition(".")[0] for name in loaded} & COMPUTES == set()


def test_the_version_is_the_one_that_records_name_as_engine():
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"{engine_name().partition(',')[0]}\n")
    assert done.stdout == f"assay {version('assay')}\n"


def test_the_library_names_what_a_review_gives():
    code = "import assay; print(assay.Review.__module__, hasattr(assay, 'Nothing'))"
    assert printed(code) == "assay.engine.reviews False\n"

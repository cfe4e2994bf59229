"""`assay run`: one's own facts."""

from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from assay.cli.run import run
from tests.marketplace import write_marketplace


@pytest.fixture
def assay():
    app = typer.Typer()
    app.command()(run)
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [*map(str, arguments)])


def test_own_facts_are_reviewed_where_they_are(assay, tmp_path):
    write_marketplace(tmp_path / "facts", seed=1, partners=20, cut_off=date(2025, 7, 1))
    result = assay("--facts", tmp_path / "facts", "--dir", tmp_path / "out")
    assert result.exit_code == 0
    assert "Of 20 reviewed for 1 July " in result.stdout
    assert (
        result.stdout.splitlines()[-1] == f"Report: {tmp_path / 'out' / 'reviews' / 'report.html'}"
    )
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["reviews"]

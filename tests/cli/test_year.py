"""Years, reviews and records by the commands themselves, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from assay.cli.main import app
from assay.core.issues import Refused
from tests.three_years import NAME, OLD, TIERS, write_installation

ANEW = "Opened anew on what came late; staff were told that it may be closed"
DAYS = ("--from", "2024-07-01", "--to", "2024-07-31")
SEAT = """
import sys
from pathlib import Path
from assay.jobs.operations.installation import open_installation
open_installation(Path(sys.argv[1]))
from tests.three_years import seat_staff
seat_staff()
"""


def process(*command):
    dropped = ("ASSAY_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def run(*command):
    """Run a command that is done."""
    done = process("-m", "assay", *command)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An installation of the eleven partners and two of staff, in which July 2024 was played."""
    folder = tmp_path_factory.mktemp("year") / "home"
    write_installation(folder).mark(made_at="2023-06-01T09:00:00+00:00")
    seated = process("-c", SEAT, folder)
    assert seated.returncode == 0, seated.stderr
    told = json.loads(run("year", *DAYS, "--dir", folder, "--json"))
    assert [f"{one['on']} {one['words']}" for one in told] == [
        "2024-07-01 open: Opened",
        f"2024-07-15 may_close: {ANEW}",
        "2024-07-15 Ben closed the review of 1 July 2024, as Ann asked",
    ]
    return folder


def test_what_was_played_is_there_for_good_replayed_and_verified(home, tmp_path):
    closed, given_up = json.loads(run("reviews", "--dir", home, "--json"))
    assert (closed["state"], given_up["state"]) == ("closed", "abandoned")
    assert (closed["on"], closed["effective_on"]) == ("2024-07-01", "2024-07-15")
    assert (closed["record"], given_up["record"]) == (True, False)
    held = [tiers.split()[1] for tiers in TIERS.values()]  # of the second year
    assert closed["counts"] == {tier: held.count(tier) for tier in closed["counts"]}
    assert sum(closed["counts"].values()) == 11
    number = closed["id"]
    assert run("replay", number, "--dir", home) == (
        f"Review {number} of 2024-07-01: 11 decisions, 231 findings, "
        "equal to the record byte by byte\n"
    )
    file = tmp_path / "record.jws"
    run("record", "export", number, "--out", file, "--dir", home)
    done = CliRunner().invoke(app, ["verify", str(file)])
    assert (done.exit_code, "11 decisions, 231 findings; closed 2024-07-15" in done.stdout) == (
        0,
        True,
    )
    content = file.read_bytes()
    other = b"A" if content[-9:-8] != b"A" else b"B"
    for changed in (
        content[:1000],
        content[:-9] + other + content[-8:],
        b"\x00\xff" * 99,
        b"{}\n",
        b"",
    ):
        file.write_bytes(changed)
        with pytest.raises(Refused, match=str(file)):
            CliRunner().invoke(app, ["verify", str(file)], catch_exceptions=False)


def test_the_same_weeks_on_the_ledger_alone(home):
    program = ("--program", home / "programs" / NAME / OLD)
    asked = ("year", *DAYS, *program, "--ledger", home / "ledger")
    told = CliRunner().invoke(app, [*map(str, asked)], catch_exceptions=False).stdout.splitlines()
    assert told[2] == (
        f"2024-07-15  review closed ({NAME}@{OLD}): 0 none, 2 partner, 5 silver, 4 gold, 0 platinum"
    )
    assert told[4] == "            changed by what came late: larch"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--dir", "/nowhere"), "no installation there"),
        (("--dir", "/nowhere", "--hindsight"), "--hindsight: goes with --ledger"),
        (("--dir", "/nowhere", "--ledger", "/nowhere"), "give a ledger or --dir, one of two"),
        (("--ledger", "/nowhere", "--program", "no-such"), "no-such"),
    ],
)
def test_what_cannot_be_played_is_one_line(arguments, said):
    done = process("-m", "assay", "year", *DAYS, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr

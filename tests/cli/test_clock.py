"""`assay clock`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from assay.cli.main import app
from assay.core.issues import Refused

BERLIN = ("2025-06-27T18:00", "2025-06-30T10:00", "--zone", "Europe/Berlin")


def run(*words):
    return CliRunner().invoke(app, ["clock", *words])


def test_hours_are_an_exact_decimal():
    told = run("2025-06-26T00:00Z", "2025-06-26T15:30Z", "--zone", "UTC", "--json")
    assert told.stdout == '{"hours": "15.5"}\n'


def test_local_times_and_moments_with_an_offset_are_the_same():
    with_offset = ("2025-06-27T18:00+02:00", "2025-06-30T08:00Z", "--zone", "Europe/Berlin")
    assert [json.loads(run(*words, "--json").stdout) for words in (BERLIN, with_offset)] == [
        {"hours": "16"},
        {"hours": "16"},
    ]


def test_without_json_it_is_a_sentence():
    words = "16 hours count in Europe/Berlin, from 2025-06-27T18:00 to 2025-06-30T10:00.\n"
    assert run(*BERLIN).stdout == words


def test_an_answer_before_the_opening_is_refused():
    told = run(BERLIN[1], BERLIN[0], *BERLIN[2:])
    assert isinstance(told.exception, Refused)
    assert str(told.exception) == (
        "ANSWERED: is before it was opened ('2025-06-27T18:00') — give the moment of opening first"
    )


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "", "europe", "localtime", "../../etc/passwd", "\0", "x" * 10_000]
)
def test_an_unknown_zone_is_refused(zone):
    told = run("2025-06-27T18:00", "2025-06-30T10:00", "--zone", zone)
    assert isinstance(told.exception, Refused)

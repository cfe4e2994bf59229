"""`assay access check`: a judgement for every text, and never a failure."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from assay.cli.main import app

PUBLIC = "mail.gmail.com is of gmail.com, a public mail domain: anybody can have an address there."


def check(*arguments):
    done = CliRunner().invoke(app, ["access", "check", *arguments])
    assert done.exit_code == 0
    return done.stdout


@pytest.mark.parametrize(
    ("address", "private", "reason"),
    [
        ("ann@acme-tools.com", True, "acme-tools.com is not a public mail domain."),
        (
            "ann+x@mail.gmail.com",
            False,
            PUBLIC,
        ),
        ("ann", False, "This is no address: it has no @."),
        ("", False, "This is no address: it is empty."),
        ("ann@\x00", False, "This is no address: what is after the @ is no domain name."),
    ],
)
def test_the_judgement_as_json(address, private, reason):
    assert json.loads(check(address, "--json")) == {"private": private, "reason": reason}


def test_the_judgement_in_words_says_what_would_help():
    assert check("ann@gmail.com") == (
        "Not private. gmail.com is a public mail domain: anybody can have an address there. "
        "Use the address that your employer gave you, at its own domain.\n"
    )
    assert check("ann@acme-tools.com") == ("Private. acme-tools.com is not a public mail domain.\n")

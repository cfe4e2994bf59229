"""Addresses judged by hand (`addresses/*.csv`), and the operator's own word against them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.addresses import HELP, Kind, judge
from assay.documents.mail_lists import shipped_lists

FOLDER = Path(__file__).parent / "addresses"


def judged_by_hand():
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield row["address"], row["private"] == "yes", row["why"]


CASES = list(judged_by_hand())


def test_there_are_enough_of_every_class():
    assert len(CASES) >= 200
    assert {why for *_, why in CASES} == {kind.value for kind in Kind} - {"allowed", "refused"}


@pytest.mark.parametrize(("address", "private", "why"), CASES)
def test_an_address_is_judged_as_by_hand(address, private, why):
    judged = judge(address, shipped_lists())
    assert (judged.private, judged.kind) == (private, why)
    assert judged.reason.endswith(".")
    assert bool(judged.help) == (not private)


def test_every_refusal_says_what_would_help():
    assert [kind for kind in Kind if not HELP[kind]] == [Kind.PRIVATE, Kind.ALLOWED]


@pytest.mark.parametrize(
    ("own", "address", "private"),
    [
        ({"gmail.com": True}, "ann@gmail.com", True),
        ({"acme-tools.com": False}, "ann@acme-tools.com", False),
        ({"acme-tools.com": False}, "ann+x@mail.acme-tools.com", False),
        ({"acme-tools.com": False, "eu.acme-tools.com": True}, "ann@eu.acme-tools.com", True),
        ({"acme-tools.com": False, "eu.acme-tools.com": True}, "ann@x.eu.acme-tools.com", True),
        ({"acme-tools.com": True, "eu.acme-tools.com": False}, "ann@eu.acme-tools.com", False),
        ({"tools.com": False}, "ann@acme-tools.com", True),  # no part of a name
        ({"example": True}, "ann@acme.example", True),
        ({"xn--bcher-kva.de": False}, "ann@BÜCHER.de", False),
        ({"xn--gmil-63d.com": True}, "ann@gmаil.com", True),  # noqa: RUF001 - a look-alike
        ({"de": False}, "ann@acme-tools.de", False),
    ],
)
def test_the_operators_own_word_goes_before_the_lists_and_the_longer_domain_counts(
    own, address, private
):
    assert judge(address, shipped_lists(), own).private is private


def test_own_word_does_not_make_an_address_of_what_is_none():
    assert judge("ann", shipped_lists(), {"ann": True}).kind is Kind.NO_ADDRESS


def test_a_subdomain_is_told_with_the_domain_that_it_is_of():
    assert judge("a@x.outlook.com", shipped_lists()).reason == (
        "x.outlook.com is of outlook.com, a public mail domain: anybody can have an address there."
    )


def test_a_look_alike_is_told_with_its_own_form_and_what_it_looks_like():
    reason = judge("a@gmaıl.com", shipped_lists()).reason  # noqa: RUF001 - a look-alike
    assert reason == "gmaıl.com (xn--gmal-nza.com) is made to look like gmail.com."  # noqa: RUF001


@pytest.mark.parametrize("text", ["x" * 10_000, "x" * 10_000 + "@acme.com", "a@" + "x." * 5_000])
def test_what_is_far_too_long_is_said_to_be_so(text):
    assert judge(text, shipped_lists()).reason == "This is no address: it is too long."


@given(st.text(max_size=300))
def test_no_text_breaks_the_judgement(text):
    for address in (text, f"a@{text}", f"{text}@acme-tools.com", f"a@{text}.com"):
        assert isinstance(judge(address, shipped_lists()).private, bool)


LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@given(st.text(LETTERS, min_size=1, max_size=10), st.text(LETTERS, max_size=10))
def test_what_is_before_the_at_does_not_matter(name, tag):
    local = f"{name}+{tag}" if tag else name
    assert not judge(f"{local}@gmail.com", shipped_lists()).private
    assert judge(f"{local}@acme-tools.com", shipped_lists()).private

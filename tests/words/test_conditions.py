"""Conditions and amounts in words."""

from decimal import Decimal

import pytest

from assay.core.facts import Type
from assay.documents.conditions import read_condition
from assay.documents.programs import load_program
from assay.words.conditions import (
    SHARE,
    amount_words,
    condition_words,
    lower_first,
    measured_words,
    stored_words,
)
from tests.small_program import small_program

PROGRAM = load_program("atlassian-marketplace@2024-06-13")


def words(text, program=PROGRAM):
    return condition_words(read_condition(text, program.measures), program)


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        ("500000", Type.MONEY, "$500,000"),
        ("1234.5", Type.MONEY, "$1,234.50"),
        ("-0.01", Type.MONEY, "-$0.01"),
        ("0", Type.MONEY, "$0"),
        ("48", Type.HOURS, "48 hours"),
        ("1", Type.HOURS, "1 hour"),
        ("23.5", Type.HOURS, "23 h 30 min"),
        ("-1.5", Type.HOURS, "-1 h 30 min"),
        ("0.15", SHARE, "15 %"),
        ("0.125", SHARE, "12.5 %"),
        ("1", SHARE, "100 %"),
        ("1000", Type.INTEGER, "1,000"),
        ("100", Type.INTEGER, "100"),
    ],
)
def test_amounts(value, kind, said):
    assert amount_words(Decimal(value), kind, currency="USD") == said


def test_amounts_in_other_currencies():
    assert amount_words(5, Type.MONEY, currency="EUR") == "€5"
    assert amount_words(5, Type.MONEY, currency="CHF") == "CHF 5"


def test_stored_amounts():
    assert stored_words(49_999_999, Type.MONEY, currency="USD") == "$499,999.99"
    assert stored_words(86_399_999_999, Type.HOURS, currency="USD") == "23 h 59 min 59.999999 s"
    assert stored_words(7, Type.INTEGER, currency="USD") == "7"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gross_sales >= 100000", "at least $100,000 gross sales"),
        ("gross_sales < 0.5", "less than $0.50 gross sales"),
        ("cloud_share > 0.15", "more than 15 % of it cloud"),
        ("paid_cloud_apps >= 1", "at least 1 paid cloud app"),
        ("paid_cloud_apps <= 2", "at most 2 paid cloud apps"),
        ("paid_cloud_apps = 0", "no paid cloud apps"),
        ("paid_cloud_apps = 1", "exactly 1 paid cloud app"),
        ("paid_cloud_apps <> 1", "other than 1 paid cloud app"),
        ("slowest_response < 48", "escalations answered in less than 48 hours at the slowest"),
        ("not paid_cloud_apps = 0", "not (no paid cloud apps)"),
        (
            "gross_sales >= 500000 and cloud_share >= 0.25 or gross_sales >= 3000000",
            (
                "at least $500,000 gross sales and at least 25 % of it cloud; "
                "or at least $3,000,000 gross sales"
            ),
        ),
        (
            "paid_cloud_apps = 0 and (gross_sales > 1 or cloud_sales > 2)",
            "no paid cloud apps and (more than $1 gross sales; or more than $2 cloud sales)",
        ),
        (
            "paid_cloud_apps > apps_outside_bounty",
            "more paid cloud apps than public paid cloud apps outside the bug bounty program",
        ),
        (
            "cloud_sales <= gross_sales",
            "annual gross sales from cloud at most as high as annual gross sales",
        ),
    ],
)
def test_conditions(text, said):
    assert words(text) == said


def test_a_measure_without_a_phrase_is_named_by_its_title(tmp_path):
    program = small_program(tmp_path, {"one": {"low": "deeds > 0"}}, tiers=("low",))
    assert words("deeds >= 2", program) == "t: at least 2"


def test_measured_values():
    measures = PROGRAM.measures
    for name, value, said in (
        ("paid_cloud_apps", 1, "1 paid cloud app"),
        ("paid_cloud_apps", 0, "0 paid cloud apps"),
        ("gross_sales", -5, "-$5 gross sales"),
        ("cloud_share", Decimal("0.2"), "20 % of it cloud"),
        (
            "most_installs_in_bounty",
            -1,
            "no installs of the largest public paid cloud app in the bug bounty program",
        ),
    ):
        assert measured_words(measures[name], Decimal(value), PROGRAM) == said


def test_a_title_in_a_sentence():
    assert lower_first("Annual gross sales") == "annual gross sales"
    assert lower_first("PVA listings") == "PVA listings"
    assert lower_first("") == ""

"""Quartiles by hand, what is shown of them, and how many others there must be."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from assay.core.analytics import (
    Group,
    as_shown,
    group_of,
    may_be_shown,
    months_before,
    quartiles,
)


def of(*values):
    told = quartiles([Fraction(value) for value in values])
    return told.lower, told.median, told.upper


def test_quartiles_of_five_are_the_second_third_and_fourth_in_any_order():
    assert of(9, 1, 5, 3, 7) == (3, 5, 7)


def test_quartiles_of_six_lie_between_on_the_straight_line():
    assert of(1, 2, 4, 8, 16, 32) == (Fraction(5, 2), 6, 14)


def test_quartiles_of_one_value_are_that_value():
    assert of(3) == (3, 3, 3)


def test_quartiles_of_thirds_are_exact():
    third = Fraction(1, 3)
    assert of(third, third, 2 * third, 1, 1) == (third, 2 * third, 1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("41237.50", "41000"),
        ("41500", "42000"),
        ("-41500", "-42000"),
        ("0.12549", "0.13"),
        ("3", "3"),
        ("99.6", "100"),
        ("0", "0"),
    ],
)
def test_what_is_shown_has_two_digits(value, shown):
    assert as_shown(Fraction(value)) == Decimal(shown)


def test_four_partners_are_no_group_and_five_are():
    assert group_of([Fraction(value) for value in (1, 2, 3, 4)]) is None
    five = group_of([Fraction(value) for value in (1, 2, 3, 4, 5)])
    assert five == Group(partners=5, lower=Decimal(2), median=Decimal(3), upper=Decimal(4))


@pytest.mark.parametrize(
    ("partners", "is_in_it", "shown"),
    [(5, True, False), (6, True, True), (5, False, True)],
)
def test_five_others_must_be_in_a_group(partners, is_in_it, shown):
    one = Decimal(1)
    group = Group(partners=partners, lower=one, median=one, upper=one)
    assert may_be_shown(group, is_in_it=is_in_it) is shown
    assert may_be_shown(None, is_in_it=is_in_it) is False


def test_months_before_a_day_begin_on_the_first():
    assert months_before(date(2026, 7, 9), 0) == date(2026, 7, 1)
    assert months_before(date(2026, 1, 31), 12) == date(2025, 1, 1)
    assert months_before(date(2026, 3, 1), 4) == date(2025, 11, 1)

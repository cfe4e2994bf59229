"""A figure against its category: words and where marks stand, worked out by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from assay.core.analytics import Kind
from assay.words.analytics import Strip, figure_words, strip_plot, verdict
from assay.words.plots import Box, Rule, Words

QUARTILES = (Decimal(33), Decimal(66), Decimal(132))


def drawn(**fields):
    strip = {"kind": Kind.COUNT, "own": None, "before": None, "quartiles": None} | fields
    return strip_plot(Strip(**strip), currency="USD", own_words="you", median_words="median")


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("41237.5", Kind.MONEY, "$41,237.50"),
        ("0.12549", Kind.SHARE, "12.5 %"),
        ("5.54", Kind.HOURS, "5.5 h"),
        ("1200", Kind.COUNT, "1,200"),
        ("2.5", Kind.COUNT, "2.5"),
    ],
)
def test_a_value_in_words(value, kind, words):
    assert figure_words(Fraction(value), kind, currency="USD") == words


def test_a_value_is_above_below_or_at_the_median_as_shown():
    assert [verdict(Fraction(one), Decimal(3)) for one in (2, 3, 4)] == ["below", "at", "above"]


def test_marks_stand_on_a_scale_from_zero_to_the_greatest():
    plot = drawn(own=Fraction(44), before=Fraction(88), quartiles=QUARTILES)
    assert plot.boxes == [
        Box(8, 31.5, 264, 1, "grid"),
        Box(74, 24, 198, 16),
        Box(91, 27, 10, 10, "alone"),
    ]
    assert plot.rules == [Rule(140, 21, 140, 43, "metal-0"), Rule(184, 32, 96, 32, "run")]
    assert plot.words == [
        Words(134, 54, "median 66", "tick-y"),
        Words(90, 11, "you 44", ""),
    ]


def test_below_zero_the_scale_begins_there_and_zero_is_marked():
    plot = drawn(own=Fraction(-66), quartiles=(Decimal(0), Decimal(66), Decimal(66)))
    assert plot.rules == [Rule(140, 28, 140, 36, "axis"), Rule(272, 21, 272, 43, "metal-0")]
    assert plot.words == [
        Words(278, 54, "median 66", "tick-y end"),
        Words(2, 11, "you -66", ""),
    ]


def test_without_a_group_one_stands_alone_and_nothing_is_at_the_left():
    assert drawn(own=Fraction(0)).boxes == [
        Box(8, 31.5, 264, 1, "grid"),
        Box(3, 27, 10, 10, "alone"),
    ]
    assert [one.words for one in drawn(quartiles=QUARTILES).words] == ["median 66"]

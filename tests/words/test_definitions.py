"""What a program file defines, in sentences."""

from datetime import date

from assay.core.program import Window
from assay.core.review_rules import ReviewCalendar
from assay.documents.programs import load_program
from assay.words.definitions import calendar_words, measure_words, tier_words, window_words

PROGRAM = load_program("atlassian-marketplace@2024-06-13")


def window(months):
    return Window(name="w", title="the time", clause="C1", since=date(2024, 1, 1), months=months)


def test_measures():
    for name, said in (
        ("platform_listings", "number of rows of listings_on_the_day where payment = 'platform'"),
        ("gross_sales", "total purchase_price of transactions, in window year"),
        (
            "slowest_response",
            (
                "greatest response_time of answered_escalations, in window year; "
                "0 hours where there is none"
            ),
        ),
        (
            "cloud_share",
            "cloud_sales as a share of gross_sales; not met where gross_sales is zero or less",
        ),
    ):
        assert measure_words(PROGRAM.measures[name], PROGRAM) == said


def test_windows():
    assert window_words(window(12)) == "the time (the 12 months before the cut-off)"
    assert window_words(window(1)) == "the time (the month before the cut-off)"
    assert window_words(window(None)) == "the time (all before the cut-off)"


def test_the_review():
    review = ReviewCalendar(month=1, clause="V1", since=date(2024, 1, 1))
    assert calendar_words(review) == (
        "every January; what is dated 1 January or later does not count"
    )


def test_tiers():
    assert tier_words(PROGRAM.tiers["gold"], PROGRAM) == "by the requirements"
    assert tier_words(PROGRAM.tiers["partner"], PROGRAM) == (
        "at least 1 listing paid via the platform"
    )

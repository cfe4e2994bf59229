"""Which two reviews are run."""

from datetime import date

import pytest

from assay.documents.programs import load_program
from assay.jobs.reviews.review_years import review_days


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 6, 30), (date(2024, 7, 1), date(2025, 7, 1))),
        (date(2026, 7, 1), (date(2025, 7, 1), date(2026, 7, 1))),
        (date(2026, 12, 31), (date(2025, 7, 1), date(2026, 7, 1))),
    ],
    ids=str,
)
def test_the_newest_review_that_has_begun_and_the_one_before(today, days):
    assert review_days(load_program("atlassian-marketplace@2024-06-13"), today) == days

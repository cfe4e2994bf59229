"""The dated acts of a review calendar."""

from __future__ import annotations

from datetime import date

from assay.core.calendar import Act, ActKind, acts_between
from assay.core.review_rules import Assessments, Demotion, ReviewCalendar

SINCE = date(2024, 6, 13)
CALENDAR = ReviewCalendar(
    month=7,
    clause="V1",
    since=SINCE,
    assessments=Assessments(months=(9, 12, 3, 4, 5, 6), clause="V4", since=SINCE),
)


def told(since, until, settling_days=14, calendar=CALENDAR):
    acts = acts_between(calendar, settling_days=settling_days, since=since, until=until)
    return [(act.on.isoformat(), act.kind.value, act.review_on.year) for act in acts]


def test_a_year_assesses_quarterly_until_march_then_monthly_and_opens_in_july():
    assert told(date(2025, 8, 1), date(2026, 7, 15)) == [
        ("2025-08-05", "remind", 2025),
        ("2025-08-12", "remind", 2025),
        ("2025-08-19", "remind", 2025),
        ("2025-08-26", "remind", 2025),
        ("2025-09-01", "assess", 2026),
        *((f"2025-09-{day:02}", "remind", 2025) for day in (2, 9, 16, 23, 30)),
        *((f"2025-10-{day:02}", "remind", 2025) for day in (7, 14, 21, 28)),
        *((f"2025-11-{day:02}", "remind", 2025) for day in (4, 11, 18, 25)),
        ("2025-12-01", "assess", 2026),
        *((f"2025-12-{day:02}", "remind", 2025) for day in (2, 9, 16, 23, 30)),
        *((f"2026-01-{day:02}", "remind", 2025) for day in (6, 13, 20, 27)),
        *((f"2026-02-{day:02}", "remind", 2025) for day in (3, 10, 17, 24)),
        ("2026-03-01", "assess", 2026),
        *((f"2026-03-{day:02}", "remind", 2025) for day in (3, 10, 17, 24, 31)),
        ("2026-04-01", "assess", 2026),
        *((f"2026-04-{day:02}", "remind", 2025) for day in (7, 14, 21, 28)),
        ("2026-05-01", "assess", 2026),
        *((f"2026-05-{day:02}", "remind", 2025) for day in (5, 12, 19, 26)),
        ("2026-06-01", "assess", 2026),
        *((f"2026-06-{day:02}", "remind", 2025) for day in (2, 9, 16, 23, 30)),
        ("2026-07-01", "open", 2026),
        ("2026-07-15", "may_close", 2026),
    ]


def test_both_days_are_included_and_nothing_beyond():
    assert told(date(2026, 7, 1), date(2026, 7, 15)) == [
        ("2026-07-01", "open", 2026),
        ("2026-07-15", "may_close", 2026),
    ]
    assert told(date(2026, 7, 2), date(2026, 7, 14)) == []


def test_without_settling_days_a_review_may_be_closed_on_its_day():
    assert told(date(2026, 7, 1), date(2026, 7, 1), settling_days=0) == [
        ("2026-07-01", "open", 2026),
        ("2026-07-01", "may_close", 2026),
    ]


def test_a_program_without_assessments_opens_and_closes_alone():
    calendar = ReviewCalendar(month=1, clause="V1", since=SINCE)
    days = {"since": date(2026, 1, 1), "until": date(2026, 1, 5)}
    assert acts_between(calendar, settling_days=3, **days) == (
        Act(on=date(2026, 1, 1), kind=ActKind.OPEN, review_on=date(2026, 1, 1)),
        Act(on=date(2026, 1, 4), kind=ActKind.MAY_CLOSE, review_on=date(2026, 1, 1)),
    )


def test_a_demotion_takes_effect_at_once_after_days_or_after_months():
    on = date(2025, 8, 31)
    assert Demotion().takes_effect(on) == on
    assert Demotion(days=30).takes_effect(on) == date(2025, 9, 30)
    assert Demotion(months=6).takes_effect(on) == date(2026, 2, 28)
    assert Demotion(months=12).takes_effect(date(2024, 2, 29)) == date(2025, 2, 28)

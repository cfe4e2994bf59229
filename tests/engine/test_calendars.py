"""Local weekends as spans of instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from assay.engine.calendars import calendar_rows, day_spans

HOUR = 3_600_000_000
WEEKEND = (6, 7)


def moment(text: str) -> int:
    """Microseconds since 1970 of an ISO 8601 moment."""
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def hours(zone: str, opened: str, answered: str) -> float:
    """Elapsed hours less the zone's weekends."""
    start, end = moment(opened), moment(answered)
    spans = day_spans(WEEKEND, zone, starts_at=start, ends_at=end)
    weekend = sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
    return (end - start - weekend) / HOUR


@pytest.mark.parametrize(
    ("zone", "opened", "answered", "counted"),
    [
        ("Europe/Berlin", "2025-06-27T18:00+02:00", "2025-06-30T10:00+02:00", 16),
        ("Europe/Berlin", "2025-06-28T10:00+02:00", "2025-06-30T10:00+02:00", 10),
        ("Europe/Berlin", "2025-06-28T10:00+02:00", "2025-06-29T10:00+02:00", 0),
        ("Asia/Jerusalem", "2026-03-27T00:00+02:00", "2026-03-28T00:00+03:00", 23),
        ("Africa/Cairo", "2026-10-29T00:00+03:00", "2026-10-30T00:00+02:00", 25),
        ("Pacific/Apia", "2011-12-29T00:00-10:00", "2011-12-31T00:00+14:00", 24),
        ("UTC", "2025-06-27T00:00Z", "2025-07-04T00:00Z", 120),
    ],
)
def test_hours_between_two_moments(zone: str, opened: str, answered: str, counted: float) -> None:
    assert hours(zone, opened, answered) == counted


def test_a_weekend_runs_from_local_saturday_to_local_monday() -> None:
    start, end = moment("2025-06-26T00:00Z"), moment("2025-07-01T00:00Z")
    spans = list(day_spans(WEEKEND, "Europe/Berlin", starts_at=start, ends_at=end))
    assert spans[0] == (moment("2025-06-27T22:00Z"), moment("2025-06-29T22:00Z"))


def test_without_time_or_days_there_are_no_spans() -> None:
    assert list(day_spans(WEEKEND, "UTC", starts_at=5, ends_at=5)) == []
    assert list(day_spans((), "UTC", starts_at=0, ends_at=HOUR)) == []


def test_no_zone_gives_a_table_without_rows() -> None:
    assert calendar_rows(WEEKEND, [], starts_at=0, ends_at=HOUR).num_rows == 0


def test_every_zone_agrees_with_its_clock_read_every_quarter_of_an_hour() -> None:
    """Two weekends around a change of clocks, in every zone, against the clock itself."""
    start = datetime(2026, 3, 25, tzinfo=UTC)
    steps = [start + timedelta(minutes=15) * n for n in range(8 * 96)]
    low, high = int(steps[0].timestamp()) * 10**6, int(steps[-1].timestamp()) * 10**6
    for zone in sorted(available_timezones()):
        clock = ZoneInfo(zone)
        spans = list(day_spans(WEEKEND, zone, starts_at=low, ends_at=high))
        shown = [step.astimezone(clock).isoweekday() in WEEKEND for step in steps]
        inside = [any(a <= int(step.timestamp()) * 10**6 < b for a, b in spans) for step in steps]
        assert inside == shown, zone

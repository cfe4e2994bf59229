"""The response clock against a clock that is read minute by minute, and by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import resources
from random import Random
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.core.clock import (
    HOUR,
    WEEKEND,
    day_spans,
    due_at,
    hours_text,
    microseconds,
    stands_still,
    told_moment,
    weekday_time,
    zones,
)
from assay.core.issues import Refused
from assay.documents.programs import load_program
from assay.engine.calendars import calendar_rows
from tests.few_partners import PROGRAM

MINUTE = timedelta(minutes=1)
ZONES = sorted(zones())
DAYS = 40  # of a stretch of time that intervals lie in
A_STRETCH = 9  # intervals
STRETCHES = 2  # of a zone


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "opened", "answered", "counted"),
    [
        ("Europe/Berlin", "2025-06-27T18:00+02:00", "2025-06-30T10:00+02:00", "16"),
        ("Europe/Berlin", "2025-06-28T10:00+02:00", "2025-06-30T10:00+02:00", "10"),
        ("Europe/Berlin", "2025-06-28T10:00+02:00", "2025-06-29T10:00+02:00", "0"),
        ("Asia/Jerusalem", "2026-03-27T00:00+02:00", "2026-03-28T00:00+03:00", "23"),
        ("Africa/Cairo", "2026-10-29T00:00+03:00", "2026-10-30T00:00+02:00", "25"),
        ("Pacific/Apia", "2011-12-29T00:00-10:00", "2011-12-31T00:00+14:00", "24"),
        ("UTC", "2025-06-27T00:00Z", "2025-07-04T00:00Z", "120"),
        ("UTC", "2025-06-26T00:00Z", "2025-06-26T15:30Z", "15.5"),
    ],
)
def test_hours_between_two_moments(zone, opened, answered, counted):
    assert hours_text(weekday_time(at(opened), at(answered), zone)) == counted


def test_a_weekend_runs_from_local_saturday_to_local_monday():
    start, end = microseconds(at("2025-06-26T00:00Z")), microseconds(at("2025-07-01T00:00Z"))
    spans = list(day_spans(WEEKEND, "Europe/Berlin", starts_at=start, ends_at=end))
    weekend = (at("2025-06-27T22:00Z"), at("2025-06-29T22:00Z"))
    assert spans[0] == tuple(map(microseconds, weekend))


def test_without_time_or_days_there_are_no_spans():
    assert list(day_spans(WEEKEND, "UTC", starts_at=5, ends_at=5)) == []
    assert list(day_spans((), "UTC", starts_at=0, ends_at=HOUR)) == []


def test_an_end_before_the_beginning_is_an_error():
    with pytest.raises(ValueError, match="is before"):
        weekday_time(at("2025-06-27T00:00Z"), at("2025-06-26T00:00Z"), "UTC")


def intervals(zone):
    """Yield intervals in a zone with the minutes that count, read off its clock."""
    chance = Random(zone)  # noqa: S311 - the same intervals in every run
    for _ in range(STRETCHES):
        start = datetime(1973, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(64 * 365 * 24))
        passed = minutes_counted(zone, start)
        for _ in range(A_STRETCH):
            first, last = sorted(chance.sample(range(DAYS * 24 * 60), 2))
            yield start + first * MINUTE, start + last * MINUTE, int(passed[last] - passed[first])


def minutes_counted(zone, start):
    """Return how many minutes count from `start` to each minute of a stretch, minute by minute.

    The clock is read each hour, and each minute of an hour in which it is changed.
    """
    clock = ZoneInfo(zone)
    hourly = [start + timedelta(hours=n) for n in range(DAYS * 24 + 1)]
    offsets = [moment.astimezone(clock).utcoffset() for moment in hourly]
    shown = np.repeat([offset // timedelta(seconds=1) for offset in offsets[:-1]], 60)
    for n in range(DAYS * 24):
        if offsets[n] != offsets[n + 1]:
            each = ((hourly[n] + m * MINUTE).astimezone(clock).utcoffset() for m in range(60))
            shown[n * 60 : n * 60 + 60] = [offset // timedelta(seconds=1) for offset in each]
    local = int(start.timestamp()) + 60 * np.arange(DAYS * 24 * 60) + shown
    is_weekday = (local // 86_400 + 3) % 7 < 5  # 1 January 1970 was a Thursday
    return np.concatenate(([0], np.cumsum(is_weekday)))


def test_in_every_zone_10_000_intervals_are_as_counted_minute_by_minute():
    wrong, count = [], 0
    for zone in ZONES:
        for opened, ended, minutes in intervals(zone):
            count += 1
            if weekday_time(opened, ended, zone) != minutes * 60_000_000:
                wrong.append((zone, opened, ended))
    assert wrong == []
    assert count >= 10_000
    data = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    assert set(data.split()) <= set(ZONES)


SOME = ("Europe/Berlin", "Asia/Jerusalem", "Africa/Cairo", "Pacific/Apia", "America/Santiago",
        "Australia/Lord_Howe", "Asia/Kathmandu", "America/Nuuk", "UTC")  # fmt: skip
MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis puts the zone
    datetime(2037, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
STEPS = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30))


@settings(max_examples=150, deadline=None)
@given(zone=st.sampled_from(SOME), start=MOMENTS, one=STEPS, other=STEPS)
def test_time_adds_up_and_never_runs_backwards(zone, start, one, other):
    middle, end = start + one, start + one + other
    first, second = weekday_time(start, middle, zone), weekday_time(middle, end, zone)
    assert weekday_time(start, end, zone) == first + second
    assert 0 <= second <= other // timedelta(microseconds=1)


@settings(max_examples=150, deadline=None)
@given(zone=st.sampled_from(SOME), opened=MOMENTS, hours=st.sampled_from((0, 12, 18, 24, 48, 240)))
def test_due_is_the_first_moment_at_which_the_time_has_passed(zone, opened, hours):
    due = due_at(opened, hours * HOUR, zone)
    assert weekday_time(opened, due, zone) == hours * HOUR
    if hours:
        before = due - timedelta(microseconds=1)
        assert weekday_time(opened, before, zone) == hours * HOUR - 1


@pytest.mark.parametrize(
    ("opened", "hours", "due"),
    [
        ("2025-06-27T18:00+02:00", 16, "2025-06-30T10:00+02:00"),
        ("2025-06-27T18:00+02:00", 6, "2025-06-28T00:00+02:00"),
        ("2025-06-28T10:00+02:00", 24, "2025-07-01T00:00+02:00"),
        ("2025-06-24T09:00+02:00", 48, "2025-06-26T09:00+02:00"),
    ],
)
def test_due_at_in_berlin(opened, hours, due):
    assert due_at(at(opened), hours * HOUR, "Europe/Berlin") == at(due)


def test_the_clock_stands_still_from_local_saturday_to_local_monday():
    moments = ("2025-06-27T21:59Z", "2025-06-27T22:00Z", "2025-06-29T21:59Z", "2025-06-29T22:00Z")
    still = [stands_still(at(moment), "Europe/Berlin") for moment in moments]
    assert still == [False, True, True, False]


def test_a_sample_is_as_the_select_of_the_vocabulary_counts_it():
    vocabulary = load_program(PROGRAM).vocabulary
    chosen = [(zone, *one[:2]) for zone in ZONES[::30] for one in intervals(zone)]
    end = microseconds(datetime(2040, 1, 1, tzinfo=UTC))
    zones = {zone for zone, _, _ in chosen}
    weekends = calendar_rows(WEEKEND, zones, starts_at=0, ends_at=end)  # noqa: F841 - in the SELECT
    asked = duckdb.connect()
    asked.execute("CREATE TABLE partners (partner_id VARCHAR, time_zone VARCHAR)")
    asked.execute("CREATE TABLE escalations (escalation_id VARCHAR, partner_id VARCHAR,"
                  " opened_at BIGINT, responded_at BIGINT)")  # fmt: skip
    asked.executemany("INSERT INTO partners VALUES (?, ?)", [(zone, zone) for zone in zones])
    rows = [
        (str(n), zone, microseconds(a), microseconds(b)) for n, (zone, a, b) in enumerate(chosen)
    ]
    asked.executemany("INSERT INTO escalations VALUES (?, ?, ?, ?)", rows)
    sql = vocabulary.relations["answered_escalations"].sql.replace("cut_off_at", str(end))
    told = asked.sql(f"SELECT escalation_id, response_time FROM ({sql})").fetchall()
    counted = {str(n): weekday_time(a, b, zone) for n, (zone, a, b) in enumerate(chosen)}
    assert {key: int(time) for key, time in told} == counted
    assert len(counted) >= 300


@pytest.mark.parametrize(
    ("counted", "text"),
    [
        (0, "0"),
        (HOUR // 2, "0.5"),
        (100 * HOUR, "100"),
        (9, "0.0000000025"),
        (1, "0.0000000003"),  # a third of 10 ** -9 and less: rounded
        (HOUR // 3, "0.3333333333"),
        (HOUR + 60_000_000, "1.0166666667"),
    ],
)
def test_hours_in_words(counted, text):
    assert hours_text(counted) == text


def test_a_moment_without_an_offset_is_local():
    told = told_moment("2026-03-27T09:00", "Asia/Jerusalem", named="OPENED")
    assert told == at("2026-03-27T09:00+03:00")  # clocks were changed at two


@pytest.mark.parametrize(
    ("text", "zone", "words"),
    [
        ("2011-12-30T10:00", "Pacific/Apia", "is skipped in Pacific/Apia"),
        ("2026-03-29T02:30", "Europe/Berlin", "is skipped in Europe/Berlin"),
        ("2026-10-25T02:30", "Europe/Berlin", "is shown twice in Europe/Berlin"),
        ("2026-10-25", "UTC", "no moment that is understood"),
        ("2026-10-25T10:00:00.1234567Z", "UTC", "no moment that is understood"),
        ("0001-01-01T10:00Z", "UTC", "no moment that is understood"),
        ("soon", "UTC", "no moment that is understood"),
        ("2026-10-25T10:00Z", "Mars/Olympus", "no time zone of this name"),
        ("2026-10-25T10:00Z", "../etc/passwd", "no time zone of this name"),
    ],
)
def test_what_is_no_moment_is_refused(text, zone, words):
    with pytest.raises(Refused, match=words) as refused:
        told_moment(text, zone, named="OPENED")
    assert refused.value.issues[0].hint

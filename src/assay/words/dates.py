"""Days, moments and windows in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from assay.core.program import Program

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_words(day: date) -> str:
    """Say a day: `1 July 2025`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_of(stored: int, zone: str = "UTC") -> datetime:
    """Return a stored instant (microseconds since 1970) in a time zone."""
    return (_EPOCH + timedelta(microseconds=stored)).astimezone(ZoneInfo(zone))


def moment_words(stored: int, zone: str) -> str:
    """Say a stored instant to the second: `1 July 2025, 14:05:00 UTC`."""
    moment = moment_of(stored, zone)
    return f"{day_words(moment)}, {moment:%H:%M:%S} {moment.tzname()}"


def last_day(cut_off: date) -> date:
    """Return the last day that counts."""
    return cut_off - timedelta(days=1)


def days_words(first: date | None, cut_off: date) -> str:
    """Say the days of a window: `1 July 2024 to 30 June 2025`, `up to 30 June 2025`."""
    last = day_words(last_day(cut_off))
    return f"up to {last}" if first is None else f"{day_words(first)} to {last}"


def window_words(name: str, first: date | None, cut_off: date, program: Program) -> str:
    """Say a window: its days, its clause and how the program calls it."""
    window = program.windows[name]
    return f"{days_words(first, cut_off)} ({window.clause}: {window.title})"

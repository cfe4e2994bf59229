"""The response clock: time between two moments less whole local Saturdays and Sundays.

A moment belongs to a local day when the zone's clock shows that day, also where midnight is
skipped or comes twice; so a day that clocks are put forward on is shorter, and one that a zone
skips does not exist. Everything is whole microseconds. Spans are in microseconds since
1970-01-01T00:00:00Z, end exclusive. The engine's calendars are made of the same spans.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from assay.core.issues import Issue, Refused

WEEKEND = (6, 7)  # ISO weekdays on which the clock stands still
HOUR = 3_600_000_000  # microseconds
_PLACES = Decimal("1e-10")  # a microsecond has at most ten, where it is a finite part of an hour
_TIMED = re.compile(r"[^.,]+T[^.,]+([.,]\d{1,6}(?!\d)[^.,]*)?")  # with a time, to the microsecond
_YEARS = range(1900, 2200)  # in which time zones are told
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_MARGIN = timedelta(hours=36)  # no clock is further than this from UTC, with room for a change


def weekday_time(opened: datetime, ended: datetime, zone: str) -> int:
    """Return the microseconds from `opened` to `ended` that the clock of `zone` counts.

    Both moments are aware; ValueError where the second is before the first.
    """
    start, end = microseconds(opened), microseconds(ended)
    if end < start:
        message = f"{ended} is before {opened}"
        raise ValueError(message)
    spans = day_spans(WEEKEND, zone, starts_at=start, ends_at=end)
    off = sum(max(0, min(end, until) - max(start, since)) for since, until in spans)
    return end - start - off


def due_at(opened: datetime, allowed: int, zone: str) -> datetime:
    """Return the first moment at which the clock, started at `opened`, has counted `allowed`.

    `allowed` is in microseconds and not negative. The moment is in UTC.
    """
    at = start = microseconds(opened)
    left = allowed
    # Of seven days in a row more than four count, whatever is done to clocks.
    for since, until in day_spans(
        WEEKEND, zone, starts_at=start, ends_at=start + 2 * allowed + 14 * 24 * HOUR
    ):
        if until <= start:
            continue
        counted = max(0, since - at)
        if left <= counted:
            break
        left, at = left - counted, until
    return moment_of(at + left)


def stands_still(at: datetime, zone: str) -> bool:
    """Tell whether it is weekend in `zone`, so that the clock stands still."""
    return weekday_time(at, at + _MICROSECOND, zone) == 0


def hours_text(counted: int) -> str:
    """Write microseconds as hours: `15.5`, without exponent or trailing zeros.

    Exact wherever the hours are a finite decimal; else rounded half to even at ten places.
    """
    with localcontext() as exact:
        exact.prec = 60
        hours = (Decimal(counted) / HOUR).quantize(_PLACES, rounding=ROUND_HALF_EVEN)
    return f"{hours:f}".rstrip("0").rstrip(".")


def told_moment(text: str, zone: str, *, named: str) -> datetime:
    """Read an ISO 8601 moment; without an offset it is a local time of `zone`.

    Raises Refused for an unknown zone, for what is no moment, and for a local time that `zone`
    skips or shows twice; `named` says in the refusal which moment it is.
    """
    clock = known_zone(zone)
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        told = None
    if told is None or not _TIMED.fullmatch(text) or told.year not in _YEARS:
        raise _refused(
            named,
            text,
            "no moment that is understood",
            "write ISO 8601 with a time, from 1900 to 2199, such as 2026-03-27T09:00+02:00",
        )
    return told if told.tzinfo is not None else _local(told, clock, named=named)


def known_zone(zone: str) -> ZoneInfo:
    """Return the clock of an IANA time zone; raises Refused where there is none of the name."""
    if zone not in zones():
        raise _refused("zone", zone, "no time zone of this name", "such as Europe/Berlin or UTC")
    return ZoneInfo(zone)


def _local(told: datetime, clock: ZoneInfo, *, named: str) -> datetime:
    first, second = told.replace(tzinfo=clock, fold=0), told.replace(tzinfo=clock, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    was_shown = first.astimezone(UTC).astimezone(clock).replace(tzinfo=None) == told
    words = "is shown twice" if was_shown else "is skipped"
    raise _refused(
        named,
        told.isoformat(),
        f"this local time {words} in {clock.key}, where clocks are changed",
        "write the offset, such as +02:00, or Z",
    )


def _refused(named: str, value: str, message: str, hint: str) -> Refused:
    return Refused(Issue(file=named, value=value, message=message, hint=hint))


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Name the time zones of the time-zone data; looking for them reads hundreds of files.

    `localtime`, which some machines have beside them, is a zone of the machine and not of the data.
    """
    return frozenset(available_timezones()) - {"localtime"}


def day_spans(
    days: Collection[int], zone: str, *, starts_at: int, ends_at: int
) -> Iterator[tuple[int, int]]:
    """Yield the spans of the ISO weekdays `days` in `zone`, in order, neighbours joined."""
    if starts_at >= ends_at or not days:
        return
    clock = ZoneInfo(zone)
    first = (_EPOCH + timedelta(microseconds=starts_at) - 2 * _DAY).date()
    last = (_EPOCH + timedelta(microseconds=ends_at) + 2 * _DAY).date()
    held: tuple[int, int] | None = None
    for start, end in _runs(frozenset(days), first, last):
        for span in _spans(clock, start, end):
            if held is not None and span[0] <= held[1]:
                held = (held[0], max(held[1], span[1]))
                continue
            if held is not None:
                yield held
            held = span
    if held is not None:
        yield held


@lru_cache(maxsize=1_000)
def _runs(days: Collection[int], first: date, last: date) -> tuple[tuple[date, date], ...]:
    """Return runs of consecutive wanted days as (first day, day after the last)."""
    return tuple(_runs_between(days, first, last))


def _runs_between(days: Collection[int], first: date, last: date) -> Iterator[tuple[date, date]]:
    day, start = first, None
    while day <= last:
        wanted = day.isoweekday() in days
        if wanted and start is None:
            start = day
        if not wanted and start is not None:
            yield start, day
            start = None
        day += _DAY
    if start is not None:
        yield start, day


@lru_cache(maxsize=20_000)
def _spans(clock: ZoneInfo, start: date, end: date) -> tuple[tuple[int, int], ...]:
    """Return when `clock` shows a day from `start` to before `end`."""
    return tuple(_spans_between(clock, start, end))


def _spans_between(clock: ZoneInfo, start: date, end: date) -> Iterator[tuple[int, int]]:
    low = datetime.combine(start, time(), UTC) - _MARGIN
    high = datetime.combine(end, time(), UTC) + _MARGIN
    for since, until, offset in _segments(clock, low, high):
        begins = max(since, datetime.combine(start, time(), UTC) - offset)
        finishes = min(until, datetime.combine(end, time(), UTC) - offset)
        if begins < finishes:
            yield microseconds(begins), microseconds(finishes)


def _segments(
    clock: ZoneInfo, low: datetime, high: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Split the time from `low` to `high` where the offset from UTC changes."""
    since, offset = low, _offset(clock, low)
    step = low
    while step < high:
        following = min(step + _DAY, high)
        if _offset(clock, following) != _offset(clock, step):
            change = _change(clock, step, following)
            yield since, change, offset
            since, offset = change, _offset(clock, change)
        step = following
    yield since, high, offset


def _change(clock: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find the first moment after `low` with another offset, to the second."""
    before = _offset(clock, low)
    second = timedelta(seconds=1)
    while high - low > second:
        middle = low + ((high - low) // 2 // second) * second
        if _offset(clock, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(clock: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(clock).utcoffset()
    return timedelta() if offset is None else offset


def microseconds(moment: datetime) -> int:
    """Return an aware moment as whole microseconds since 1970-01-01T00:00:00Z."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(since_1970: int) -> datetime:
    """Return the moment, in UTC, of whole microseconds since 1970-01-01T00:00:00Z."""
    return _EPOCH + timedelta(microseconds=since_1970)

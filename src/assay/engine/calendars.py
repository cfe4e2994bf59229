"""Local days as spans of instants, for response clocks: whole days, daylight saving honoured.

A moment belongs to a local day when the zone's clock shows that day, also where midnight is
skipped or comes twice. Spans are in microseconds since 1970-01-01T00:00:00Z, end exclusive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_MARGIN = timedelta(hours=36)  # no clock is further than this from UTC, with room for a change

SCHEMA = pa.schema([("time_zone", pa.string()), ("starts_at", pa.int64()), ("ends_at", pa.int64())])


def calendar_rows(
    days: Collection[int], zones: Collection[str], *, starts_at: int, ends_at: int
) -> pa.Table:
    """Return the spans of the ISO weekdays `days` in each zone that touch the given time."""
    rows = [
        (zone, *span)
        for zone in sorted(zones)
        for span in day_spans(days, zone, starts_at=starts_at, ends_at=ends_at)
    ]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)],
        schema=SCHEMA,
    )


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
    for start, end in _runs(days, first, last):
        for span in _spans(clock, start, end):
            if held is not None and span[0] <= held[1]:
                held = (held[0], max(held[1], span[1]))
                continue
            if held is not None:
                yield held
            held = span
    if held is not None:
        yield held


def _runs(days: Collection[int], first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield runs of consecutive wanted days as (first day, day after the last)."""
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


def _spans(clock: ZoneInfo, start: date, end: date) -> Iterator[tuple[int, int]]:
    """Yield when `clock` shows a day from `start` to before `end`."""
    low = datetime.combine(start, time(), UTC) - _MARGIN
    high = datetime.combine(end, time(), UTC) + _MARGIN
    for since, until, offset in _segments(clock, low, high):
        begins = max(since, datetime.combine(start, time(), UTC) - offset)
        finishes = min(until, datetime.combine(end, time(), UTC) - offset)
        if begins < finishes:
            yield _microseconds(begins), _microseconds(finishes)


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


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)

"""Local days as a table of spans of instants, for the response clock of SELECTs.

The days are those of `core.clock`, which counts for people what the SELECT counts for reviews.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
from pyarrow import csv

from assay.core.clock import day_spans

SCHEMA = pa.schema([("time_zone", pa.string()), ("starts_at", pa.int64()), ("ends_at", pa.int64())])


def calendar_rows(
    days: Collection[int], zones: Collection[str], *, starts_at: int, ends_at: int
) -> pa.Table:
    """Return the spans of the ISO weekdays `days` in each zone that touch the given time."""
    rows = (
        (zone, *span)
        for zone in sorted(zones)
        for span in day_spans(days, zone, starts_at=starts_at, ends_at=ends_at)
    )
    lines = (f"{zone},{since},{until}\n" for zone, since, until in (SCHEMA.names, *rows))
    # Not pa.array(…), which looks for pandas and takes a second of a processor where it is there.
    return csv.read_csv(
        pa.py_buffer("".join(lines).encode()),
        convert_options=csv.ConvertOptions(column_types=SCHEMA),
    )

"""Sums of measures over months, or over what has one value in a column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What measures add up to, in stored units, over the rows of a month or with one value."""

    of: date | str | None
    rows: int
    sums: tuple[int, ...]

"""What a review says as a whole: counts, movers, near misses, what is missed most.

Words and pages repeat these values; they compute nothing. Tiers are the program's names, `none`
is below them all; amounts are in stored units (money in minor units, hours in microseconds).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assay.core.explanations import Finding, Measured


class Direction(StrEnum):
    """Which way a subject moved since the earlier decisions."""

    UP = "up"
    DOWN = "down"
    ENTERED = "entered"  # holds a tier, and was not reviewed then
    LEFT = "left"  # held a tier, and is not reviewed now


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A subject whose tier is another than before; None: not in that review."""

    subject: str
    name: str | None
    before: str | None
    after: str | None
    direction: Direction


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """A subject that missed the next tier above the one it holds, by a known distance.

    The next tier is the lowest of those placed by requirements that is above `held`, whatever
    the subject would need for a higher one. `findings` are its requirements that are not met; a
    subject with an unknown one has no known distance and is no near miss. `relative` is the sum
    of what is missing for each, as a part of what is asked (`core.nearness`). It ranks, and
    decides nothing.
    """

    subject: str
    name: str | None
    held: str
    missed: str
    findings: tuple[Finding, ...]
    measured: Mapping[str, Measured]
    relative: float


@dataclass(frozen=True, kw_only=True)
class Missed:
    """How many subjects do not meet a requirement of a tier.

    `alone` counts those who meet every other requirement of the tier.
    """

    tier: str
    requirement: str
    not_met: int
    unknown: int
    alone: int


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Subjects by the tier they hold whose value is at least `low` and below `high`.

    None is no bound.
    """

    low: int | None
    high: int | None
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A value that a tier asks at least, perhaps as one of several alternatives."""

    tier: str
    bound: int


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """One measure over all subjects; `left_open` counts those whose value is not known.

    The bins follow each other without gaps.
    """

    measure: str
    bins: tuple[Bin, ...]
    thresholds: tuple[Threshold, ...]
    left_open: int


@dataclass(frozen=True, kw_only=True)
class TableRows:
    """How many rows of a fact table were read, rejected, and read again with the same content."""

    table: str
    read: int
    rejected: int
    repeated: int


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Rows of one table whose `column` names nothing that is known; `values` are the first."""

    table: str
    column: str
    rows: int
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewSummary:
    """A review of every subject on day `on`.

    `windows` maps each window to its first day (None: no first day); each ends before `cut_off`.
    `counts` maps `none` and every tier, lowest first, to how many hold it; `counts_before` is the
    same of the earlier decisions, None where there are none. `movers` stand by direction, the
    highest tier first, then by subject. `near_misses` are the nearest of `near_miss_count`,
    nearest first. `distribution` is of the first money measure that a requirement sets a bound
    to, None where there is none. `notes` are sentences to repeat.
    """

    program: str
    program_digest: str
    facts_digest: str
    on: date
    cut_off: date
    windows: Mapping[str, date | None]
    counts: Mapping[str, int]
    counts_before: Mapping[str, int] | None
    movers: tuple[Mover, ...]
    near_misses: tuple[NearMiss, ...]
    near_miss_count: int
    missed: tuple[Missed, ...]
    distribution: Distribution | None
    tables: tuple[TableRows, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]

"""Why a subject holds its tier: findings with measured values, distances and the rows behind.

Words, pages, mails and the API repeat these values; they compute nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assay.core.facts import Type
from assay.core.program import Comparison


class Outcome(StrEnum):
    """What a requirement's test says."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, truth: bool | None) -> Outcome:  # noqa: FBT001 - SQL's three truths
        """Translate SQL's TRUE, FALSE and NULL."""
        return cls.UNKNOWN if truth is None else cls.MET if truth else cls.NOT_MET


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A measure's value for one subject, in stored units (cents, microseconds, counts).

    `low` and `high` differ where a missing fact leaves the value open; None is no bound. With
    `none` no row counted (of a greatest or least value).
    """

    measure: str
    type: Type
    low: int | None
    high: int | None
    none: bool = False

    @property
    def exact(self) -> bool:
        """Whether no missing fact leaves the value open."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far a comparison is from its bound, in stored units of `type`.

    For a measure: what is missing (positive) or to spare (zero or negative); a bound that is not
    included adds the smallest step. For a share, `type` is money: the further part alone (the
    whole growing with it) that would reach the bound, or that could be lost.
    `measure` is what would have to change.
    """

    measure: str
    type: Type
    missing: int


@dataclass(frozen=True, kw_only=True)
class JudgedComparison:
    """One comparison of a condition with its outcome; `distance` is None where it is unknown."""

    comparison: Comparison
    outcome: Outcome
    distance: Distance | None


@dataclass(frozen=True, kw_only=True)
class JudgedGroup:
    """Parts that must all hold (`all`), one of which must (`any`), or one that must not (`not`)."""

    kind: str
    outcome: Outcome
    parts: tuple[Judged, ...]


Judged = JudgedComparison | JudgedGroup


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One requirement of one tier, judged for one subject. `text` is the condition as written."""

    tier: str
    requirement: str
    clause: str
    outcome: Outcome
    text: str
    judged: Judged
    measures: tuple[str, ...]


class Standing(StrEnum):
    """What became of a row in a measure."""

    COUNTED = "counted"
    MAY_COUNT = "may_count"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """One row looked at for a measure: its cells in stored types, and what became of it.

    `near_edge`: dated within a week of one of the window's edges. `reason` says why the row is
    left out or may count; None for a row that counts.
    """

    cells: Mapping[str, object]
    dated: date | None
    standing: Standing
    near_edge: bool
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The rows behind one measure: how many there are of each standing, and the rows asked for."""

    measure: str
    source: str
    columns: Mapping[str, Type]
    counts: Mapping[Standing, int]
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything a decision on one subject rests on.

    `windows` maps a window to its first day (None: no first day); each ends before `cut_off`.
    `findings` stand in the program's order: tier by tier from the lowest, row by row. `evidence`
    is that of every measure, or only of those that a missing fact leaves open.
    """

    program: str
    program_digest: str
    facts_digest: str
    subject: str
    name: str | None
    on: date
    cut_off: date
    windows: Mapping[str, date | None]
    tier: str
    measured: Mapping[str, Measured]
    findings: tuple[Finding, ...]
    evidence: Mapping[str, Evidence]

"""What a program allows on some facts: findings about its tiers, with facts that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class PolicyKind(StrEnum):
    """What can be found about a program without any facts."""

    ASKS_NOTHING = "asks nothing"  # no requirement asks anything of the tier
    UNREACHABLE = "unreachable"  # no facts meet the tier's requirements together
    NEVER_MET = "never met"  # no facts meet one requirement
    CONTRADICTION = "contradiction"  # no facts meet two requirements of a tier together
    SHADOWED = "shadowed"  # whoever meets the tier meets a higher one too
    EASIER = "easier"  # some facts meet a requirement for a higher tier and not for a lower
    UNDECIDED = "undecided"  # the search gave up; nothing is claimed


@dataclass(frozen=True, kw_only=True)
class WitnessRows:
    """Rows of one table or relation that are alike.

    `values` are the columns that matter, the same in all `count` rows, in stored types (a date
    as such), None for a missing fact. `totals` are sums over the rows in stored units. `distinct`
    holds numbers that stand for different values of a column, at most one for each row; the same
    number in other rows of the table is the same value.
    """

    source: str
    count: int
    values: Mapping[str, str | int | bool | None]
    totals: Mapping[str, int]
    distinct: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Facts of one subject that show a finding, and what the measures give, in people's units."""

    rows: tuple[WitnessRows, ...]
    measures: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class PolicyFinding:
    """One thing found about `tier`.

    `requirements` are the keys of the rows that it rests on. `other` is the tier it is compared
    with: the lower one of EASIER, the higher one of SHADOWED. `overall` tells of EASIER whether
    some facts meet all of `tier` and still not this requirement of `other` (None: undecided).
    """

    kind: PolicyKind
    tier: str
    requirements: tuple[str, ...] = ()
    other: str | None = None
    witness: Witness | None = None
    overall: bool | None = None

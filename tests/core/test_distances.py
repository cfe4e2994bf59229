"""Distances from bounds, in the unit of the rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assay.core.distances import distance_to, distance_to_share
from assay.core.explanations import Measured
from assay.core.facts import Type
from assay.core.program import Operator


def money(name: str, cents: int) -> Measured:
    """An exact amount."""
    return Measured(measure=name, type=Type.MONEY, low=cents, high=cents)


@pytest.mark.parametrize(
    ("found", "operator", "bound", "missing"),
    [
        (49_999_999, Operator.GE, 50_000_000, 1),
        (50_000_000, Operator.GE, 50_000_000, 0),
        (50_000_001, Operator.GE, 50_000_000, -1),
        (100, Operator.GT, 100, 1),
        (101, Operator.GT, 100, 0),
        (100, Operator.LT, 100, 1),
        (99, Operator.LT, 100, 0),
        (101, Operator.LE, 100, 1),
        (3, Operator.EQ, 0, 3),
        (0, Operator.EQ, 0, 0),
        (7, Operator.NE, 7, 1),
        (6, Operator.NE, 7, 0),
    ],
)
def test_distance_to_a_bound(found: int, operator: Operator, bound: int, missing: int) -> None:
    distance = distance_to(money("sales", found), operator, bound)
    assert distance is not None
    assert distance.missing == missing


def test_an_open_value_has_no_distance() -> None:
    value = Measured(measure="installs", type=Type.INTEGER, low=0, high=None)
    assert distance_to(value, Operator.GE, 5) is None


@pytest.mark.parametrize(
    ("part", "whole", "share", "missing"),
    [
        (15_00, 100_00, "0.15", 0),
        (14_99, 100_00, "0.15", 2),  # (1499 + 2) / (10000 + 2) >= 0.15; one more cent is not enough
        (0, 75_00, "0.25", 25_00),
        (50_00, 100_00, "0.25", -33_33),  # (5000 - 3333) / (10000 - 3333) = 0.25003
        (0, 0, "0.15", 1),  # without sales there is no share: any sale will do
    ],
)
def test_distance_to_a_share_grows_the_whole_too(
    part: int, whole: int, share: str, missing: int
) -> None:
    distance = distance_to_share(money("part", part), money("whole", whole), Decimal(share))
    assert distance is not None
    assert distance.missing == missing


def test_a_share_of_everything_has_no_distance() -> None:
    assert distance_to_share(money("part", 1), money("whole", 2), Decimal(1)) is None

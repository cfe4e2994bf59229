"""How far a measured value is from a bound, in the unit of the rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from assay.core.explanations import Distance, Measured
from assay.core.program import Operator

# Whether a larger value helps, and whether the bound itself is enough.
_RISING = {Operator.GE: True, Operator.GT: False}
_FALLING = {Operator.LE: True, Operator.LT: False}


def distance_to(value: Measured, operator: Operator, bound: int) -> Distance | None:
    """Return the distance of an exact value to a bound in stored units; None where it is open."""
    if not value.exact or value.low is None:
        return None
    found = value.low
    if operator in _RISING:
        missing = bound - found + (0 if _RISING[operator] else 1)
    elif operator in _FALLING:
        missing = found - bound + (0 if _FALLING[operator] else 1)
    elif operator is Operator.EQ:
        missing = abs(found - bound)
    else:
        missing = 1 if found == bound else 0
    return Distance(measure=value.measure, type=value.type, missing=missing)


def distance_to_share(part: Measured, whole: Measured, share: Decimal) -> Distance | None:
    """Return how much more of the part alone would bring it to `share` of the whole.

    More of the part is more of the whole too: (part + x) / (whole + x) >= share holds from
    x = (share * whole - part) / (1 - share), rounded up to a whole stored unit. Negative: how
    much of the part could be lost. None where a value is open or the share asked is all.
    """
    if part.low is None or whole.low is None or not (part.exact and whole.exact) or share >= 1:
        return None
    asked = Fraction(share)
    exact = (asked * whole.low - part.low) / (1 - asked)
    missing = ceil(exact) if exact > 0 else -floor(-exact)
    if exact <= 0 and whole.low <= 0:
        missing = max(missing, 1 - whole.low)
    return Distance(measure=part.measure, type=part.type, missing=missing)

"""What a partner is compared by with others who sell in the same category, and when it may be.

Quartiles are of type 7 of Hyndman and Fan (1996), the inclusive ones of spreadsheets, in exact
fractions: of n values in order the quartile q stands at place (n - 1) q, counted from 0, and
between two values on the straight line between them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction

BENEFIT = "custom_analytics"  # of program files
LEAST_OTHERS = 5  # partners beside the one that is shown; with fewer, one could tell who is who
_SHOWN = Context(prec=2, rounding=ROUND_HALF_UP)


class Kind(StrEnum):
    """What a figure counts."""

    MONEY = "money"  # units of the program's currency
    COUNT = "count"
    SHARE = "share"  # 1 is all
    HOURS = "hours"


class Period(StrEnum):
    """The twelve whole months before a day, and the twelve before those."""

    NEWEST = "newest"
    BEFORE = "before"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What is compared: `of_partner` figures are of a partner as a whole, not of a category."""

    key: str
    title: str
    kind: Kind
    meaning: str
    of_partner: bool = False


FIGURES = (
    Figure(
        key="gross_sales",
        title="Gross sales",
        kind=Kind.MONEY,
        meaning="Purchase prices of all sales, refunds taken off. Who sold nothing is left out.",
    ),
    Figure(
        key="active_installs",
        title="Active installs",
        kind=Kind.COUNT,
        meaning="The newest count of each app on each hosting, of those counted in these months.",
    ),
    Figure(
        key="renewals_missing",
        title="Churn of renewals (estimate)",
        kind=Kind.SHARE,
        meaning="The part of new sales and renewals of the twelve months before that no renewal of "
        "these months stands against. Reports do not name customers, so it is an estimate; it is "
        "below zero where there were more renewals than that.",
    ),
    Figure(
        key="refunded",
        title="Refunded",
        kind=Kind.SHARE,
        meaning="Refunds as a share of all sales before refunds.",
    ),
    Figure(
        key="response_median",
        title="Median response time",
        kind=Kind.HOURS,
        meaning="Of escalations opened in these months, weekends left out, as the program counts. "
        "It is of the partner as a whole: escalations are not told by app.",
        of_partner=True,
    ),
    Figure(
        key="response_slowest",
        title="Slowest response time",
        kind=Kind.HOURS,
        meaning="The longest of the same response times; without an answer it runs until the last "
        "of these months ends.",
        of_partner=True,
    ),
    Figure(
        key="bounty_submissions",
        title="Bug bounty submissions",
        kind=Kind.COUNT,
        meaning="Submissions in these months. Who had none is left out.",
    ),
    Figure(
        key="bounty_awarded",
        title="Bug bounty awards",
        kind=Kind.MONEY,
        meaning="What was awarded for these submissions, together.",
    ),
    Figure(
        key="awards_below_minimum",
        title="Awards below the minimum",
        kind=Kind.SHARE,
        meaning="Of these awards, the part below the minimum payout of the submission's day.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Quartiles:
    """Lower quartile, median and upper quartile."""

    lower: Fraction
    median: Fraction
    upper: Fraction


@dataclass(frozen=True, kw_only=True)
class Group:
    """Quartiles of a group as they are shown, and how many partners it has (never shown)."""

    partners: int
    lower: Decimal
    median: Decimal
    upper: Decimal


def quartile(values: Sequence[Fraction], quarters: int) -> Fraction:
    """Return the quartile (1, 2 or 3 `quarters`) of values in rising order, at least one."""
    place, rest = divmod((len(values) - 1) * quarters, 4)
    above = values[min(place + 1, len(values) - 1)]
    return values[place] + (above - values[place]) * Fraction(rest, 4)


def quartiles(values: Collection[Fraction]) -> Quartiles:
    """Return the quartiles of at least one value, in any order."""
    rising = sorted(values)
    return Quartiles(
        lower=quartile(rising, 1), median=quartile(rising, 2), upper=quartile(rising, 3)
    )


def group_of(values: Collection[Fraction]) -> Group | None:
    """Return the group that partners with these values are; None: too few for anybody."""
    if len(values) < LEAST_OTHERS:
        return None
    told = quartiles(values)
    return Group(
        partners=len(values),
        lower=as_shown(told.lower),
        median=as_shown(told.median),
        upper=as_shown(told.upper),
    )


def may_be_shown(group: Group | None, *, is_in_it: bool) -> bool:
    """Tell whether a partner may see a group: five others at least are in it.

    Where the partner has a figure itself, it is one of the group and does not count.
    """
    return group is not None and group.partners - is_in_it >= LEAST_OTHERS


def as_shown(value: Fraction) -> Decimal:
    """Round to two significant digits, halves away from zero: nobody's own figure is read off."""
    return _SHOWN.divide(Decimal(value.numerator), Decimal(value.denominator))


def months_before(day: date, months: int) -> date:
    """Return the first day of the month that many months before the month of a day."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)

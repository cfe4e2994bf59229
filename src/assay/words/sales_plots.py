"""Plots of sales: month by month in two parts, and what the window adds up to over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from assay.core.facts import Type
from assay.core.program import Operator, Program, comparisons
from assay.core.sums import Sums
from assay.words.conditions import stored_words
from assay.words.dates import MONTHS
from assay.words.hallmarks import metal_of
from assay.words.plots import Box, Plot, Rule, Words
from assay.words.standing import tier_title

MOST_MONTHS = 24
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BELOW = 880, 240, 72, 150, 26, 24
_TICKS = 4
_LINE = 15  # the height of a line of text


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of sales in cents: a part, and the rest of the whole."""

    first: date
    part: int
    rest: int
    rows: int = 0

    @property
    def whole(self) -> int:
        """Part and rest together."""
        return self.part + self.rest


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a tier asks of the whole, in cents."""

    tier: str
    bound: int


def months_of(sums: Iterable[Sums], *, until: date) -> tuple[Month, ...]:
    """Return every month from the first with sales to that of `until`, without gaps.

    Sums are of the whole and of the part, in this order; later months than `until` stand last.
    """
    told = {one.of: one for one in sums if isinstance(one.of, date)}
    months = sorted(told)
    if not months:
        return ()
    last = max(months[-1], until.replace(day=1))
    found, month = [], months[0]
    while month <= last:
        one = told.get(month)
        whole, part = one.sums if one else (0, 0)
        found.append(Month(first=month, part=part, rest=whole - part, rows=one.rows if one else 0))
        month = _following(month)
    return tuple(found)


def lines_of(measure: str, program: Program) -> tuple[Line, ...]:
    """Return the least that each tier asks of a measure, tiers that ask nothing left out."""
    found: dict[str, int] = {}
    for requirement in program.requirements.values():
        for tier, condition in requirement.by_tier.items():
            for one in comparisons(condition):
                rising = one.operator in (Operator.GE, Operator.GT)
                if one.measure == measure and rising and not isinstance(one.bound, str):
                    bound = int(one.bound * 100)
                    found[tier] = min(bound, found.get(tier, bound))
    return tuple(Line(tier=tier, bound=bound) for tier, bound in found.items())


def months_plot(
    months: Sequence[Month],
    names: tuple[str, str],
    program: Program,
    *,
    window: tuple[date, date],
) -> Plot:
    """Draw months as bars of two parts, named `names`; `window` is first day and cut-off."""
    shown = months[-MOST_MONTHS:]
    up = max(max(0, m.part) + max(0, m.rest) for m in shown)
    down = min(min(0, m.part) + min(0, m.rest) for m in shown)
    scale = _Scale(low=down, high=up)
    plot = Plot(height=TOP + HEIGHT + BELOW, width=WIDTH)
    across = _Across(shown[0].first, _following(shown[-1].first))
    _shade(plot, across, window)
    _grid(plot, scale, program)
    for month in shown:
        left, right = across.at(month.first) + 2, across.at(_following(month.first)) - 2
        above = below = 0
        for value, kind in ((month.part, "alone"), (month.rest, "")):
            start = above if value >= 0 else below
            top, bottom = scale.at(max(start, start + value)), scale.at(min(start, start + value))
            plot.boxes.append(Box(left, top, right - left, bottom - top, kind))
            above, below = above + max(0, value), below + min(0, value)
    _month_ticks(plot, across, shown)
    for row, (name, kind) in enumerate(zip(names, ("alone", ""), strict=True)):
        x = LEFT + 170 * row
        plot.boxes.append(Box(x, 4, 12, 12, kind))
        plot.words.append(Words(x + 18, 10, name))
    return plot


def running_plot(
    months: Sequence[Month],
    now: tuple[date, int],
    lines: Sequence[Line],
    program: Program,
    *,
    length: int,
) -> Plot:
    """Draw what `length` months add up to, at the end of each month and `now` (cut-off, cents).

    Thresholds are lines; of those out of reach only the nearest is drawn.
    """
    ends = [_following(month.first) for month in months]
    sums = [
        sum(month.whole for month in months[max(0, place - length + 1) : place + 1])
        for place in range(len(months))
    ]
    points = [(end, total) for end, total in zip(ends, sums, strict=True) if end <= now[0]]
    points = [*points[-MOST_MONTHS:], now]
    highest = max(total for _, total in points)
    drawn = _within_reach(lines, highest)
    scale = _Scale(
        low=min(0, *(total for _, total in points)), high=max([highest, *drawn.values()])
    )
    plot = Plot(height=TOP + HEIGHT + BELOW, width=WIDTH)
    across = _Across(min(points[0][0], points[-1][0] - timedelta(days=31)), points[-1][0])
    _grid(plot, scale, program)
    for tier, bound in drawn.items():
        y = scale.at(bound)
        plot.rules.append(Rule(LEFT, y, WIDTH - RIGHT, y, metal_of(tier, program)))
        amount = stored_words(bound, Type.MONEY, currency=program.currency)
        plot.words.append(Words(WIDTH - RIGHT + 8, y, f"{tier_title(tier, program)} {amount}"))
    for (day, total), (later, following) in pairwise(points):
        line = (across.at(day), scale.at(total), across.at(later), scale.at(following))
        plot.rules.append(Rule(*line, "run"))
    x, y = across.at(now[0]), scale.at(now[1])
    plot.boxes.append(Box(x - 3, y - 3, 6, 6, "alone"))
    amount = stored_words(now[1], Type.MONEY, currency=program.currency)
    beside = _clear(y, [scale.at(bound) for bound in drawn.values()])
    plot.words.append(Words(x + 8, beside, amount))
    shown = [month for month in months if across.first <= month.first < across.last]
    _month_ticks(plot, across, shown)
    return plot


def _clear(y: float, taken: Sequence[float]) -> float:
    """Return the height nearest to `y` at which a line of text meets none that is there."""
    free = [y, *(other + by for other in taken for by in (-_LINE, _LINE))]
    return min(
        (one for one in free if all(abs(one - other) > _LINE - 1 for other in taken)),
        key=lambda one: abs(one - y),
    )


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Amounts in cents to pixels from the top."""

    low: int
    high: int

    @property
    def step(self) -> int:
        """A round amount, about a quarter of what is drawn."""
        rough = max((self.high - self.low) // _TICKS, 100)
        power = int(f"1{'0' * (len(str(rough)) - 1)}")
        return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough)

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest amount drawn, whole steps."""
        return self.low // self.step * self.step, -(-max(self.high, 1) // self.step) * self.step

    def at(self, amount: int) -> float:
        low, high = self.ends
        return TOP + HEIGHT * (high - amount) / (high - low)


class _Across:
    """Days to pixels from the left."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    def at(self, day: date) -> float:
        part = (day - self.first).days / max((self.last - self.first).days, 1)
        return LEFT + (WIDTH - LEFT - RIGHT) * min(max(part, 0), 1)


def _grid(plot: Plot, scale: _Scale, program: Program) -> None:
    low, high = scale.ends
    for amount in range(low, high + 1, scale.step):
        y = scale.at(amount)
        if amount == 0:
            plot.rules.append(Rule(LEFT, y, WIDTH - RIGHT, y, "axis"))
        else:
            plot.boxes.append(Box(LEFT, y - 0.5, WIDTH - RIGHT - LEFT, 1, "grid"))
        words = _short(amount, program)
        plot.words.append(Words(LEFT - 8, y, words, "end tick-y"))


def _shade(plot: Plot, across: _Across, window: tuple[date, date]) -> None:
    left, right = across.at(window[0]), across.at(window[1])
    plot.boxes.append(Box(left, TOP, right - left, HEIGHT, "window"))


def _month_ticks(plot: Plot, across: _Across, months: Sequence[Month]) -> None:
    every = max(1, -(-len(months) // 8))
    for month in months[::every]:
        words = f"{MONTHS[month.first.month - 1][:3]} {month.first:%y}"
        middle = (across.at(month.first) + across.at(_following(month.first))) / 2
        plot.words.append(Words(middle, TOP + HEIGHT + BELOW / 2, words, "tick"))


def _short(cents: int, program: Program) -> str:
    units = cents // 100
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if abs(units) >= size:
            number = stored_words(cents // size, Type.MONEY, currency=program.currency)
            return f"{number}{letter}"
    return stored_words(cents, Type.MONEY, currency=program.currency)


def _within_reach(lines: Sequence[Line], highest: int) -> Mapping[str, int]:
    """Choose the thresholds below twice the highest amount, and the next one above."""
    rising = sorted(lines, key=lambda line: line.bound)
    near = [line for line in rising if line.bound <= 2 * max(highest, 0)]
    return {line.tier: line.bound for line in (*near, *rising[len(near) : len(near) + 1])}


def _following(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)

"""Analytics in words and as a plot: a partner's figures against the quartiles of a category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assay.core.analytics import Kind
from assay.core.facts import Type
from assay.words.conditions import SHARE, amount_words
from assay.words.plots import Box, Plot, Rule, Words

WIDTH, LEFT, RIGHT, ROW, TOP = 720, 220, 16, 72, 22
_DIGITS = {Kind.SHARE: 3, Kind.HOURS: 1, Kind.COUNT: 1, Kind.MONEY: 2}


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One figure to draw; what is None is not drawn. Quartiles are lower, median and upper."""

    title: str
    kind: Kind
    own: Fraction | None
    before: Fraction | None
    quartiles: tuple[Decimal, Decimal, Decimal] | None


def figure_number(value: Fraction | Decimal, kind: Kind) -> Decimal:
    """Return a value as it is shown: money in cents, a share in thousandths, the rest in tenths.

    What is whole is written whole, but for money.
    """
    digits = _DIGITS[kind]
    number = Decimal(round(Fraction(value) * 10**digits)).scaleb(-digits)
    whole = number.to_integral_value()
    return whole if whole == number and kind is not Kind.MONEY else number


def figure_words(value: Fraction | Decimal, kind: Kind, *, currency: str) -> str:
    """Say a value: `$41,237.50`, `12.5 %`, `5.5 h`, `1,200`."""
    number = figure_number(value, kind)
    if kind is Kind.MONEY:
        return amount_words(number, Type.MONEY, currency=currency)
    if kind is Kind.SHARE:
        return amount_words(number, SHARE, currency=currency)
    words = amount_words(number, Type.INTEGER, currency=currency)
    return f"{words} h" if kind is Kind.HOURS else words


def verdict(own: Fraction, median: Decimal) -> str:
    """Say where a value stands: `above`, `below` or `at` the median as it is shown."""
    if own == Fraction(median):
        return "at"
    return "above" if own > Fraction(median) else "below"


def analytics_plot(
    strips: Sequence[Strip], *, currency: str, own_words: str, median_words: str
) -> Plot:
    """Draw a row a figure, each on a scale of its own: the quartiles a band, the median a line.

    The partner stands as a square, joined to where it stood the year before.
    """
    drawn = [strip for strip in strips if strip.own is not None or strip.quartiles]
    plot = Plot(width=WIDTH, height=ROW * len(drawn) + 4)
    for row, strip in enumerate(drawn):
        _strip(plot, strip, ROW * row + TOP + 12, currency, (own_words, median_words))
    return plot


def _strip(plot: Plot, strip: Strip, y: float, currency: str, names: tuple[str, str]) -> None:
    across = _Across.of(strip)
    plot.words.append(Words(0, y, strip.title))
    plot.rules.append(Rule(LEFT, y, WIDTH - RIGHT, y, "axis"))
    if strip.quartiles is not None:
        lower, median, upper = (across.at(Fraction(one)) for one in strip.quartiles)
        plot.boxes.append(Box(lower, y - 8, max(upper - lower, 1), 16, ""))
        plot.rules.append(Rule(median, y - 11, median, y + 11, "metal-0"))
        told = figure_words(strip.quartiles[1], strip.kind, currency=currency)
        plot.words.append(_label(median, y + 20, f"{names[1]} {told}", "tick"))
    if strip.own is not None:
        x = across.at(strip.own)
        if strip.before is not None:
            plot.rules.append(Rule(across.at(strip.before), y, x, y, "run"))
        plot.boxes.append(Box(x - 5, y - 5, 10, 10, "alone"))
        told = figure_words(strip.own, strip.kind, currency=currency)
        plot.words.append(_label(x, y - 20, f"{names[0]} {told}", ""))


def _label(x: float, y: float, words: str, kind: str) -> Words:
    """Put words beside a mark so that they stay on the plane."""
    if x > LEFT + (WIDTH - LEFT - RIGHT) * 0.6:
        return Words(x + 6, y, words, f"{kind.replace('tick', 'tick-y')} end".strip())
    return Words(max(x - 6, LEFT), y, words, kind.replace("tick", "tick-y"))


@dataclass(frozen=True)
class _Across:
    """Values to pixels from the left: from zero, or the least below it, to the greatest."""

    low: Fraction
    high: Fraction

    @classmethod
    def of(cls, strip: Strip) -> _Across:
        values = [Fraction(one) for one in (strip.own, strip.before) if one is not None]
        values += [Fraction(one) for one in strip.quartiles or ()]
        return cls(min(Fraction(0), *values), max(Fraction(0), *values))

    def at(self, value: Fraction) -> float:
        part = (value - self.low) / (self.high - self.low) if self.high > self.low else Fraction(0)
        return LEFT + float(part * (WIDTH - LEFT - RIGHT))

"""Analytics in words and as plots: a partner's figures against the quartiles of a category."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assay.core.analytics import Kind
from assay.core.facts import Type
from assay.words.conditions import SHARE, amount_words
from assay.words.plots import Box, Plot, Rule, Words

WIDTH, HEIGHT, SIDE, AXIS = 280, 64, 8, 32  # pixels; AXIS is how far down it lies
_DIGITS = {Kind.SHARE: 3, Kind.HOURS: 1, Kind.COUNT: 1, Kind.MONEY: 2}


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One figure to draw; what is None is not drawn. Quartiles are lower, median and upper."""

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


def strip_plot(strip: Strip, *, currency: str, own_words: str, median_words: str) -> Plot:
    """Draw a figure on a scale of its own: the middle half a band, the median a line.

    The partner stands as a square, joined to where it stood the year before.
    """
    across = _Across.of(strip)
    plot = Plot(width=WIDTH, height=HEIGHT)
    plot.boxes.append(Box(SIDE, AXIS - 0.5, WIDTH - 2 * SIDE, 1, "grid"))
    if across.low < 0:
        zero = across.at(Fraction(0))
        plot.rules.append(Rule(zero, AXIS - 4, zero, AXIS + 4, "axis"))
    if strip.quartiles is not None:
        lower, median, upper = (across.at(Fraction(one)) for one in strip.quartiles)
        plot.boxes.append(Box(lower, AXIS - 8, upper - lower, 16))
        plot.rules.append(Rule(median, AXIS - 11, median, AXIS + 11, "metal-0"))
        told = figure_words(strip.quartiles[1], strip.kind, currency=currency)
        plot.words.append(_label(median, AXIS + 22, f"{median_words} {told}", "tick-y"))
    if strip.own is not None:
        x = across.at(strip.own)
        if strip.before is not None:
            plot.rules.append(Rule(across.at(strip.before), AXIS, x, AXIS, "run"))
        plot.boxes.append(Box(x - 5, AXIS - 5, 10, 10, "alone"))
        told = figure_words(strip.own, strip.kind, currency=currency)
        plot.words.append(_label(x, AXIS - 21, f"{own_words} {told}", ""))
    return plot


def _label(x: float, y: float, words: str, kind: str) -> Words:
    """Put words beside a mark so that they stay on the plane."""
    if x > WIDTH / 2:
        return Words(min(x + 6, WIDTH), y, words, f"{kind} end".strip())
    return Words(max(x - 6, 0), y, words, kind)


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
        return SIDE + float(part * (WIDTH - 2 * SIDE))

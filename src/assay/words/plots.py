"""Plots of a review: thin lines, direct labels, thresholds as labelled lines.

A plot is a few boxes, lines and words on a plane of pixels; `pages/plot.html` draws it as SVG in
the colours of the page, light or dark.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import shorten

from assay.core.program import Program
from assay.core.summaries import Direction, Distribution, Missed, ReviewSummary
from assay.words.conditions import stored_words
from assay.words.hallmarks import metal_of
from assay.words.reviewed import movers_of
from assay.words.standing import tier_title

WIDTH = 880  # pixels, of each plot
LEFT = 190  # of them for labels
LABEL = 130  # of them for the label of a line
RIGHT = 50  # of them for numbers after bars
ROW = 44  # pixels of a row with a label above or bars that stand
BAR = 14  # pixels of a bar that lies
TEXT = 18  # pixels of a line of text
MOST_ROWS = 12
MOST_LETTERS = 100


@dataclass(frozen=True)
class Box:
    """A bar from the upper left; `kind` is a class of the style sheet."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""


@dataclass(frozen=True)
class Rule:
    """A line; `kind` is a class of the style sheet."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str = ""


@dataclass(frozen=True)
class Words:
    """Words on a line through their middle; `kind` is a class of the style sheet."""

    x: float
    y: float
    words: str
    kind: str = ""


@dataclass
class Plot:
    """What is drawn, in pixels from the upper left: boxes, then lines, then words."""

    height: float = 0
    width: int = WIDTH
    boxes: list[Box] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def distribution_plot(distribution: Distribution, program: Program) -> Plot:
    """Draw a measure's distribution over the holders of each tier, a row a tier.

    Each row has its own scale, its holders counted beside it; thresholds cross all rows.
    """
    edges = [found.low for found in distribution.bins]
    step = (WIDTH - LEFT) / len(edges)
    asked = [threshold for threshold in distribution.thresholds if threshold.bound in edges]
    tiers = [
        tier
        for tier in reversed(("none", *program.tiers))
        if any(found.counts.get(tier) for found in distribution.bins)
    ]
    top = TEXT * len(asked)
    plot = Plot(height=top + ROW * len(tiers) + TEXT)
    for row, tier in enumerate(tiers, start=1):
        base = top + ROW * row
        counts = [found.counts.get(tier, 0) for found in distribution.bins]
        for place, count in enumerate(counts):
            height = 0.75 * ROW * count / max(counts)
            plot.boxes.append(Box(LEFT + step * place, base - height, step - 1, height))
        plot.rules.append(Rule(LEFT, base, WIDTH, base))
        title = f"{tier_title(tier, program)} {sum(counts):,}"
        plot.words.append(Words(0, base - ROW / 4, title))
    for line, threshold in enumerate(asked):
        at = LEFT + step * edges.index(threshold.bound)
        metal = metal_of(threshold.tier, program)
        plot.rules.append(Rule(at, TEXT * line + 4, at, top + ROW * len(tiers), metal))
        amount = _amount(threshold.bound, distribution, program)
        title = f"{tier_title(threshold.tier, program)} {amount}"
        left_of_it = at > WIDTH - LABEL
        x = at - 5 if left_of_it else at + 5
        plot.words.append(Words(x, TEXT * (line + 0.5), title, "end" if left_of_it else ""))
    plot.words += [
        Words(LEFT + step * place, plot.height - 6, _amount(edge, distribution, program), "tick")
        for place, edge in enumerate(edges)
        if edge is not None and str(edge).rstrip("0") == "1"
    ]
    return plot


def _amount(stored: int, distribution: Distribution, program: Program) -> str:
    kind = program.measure(distribution.measure).type
    return stored_words(stored, kind, currency=program.currency)


def movers_plot(summary: ReviewSummary, program: Program) -> Plot:
    """Draw how many moved from which tier to which, a row a way, those up first."""
    ways: dict[tuple[Direction, str], int] = {}
    for direction in Direction:
        for mover in movers_of(summary, direction):
            tiers = [tier_title(tier, program) for tier in (mover.before, mover.after) if tier]
            words = " → ".join(tiers) + (f" ({direction.value})" if len(tiers) == 1 else "")
            ways[direction, words] = ways.get((direction, words), 0) + 1
    shown = [*ways.items()][:MOST_ROWS]
    left, height = LEFT + 100, BAR + 12
    plot = Plot(height=height * len(shown))
    for row, ((direction, words), count) in enumerate(shown):
        middle = height * (row + 0.5)
        width = (WIDTH - left - RIGHT) * count / max(ways.values())
        plot.boxes.append(Box(left, middle - BAR / 2, width, BAR, direction.value))
        plot.words += [
            Words(0, middle, words),
            Words(left + width + 6, middle, f"{count:,}"),
        ]
    return plot


def missed_plot(missed: tuple[Missed, ...], program: Program) -> Plot:
    """Draw how many do not meet each requirement, a row a requirement, a column a tier.

    The dark part of a bar is those who meet all else that the tier asks.
    """
    keys = list(dict.fromkeys(one.requirement for one in missed))[:MOST_ROWS]
    tiers = list(dict.fromkeys(one.tier for one in missed))
    most = max(one.not_met for one in missed) or 1
    column = WIDTH / len(tiers)
    row = TEXT + BAR + 18
    plot = Plot(height=TEXT + row * len(keys))
    for place, tier in enumerate(tiers):
        plot.words.append(Words(column * place, TEXT / 2, tier_title(tier, program), "head"))
    for place, key in enumerate(keys):
        requirement = program.requirements[key]
        words = shorten(f"{requirement.clause} {requirement.title}", MOST_LETTERS, placeholder="…")
        plot.words.append(Words(0, TEXT + row * place + TEXT / 2 + 4, words))
    for one in missed:
        if one.requirement not in keys:
            continue
        left = column * tiers.index(one.tier)
        top = TEXT + row * keys.index(one.requirement) + TEXT + 6
        long = (column - RIGHT) / most
        plot.boxes += [
            Box(left, top, long * one.not_met, BAR),
            Box(left, top, long * one.alone, BAR, "alone"),
        ]
        plot.words.append(Words(left + long * one.not_met + 6, top + BAR / 2, f"{one.not_met:,}"))
    return plot

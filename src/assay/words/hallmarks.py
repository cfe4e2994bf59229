"""The marks of tiers: one geometry, for pages and for badges.

A mark stands in a square of 32 units. Its body is of metal; two rims are struck into it, and the
letter of the year. The small cut is for 16 to 32 pixels: one rim, and a letter that fills it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from math import hypot

from assay.core.program import Program
from assay.words.outlined import DATE, DATE_SMALL, FIGURES, centred, number

SQUARE = 32
_SHAPES = {  # of the three highest tiers; of all below, a cartouche
    "metal-1": "house",
    "metal-2": "octagon",
    "metal-3": "oval",
    "metal-0": "cartouche",
}
_LETTERS = "abcdefghiklmnopqrstuvwxyz"  # a cycle of 25 date letters, as assay offices have: no j
_FIRST_CYCLE = 2000  # in small letters, the next in capitals, and so on

_Point = tuple[float, float]
_POLYGONS: dict[str, tuple[_Point, ...]] = {  # clockwise, on whole pixels at 16
    "house": ((16, 1), (30, 12), (30, 30), (2, 30), (2, 12)),
    "octagon": ((9, 4), (23, 4), (32, 11), (32, 21), (23, 28), (9, 28), (0, 21), (0, 11)),
    "cartouche": ((4, 6), (28, 6), (32, 10), (32, 22), (28, 26), (4, 26), (0, 22), (0, 10)),
}
_OVAL = (16.0, 12.0)  # half its axes
_LETTER: dict[str, tuple[float, float]] = {  # its middle, and its size in the fine cut
    "house": (19.3, 14.5),
    "octagon": (16, 13.5),
    "oval": (16, 13),
    "cartouche": (16, 11.5),
}
_CAPITAL, _FIGURE = 0.66, 0.73  # heights, in ems


@dataclass(frozen=True, kw_only=True)
class Hallmark:
    """The mark of a tier: its shape, the class of its tint, the letter and figures of the year."""

    shape: str
    metal: str
    letter: str
    year: int

    @property
    def small(self) -> Cut:
        """The cut for small sizes."""
        return _small(self)

    @property
    def fine(self) -> Cut:
        """The cut for sizes at which fine lines show."""
        return _fine(self)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A mark as it is drawn: the body, each rim with its width, and what is filled with ink."""

    body: str
    rims: tuple[tuple[str, float], ...]
    ink: str


def metal_of(tier: str, program: Program) -> str:
    """Return the class of a tier's tint: 1 to 3 for the three highest, else 0."""
    ranked = (None, *reversed(program.ranked_tiers))
    place = ranked.index(tier) if tier in ranked else 0
    return f"metal-{place if place < len(_SHAPES) else 0}"


def hallmark(tier: str, program: Program, year: int) -> Hallmark:
    """Return the hallmark of a tier as given in a year."""
    metal = metal_of(tier, program)
    return Hallmark(shape=_SHAPES[metal], metal=metal, letter=date_letter(year), year=year)


def hallmarks(program: Program, on: date) -> dict[str, Hallmark | None]:
    """Return the hallmark of every tier as given in the year of `on`; `none` has none."""
    found: dict[str, Hallmark | None] = {"none": None}
    found.update((tier, hallmark(tier, program, on.year)) for tier in program.tiers)
    return found


def date_letter(year: int) -> str:
    """Return the letter of a year: 25 letters, small ones and capitals in turn."""
    letter = _LETTERS[year % len(_LETTERS)]
    return letter if (year - _FIRST_CYCLE) // len(_LETTERS) % 2 == 0 else letter.upper()


@cache
def _small(mark: Hallmark) -> Cut:
    middle, _ = _LETTER[mark.shape]
    size = 19
    return Cut(
        body=outline(mark.shape),
        rims=((outline(mark.shape, 0.9), 1.8),),
        ink=centred(
            mark.letter, face=DATE_SMALL, size=size, middle=16, y=middle + size * _CAPITAL / 2
        ),
    )


@cache
def _fine(mark: Hallmark) -> Cut:
    middle, size = _LETTER[mark.shape]
    year, gap = 3.0, 1.9
    half = (size * _CAPITAL + gap + year * _FIGURE) / 2
    letter = centred(
        mark.letter, face=DATE, size=size, middle=16, y=middle - half + size * _CAPITAL
    )
    figures = centred(
        str(mark.year), face=FIGURES, size=year, middle=16, y=middle + half, spaced=0.12
    )
    return Cut(
        body=outline(mark.shape),
        rims=((outline(mark.shape, 1.1), 0.46), (outline(mark.shape, 1.95), 0.2)),
        ink=letter + figures,
    )


def outline(shape: str, inset: float = 0) -> str:
    """Return the path of a shape, `inset` units inside its edge."""
    if shape == "oval":
        across, up = (half - inset for half in _OVAL)
        left, right = number(16 - across), number(16 + across)
        arc = f"A{number(across)} {number(up)} 0 0 1 "
        return f"M{left} 16{arc}{right} 16{arc}{left} 16Z"
    points = _inset(_POLYGONS[shape], inset)
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def _inset(points: tuple[_Point, ...], inset: float) -> list[_Point]:
    """Move every edge of a convex polygon inwards and return where they meet."""
    edges = [_moved(a, b, inset) for a, b in zip(points, (*points[1:], points[0]), strict=True)]
    return [_meet(before, after) for before, after in zip((edges[-1], *edges), edges, strict=False)]


def _moved(start: _Point, end: _Point, inset: float) -> tuple[_Point, _Point]:
    across, down = end[0] - start[0], end[1] - start[1]
    length = hypot(across, down)
    aside = (-down / length * inset, across / length * inset)
    return (start[0] + aside[0], start[1] + aside[1]), (across, down)


def _meet(one: tuple[_Point, _Point], other: tuple[_Point, _Point]) -> _Point:
    (x1, y1), (u1, v1) = one
    (x2, y2), (u2, v2) = other
    along = ((x2 - x1) * v2 - (y2 - y1) * u2) / (u1 * v2 - v1 * u2)
    return x1 + along * u1, y1 + along * v1

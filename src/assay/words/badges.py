"""Badges as pictures: the mark of a tier, alone or with its words, for light and dark grounds."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import resvg_py
from markupsafe import escape

from assay.words.hallmarks import SQUARE, Cut, Hallmark
from assay.words.outlined import line, number

SIZES = (64, 128, 256, 512, 1024)  # pixels across
_SMALL = 32  # pixels across, up to which the small cut is drawn


class Form(StrEnum):
    """What is drawn: the mark alone, the words under it, or the words beside it."""

    MARK = "mark"
    TILE = "tile"
    WIDE = "wide"


class Ground(StrEnum):
    """On what it will stand."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class Inks:
    """The colours on a ground: tints of metals by class, ink on metal, and of the words."""

    metals: dict[str, str]
    lapsed: str
    on_lapsed: str
    words: str
    soft: str


ON_METAL = "#1b211e"
INKS = {  # the tints of the pages (style/page.css)
    Ground.LIGHT: Inks(
        metals={
            "metal-1": "#b9c7d1",
            "metal-2": "#dfbf5f",
            "metal-3": "#c4c7ca",
            "metal-0": "#e9e6df",
        },
        lapsed="#eceeec",
        on_lapsed="#8a938e",
        words="#1b211e",
        soft="#56605b",
    ),
    Ground.DARK: Inks(
        metals={
            "metal-1": "#9fb2bf",
            "metal-2": "#cfac48",
            "metal-3": "#aeb3b7",
            "metal-0": "#c9c4b8",
        },
        lapsed="#2a312d",
        on_lapsed="#7d8883",
        words="#e7ebe8",
        soft="#a5aea9",
    ),
}
STYLE = f"@media(max-width:{_SMALL}px){{.fine{{display:none}}.small{{display:inline}}}}"
STYLE_HASH = "sha256-" + b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@dataclass(frozen=True, kw_only=True)
class Design:
    """A badge's picture: its mark, its words, whether they still hold, its form and ground.

    `title` is the tier's, `words` what the program has partners say of themselves: they begin
    with the title, or are the title.
    """

    mark: Hallmark
    title: str
    words: str
    holds: bool = True
    form: Form = Form.TILE
    ground: Ground = Ground.LIGHT

    @property
    def lines(self) -> tuple[str, ...]:
        """The words as they are set: the title, and what follows it."""
        rest = self.words.removeprefix(self.title).strip() if self.title else self.words
        told = [self.title, rest] if rest != self.words.strip() else [self.words]
        under = told[1:] if self.holds else ["no longer valid"]
        return tuple(one for one in (told[0], *under) if one)

    @property
    def name(self) -> str:
        """The badge in one line, for those who do not see it."""
        told = f"{self.words} {self.mark.year}"
        return told if self.holds else f"{told}, no longer valid"


@lru_cache(maxsize=512)
def badge_svg(design: Design) -> str:
    """Draw a badge; letters are shapes, so that it needs no font and nothing else."""
    match design.form:
        case Form.MARK:
            return _drawn(design, SQUARE, SQUARE, _mark(design, "{}"))
        case Form.TILE:
            return _tile(design)
        case Form.WIDE:
            return _wide(design)


@lru_cache(maxsize=512)
def badge_png(design: Design, size: int) -> bytes:
    """Draw a badge as PNG, `size` pixels across: the same picture, the same bytes each time."""
    return resvg_py.svg_to_bytes(svg_string=badge_svg(design), width=size, skip_system_fonts=True)


def _tile(design: Design) -> str:
    across, side = 56.0, 34.0
    left, scale = number((across - side) / 2), number(side / SQUARE)
    place = f'<g transform="translate({left} 1) scale({scale})">{{}}</g>'
    sizes = _fitting(design, (6.6, 4.2) if len(design.lines) > 1 else (5.2,), across - 2)
    lefts = [(across - width) / 2 for width in _widths(design, sizes)]
    words = _set(design, sizes, lefts, y=side + 8.2)
    return _drawn(design, across, across - 4, _mark(design, place), words)


def _wide(design: Design) -> str:
    left = SQUARE + 5.0
    sizes, y = ((11.0, 6.6), 16.6) if len(design.lines) > 1 else ((9.0,), 19.2)
    words = _set(design, sizes, [left] * len(sizes), y=y)
    across = left + max(_widths(design, sizes)) + 1
    return _drawn(design, across, SQUARE, _mark(design, "{}"), words)


def _widths(design: Design, sizes: Sequence[float]) -> list[float]:
    told = zip(design.lines, sizes, strict=True)
    return [line(words, size=size, y=0).width for words, size in told]


def _fitting(design: Design, sizes: Sequence[float], most: float) -> list[float]:
    """Make a line that is too long smaller."""
    told = zip(sizes, _widths(design, sizes), strict=True)
    return [size if width <= most else size * most / width for size, width in told]


def _set(design: Design, sizes: Sequence[float], lefts: Sequence[float], *, y: float) -> str:
    """Set the lines, the first on the baseline `y`."""
    inks = INKS[design.ground]
    drawn = []
    for place, words in enumerate(design.lines):
        size = sizes[place]
        base = y + place * size * 1.5
        path = line(words, size=size, left=lefts[place], y=base).path
        ink = inks.words if place == 0 and design.holds else inks.soft
        drawn.append(f'<path fill="{ink}" d="{path}"/>')
    return "".join(drawn)


def _mark(design: Design, place: str) -> str:
    """Draw the mark in both cuts; of which one shows, the size of the picture decides."""
    fine = f'<g class="fine">{_cut(design, design.mark.fine)}</g>'
    if design.form is not Form.MARK:
        return place.format(fine)
    small = f'<g class="small" display="none">{_cut(design, design.mark.small)}</g>'
    return f"<style>{STYLE}</style>{fine}{small}"


def _cut(design: Design, cut: Cut) -> str:
    inks = INKS[design.ground]
    body = inks.metals[design.mark.metal] if design.holds else inks.lapsed
    ink = ON_METAL if design.holds else inks.on_lapsed
    rims = "".join(
        f'<path fill="none" stroke="{ink}" stroke-width="{number(width)}" d="{path}"/>'
        for path, width in cut.rims
    )
    struck = f'<path stroke="{ink}" stroke-width="1.2" d="M4 28 28 4"/>'
    return (
        f'<path fill="{body}" d="{cut.body}"/>{rims}<path fill="{ink}" d="{cut.ink}"/>'
        f"{'' if design.holds else struck}"
    )


def _drawn(design: Design, across: float, high: float, *parts: str) -> str:
    width, height = number(across), number(high)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(design.name)}</title>{''.join(parts)}</svg>"
    )

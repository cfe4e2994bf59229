"""Letters as shapes: words that look the same wherever a picture is shown, with no font at hand.

The outlines come from the fonts that pages are set in (`scripts/badge_outlines.py`), which are
under the SIL Open Font License.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

_POINT = re.compile(r"(-?\d+) (-?\d+)")
WORDS, FIGURES, DATE, DATE_SMALL = "words", "figures", "date", "date_small"  # the faces


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of words as one path, from `left` on the baseline `y`; `width` is its advance."""

    path: str
    width: float


def line(
    words: str, *, face: str = WORDS, size: float, left: float = 0, y: float, spaced: float = 0
) -> Line:
    """Return words as a path; `spaced` is set between letters, in ems.

    A letter that the face lacks is drawn as the plain letter that it is made of, or left out.
    """
    known = _face(face)
    scale = size / known.em
    at, drawn = left, []
    letters = [known.letters[letter] for letter in _drawable(words, known)]
    gaps = _gaps(_drawable(words, known), known)
    for (advance, outline), gap in zip(letters, gaps, strict=True):
        drawn.append(_placed(outline, scale, at, y))
        at += (advance + gap) * scale + spaced * size
    return Line(path="".join(drawn), width=at - left - (spaced * size if letters else 0))


def centred(
    words: str, *, face: str = WORDS, size: float, middle: float, y: float, spaced: float = 0
) -> str:
    """Return words as a path with their middle at `middle`."""
    width = line(words, face=face, size=size, y=y, spaced=spaced).width
    left = middle - width / 2
    return line(words, face=face, size=size, left=left, y=y, spaced=spaced).path


@dataclass(frozen=True, kw_only=True)
class _Face:
    em: int
    letters: dict[str, tuple[int, str]]
    kerns: dict[str, int]


@cache
def _face(name: str) -> _Face:
    file = resources.files("assay.words").joinpath(f"outlines/{name}.json")
    found = json.loads(file.read_text(encoding="utf-8"))
    letters = {letter: (advance, path) for letter, (advance, path) in found["letters"].items()}
    return _Face(em=found["em"], letters=letters, kerns=found["kerns"])


def _drawable(words: str, face: _Face) -> str:
    plain = (unicodedata.normalize("NFKD", c) if c not in face.letters else c for c in words)
    return "".join(c for c in "".join(plain) if c in face.letters)


def _gaps(words: str, face: _Face) -> list[int]:
    return [face.kerns.get(first + second, 0) for first, second in pairwise(f"{words}\0")]


def _placed(outline: str, scale: float, left: float, y: float) -> str:
    def moved(point: re.Match[str]) -> str:
        return f"{number(left + int(point[1]) * scale)} {number(y - int(point[2]) * scale)}"

    return _POINT.sub(moved, outline)


def number(value: float) -> str:
    """Write a coordinate to a hundredth, without needless noughts."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

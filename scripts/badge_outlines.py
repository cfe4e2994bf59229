"""Write the outlines of the letters on badges from the fonts that pages are set in.

    python -m venv build/outlines && build/outlines/bin/pip install fonttools brotli
    build/outlines/bin/python scripts/badge_outlines.py

Run it when a font changes; what it writes is committed.
"""

# ruff: noqa: INP001 - a script by itself
# ruff: noqa: ANN401, N802 - fontTools has no types, and names what is overridden

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOM = Path(__file__).parent.parent / "src" / "assay"
FONTS = ROOM / "portal" / "static" / "assay" / "fonts"
PAIRS = 2  # the type of a table that places pairs
DATE_LETTERS = "abcdefghiklmnopqrstuvwxyzABCDEFGHIKLMNOPQRSTUVWXYZ"
FACES = {  # where they go: the font, its weight, and the letters
    "words": ("inter-latin-wght-normal.woff2", 600, ""),
    "figures": ("inter-latin-wght-normal.woff2", 500, "0123456789"),
    "date": ("source-serif-4-latin-wght-normal.woff2", 600, DATE_LETTERS),
    "date_small": ("source-serif-4-latin-wght-normal.woff2", 800, DATE_LETTERS),
}


class Outline(BasePen):
    """Writes an outline as absolute M, L, Q, C and Z with whole numbers."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.written: list[str] = []

    def _write(self, command: str, *points: tuple[float, float]) -> None:
        self.written.append(command + " ".join(f"{round(x)} {round(y)}" for x, y in points))

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._write("M", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._write("L", pt)

    def _qCurveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float]) -> None:
        self._write("Q", pt1, pt2)

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self._write("C", *points)

    def _closePath(self) -> None:
        self._write("Z")


def face(file: str, weight: int, letters: str) -> dict[str, Any]:
    """Return a face: units of an em, and advance width and outline of each letter."""
    font = instantiateVariableFont(TTFont(FONTS / file), {"wght": weight}, inplace=True)
    names = font.getBestCmap()
    glyphs = font.getGlyphSet()
    told = {}
    for code in sorted(names):
        if (letters and chr(code) not in letters) or not chr(code).isprintable():
            continue
        pen = Outline(glyphs)
        glyphs[names[code]].draw(pen)
        told[chr(code)] = [round(glyphs[names[code]].width), "".join(pen.written)]
    return {"em": font["head"].unitsPerEm, "letters": told, "kerns": kerns(font, set(told))}


def kerns(font: TTFont, letters: set[str]) -> dict[str, int]:
    """Return by how many units two letters are set closer or wider, for ASCII letters."""
    plain = {c: font.getBestCmap()[ord(c)] for c in letters if c.isascii() and c.isalpha()}
    found: dict[str, int] = {}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            pairs = getattr(table, "ExtSubTable", table)
            if pairs.LookupType == PAIRS:
                for first, left in plain.items():
                    for second, right in plain.items():
                        value = kern(pairs, left, right)
                        if value and first + second not in found:
                            found[first + second] = value
    return found


def kern(pairs: Any, left: str, right: str) -> int:
    """Return what one table of pairs says of two glyphs."""
    if left not in pairs.Coverage.glyphs:
        return 0
    if pairs.Format == 1:
        for pair in pairs.PairSet[pairs.Coverage.glyphs.index(left)].PairValueRecord:
            if pair.SecondGlyph == right:
                return round(getattr(pair.Value1, "XAdvance", 0) or 0)
        return 0
    row = pairs.Class1Record[pairs.ClassDef1.classDefs.get(left, 0)]
    value = row.Class2Record[pairs.ClassDef2.classDefs.get(right, 0)].Value1
    return round(getattr(value, "XAdvance", 0) or 0) if value else 0


if __name__ == "__main__":
    for name, (file, weight, letters) in FACES.items():
        path = ROOM / "words" / "outlines" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            json.dumps(face(file, weight, letters), ensure_ascii=False, separators=(",", ":"))
            + "\n",
            encoding="utf-8",
        )

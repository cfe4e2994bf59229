"""Free tools (B12, B13): which benefits they are, and codes and seats as staff paste them."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass

FREE_TOOLS = ("security_tools", "code_hosting")  # benefits of the program, by key
MOST_LINES, MOST_CHARACTERS, LEAST_CHARACTERS = 5000, 500, 4
_HEADS = frozenset({"code", "codes", "key", "keys", "seat", "seats", "license", "licence"})


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """What a pasted text or CSV file has: each code once, how often one was repeated, what is bad.

    `refused` maps the number of a line (from 1) to what is wrong with it, in a clause.
    """

    codes: tuple[str, ...]
    repeated: int
    refused: dict[int, str]


def read_pasted(text: str) -> Pasted:
    """Read codes or seats, one a line; of a CSV file, the first column counts.

    A first line that only names the column is left out. Never raises: what cannot be one is
    refused line by line, and so is what comes after the first 5,000.
    """
    codes: dict[str, None] = {}
    repeated, refused = 0, {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        code = _first_cell(line)
        if not code or (number == 1 and code.lower() in _HEADS):
            continue
        fault = _fault(code) or ("too many lines at once" if len(codes) >= MOST_LINES else "")
        if fault:
            refused[number] = fault
        elif code in codes:
            repeated += 1
        else:
            codes[code] = None
    return Pasted(codes=tuple(codes), repeated=repeated, refused=refused)


def _first_cell(line: str) -> str:
    try:
        cells = next(csv.reader([line]), [])
    except csv.Error:
        cells = [line]
    return cells[0].strip() if cells else ""


def _fault(code: str) -> str:
    if len(code) < LEAST_CHARACTERS:
        return f"shorter than {LEAST_CHARACTERS} characters"
    if len(code) > MOST_CHARACTERS:
        return f"longer than {MOST_CHARACTERS} characters"
    if any(unicodedata.category(letter).startswith("C") for letter in code):
        return "has characters that cannot be seen"
    return ""

"""A new version of a program file: what changes is edited in place, comments stay."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

MOST_WIDTH = 100_000  # characters of a line: none is broken


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What a new version changes, from its first day `on`; of a trial, also on the days `as_if`.

    `amounts` names dated amounts that get the new version `cells` (whole units of the currency);
    `ends` names a security program that is no more from that day.
    """

    on: date
    source: str
    amounts: str = ""
    cells: Mapping[str, int] | None = None
    ends: str = ""
    as_if: tuple[date, ...] = ()


def edited(file: Path, edit: Edit) -> str:
    """Return the text of a program file with an edit; the file is one that can be read."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = MOST_WIDTH
    yaml.representer.ignore_aliases = lambda _value: True
    yaml.indent(mapping=2, sequence=4, offset=2)
    program: Any = yaml.load(file.read_text(encoding="utf-8"))
    program["version"] = edit.on
    program["source"] = edit.source
    if edit.amounts:
        since = program["amounts"][edit.amounts]["since"]
        newest = since[max(since)]
        for day in (*edit.as_if, edit.on):
            cells = type(newest)()
            cells.fa.set_flow_style()
            cells.update(edit.cells or {})
            since[day] = cells
    if edit.ends:
        row = program["security_programs"][edit.ends]
        place = [*row].index("since") + 1
        row.insert(place, "until", edit.on)
    held = io.StringIO()
    yaml.dump(program, held)
    return held.getvalue()

"""The tables of a program, for its text and for its page: what tiers ask, give and are paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from assay.core.facts import Type
from assay.core.program import Amounts, AnyOf, Program, Requirement
from assay.words.conditions import amount_words, condition_words

NOTHING_ASKED = "—"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one tier asks: alternatives, one of which is enough; none where it asks nothing.

    `same_as` is the title of the tier below where that one asks the very same, else "".
    """

    alternatives: tuple[str, ...]
    same_as: str = ""

    @property
    def words(self) -> str:
        """The whole condition in words."""
        return "; or ".join(self.alternatives) or NOTHING_ASKED


@dataclass(frozen=True, kw_only=True)
class AmountsTable:
    """Dated amounts: `values` head the columns, each row has its first day and its cells."""

    title: str
    clause: str
    by: str
    values: tuple[str, ...]
    rows: tuple[tuple[date, tuple[str, ...]], ...]


def asked_cells(row: Requirement, program: Program) -> tuple[Cell, ...]:
    """Say what each tier placed by requirements asks in a row, lowest tier first."""
    asked = [_alternatives(row, tier, program) for tier in program.ranked_tiers]
    titles = [program.tiers[tier].title for tier in program.ranked_tiers]
    same = ["", *(t if a == b else "" for t, (a, b) in zip(titles, pairwise(asked), strict=False))]
    return tuple(
        Cell(alternatives=words, same_as=title if words else "")
        for words, title in zip(asked, same, strict=True)
    )


def amounts_table(amounts: Amounts, program: Program) -> AmountsTable:
    """Return dated amounts as a table, the oldest version first."""
    values = tuple(dict.fromkeys(value for cells in amounts.since.values() for value in cells))
    return AmountsTable(
        title=amounts.title,
        clause=amounts.clause,
        by=amounts.by.replace("_", " "),
        values=values,
        rows=tuple(
            (first, _money_cells(values, amounts, first, program))
            for first in sorted(amounts.since)
        ),
    )


def _money_cells(
    values: Sequence[str], amounts: Amounts, first: date, program: Program
) -> tuple[str, ...]:
    cells = amounts.since[first]
    return tuple(
        amount_words(cells[value], Type.MONEY, currency=program.currency)
        if value in cells
        else NOTHING_ASKED
        for value in values
    )


def _alternatives(row: Requirement, tier: str, program: Program) -> tuple[str, ...]:
    condition = row.by_tier.get(tier)
    if condition is None:
        return ()
    parts = condition.parts if isinstance(condition, AnyOf) else (condition,)
    return tuple(condition_words(part, program) for part in parts)

"""A review as a whole in words: the headline, who moved, who missed by least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.core.program import Program
from assay.core.summaries import Direction, LeftOut, Mover, NearMiss, ReviewSummary, TableRows
from assay.words.conditions import stored_words
from assay.words.dates import day_words, days_words, last_day
from assay.words.findings import distances_of, finding_line
from assay.words.standing import NO_TIER, tier_title

DIRECTIONS = {
    Direction.UP: "Up",
    Direction.DOWN: "Down",
    Direction.ENTERED: "Entered",
    Direction.LEFT: "Left",
}


@dataclass(frozen=True, kw_only=True)
class MissedWords:
    """What a near miss did not meet, and by how much."""

    title: str
    clause: str
    distance: str


def headline(summary: ReviewSummary, program: Program) -> tuple[str, ...]:
    """Say the outcome of a review in sentences."""
    everyone = sum(summary.counts.values())
    if not everyone:
        return ("Nobody was reviewed: the facts name no one.",)
    tiers = [
        f"{summary.counts[tier]:,} {tier_title(tier, program)}"
        for tier in reversed(tuple(program.tiers))
    ]
    if summary.counts[NO_TIER]:
        tiers.append(f"{summary.counts[NO_TIER]:,} without a tier")
    said = [f"Of {everyone:,} reviewed for {day_words(summary.on)}: {_listed(tiers)}."]
    if summary.counts_before is not None:
        moved = [
            f"{count:,} {words}"
            for direction, words in _MOVED.items()
            if (count := sum(1 for mover in summary.movers if mover.direction is direction))
        ]
        said.append(f"Since the earlier decisions {_listed(moved) or 'nobody moved'}.")
    if summary.near_misses:
        nearest = summary.near_misses[0]
        missed = missed_words(nearest, program)
        said.append(
            f"{nearest.name or nearest.subject} missed {tier_title(nearest.missed, program)} by "
            f"least ({'; '.join(words.distance or words.clause for words in missed)})."
        )
    return tuple(said)


_MOVED = {
    Direction.UP: "moved up",
    Direction.DOWN: "moved down",
    Direction.ENTERED: "entered",
    Direction.LEFT: "left",
}


def as_of(summary: ReviewSummary, program: Program) -> str:
    """Say which facts a review rests on: the last day that counts, and the windows."""
    windows = "; ".join(
        f"{program.windows[name].clause}: {days_words(first, summary.cut_off)}"
        for name, first in summary.windows.items()
    )
    last = day_words(last_day(summary.cut_off))
    return f"Facts up to {last} count" + (f" ({windows})." if windows else ".")


def movers_of(summary: ReviewSummary, direction: Direction) -> tuple[Mover, ...]:
    """Return who moved in one direction."""
    return tuple(mover for mover in summary.movers if mover.direction is direction)


def missed_words(near_miss: NearMiss, program: Program) -> tuple[MissedWords, ...]:
    """Say what a near miss did not meet."""
    return tuple(
        MissedWords(
            title=program.requirements[finding.requirement].title,
            clause=finding.clause,
            distance=distances_of(finding_line(finding, near_miss.measured, program)),
        )
        for finding in near_miss.findings
    )


def left_out_words(found: LeftOut) -> str:
    """Say which rows a review left out, since what they name is not known."""
    values = ", ".join(found.values)
    return (
        f"{found.rows:,} {'row' if found.rows == 1 else 'rows'} of {found.table} left out: "
        f"{found.column} names nothing known ({values})"
    )


def rows_read_words(rows: TableRows) -> str:
    """Say how many rows of a table were read, rejected, and read again with the same content."""
    besides = [
        f"{count:,} {words}"
        for count, words in ((rows.rejected, "rejected"), (rows.repeated, "repeated"))
        if count
    ]
    return f"{rows.table} {rows.read:,}" + (f" ({', '.join(besides)})" if besides else "")


def range_words(low: int | None, high: int | None, measure: str, program: Program) -> str:
    """Say a range of a measure's values: `$100,000 to $150,000`, `below $500`."""
    kind = program.measure(measure).type

    def said(stored: int) -> str:
        return stored_words(stored, kind, currency=program.currency)

    if low is None:
        return "any" if high is None else f"below {said(high)}"
    return f"{said(low)} or more" if high is None else f"{said(low)} to below {said(high)}"


def _listed(parts: Iterable[str]) -> str:
    *most, last = [*parts] or [""]
    return f"{', '.join(most)} and {last}" if most else last

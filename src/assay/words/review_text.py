"""A review as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from assay.core.program import Program
from assay.core.summaries import Direction, ReviewSummary
from assay.words.reviewed import (
    DIRECTIONS,
    as_of,
    headline,
    left_out_words,
    missed_words,
    movers_of,
    rows_read_words,
)
from assay.words.standing import subject_words, tier_title

MOST_MOVERS = 10
MOST_NEAR_MISSES = 10


def review_text(summary: ReviewSummary, program: Program, *, width: int) -> str:
    """Write a review: the outcome first, then counts, movers, near misses and rows read."""
    lines = _wrapped(" ".join(headline(summary, program)), width)
    lines += _wrapped(as_of(summary, program), width)
    lines += ["", *_counts(summary, program)]
    if summary.counts_before is not None:
        lines += ["", *_movers(summary, program)]
    lines += ["", *_near_misses(summary, program, width)]
    lines += ["", *_rows(summary, width)]
    lines += [
        "",
        f"Program {summary.program}, digest {summary.program_digest}",
        f"Facts digest {summary.facts_digest}",
    ]
    return "\n".join(lines) + "\n"


def _counts(summary: ReviewSummary, program: Program) -> Iterator[str]:
    titles = {tier: tier_title(tier, program) for tier in reversed(tuple(summary.counts))}
    longest = max(map(len, titles.values()))
    before = summary.counts_before
    for tier, title in titles.items():
        change = "" if before is None else f"  before {before.get(tier, 0):>7,}"
        yield f"{title:<{longest}}  {summary.counts[tier]:>7,}{change}"


def _movers(summary: ReviewSummary, program: Program) -> Iterator[str]:
    if not summary.movers:
        yield "Nobody moved."
    for direction in Direction:
        movers = movers_of(summary, direction)
        if not movers:
            continue
        yield f"{DIRECTIONS[direction]}: {len(movers):,}"
        for mover in movers[:MOST_MOVERS]:
            moved = " → ".join(
                tier_title(tier, program) for tier in (mover.before, mover.after) if tier
            )
            yield f"  {subject_words(mover.subject, mover.name)}: {moved}"
        if len(movers) > MOST_MOVERS:
            yield f"  and {len(movers) - MOST_MOVERS:,} more"


def _near_misses(summary: ReviewSummary, program: Program, width: int) -> Iterator[str]:
    if not summary.near_misses:
        yield "Nobody missed the next tier by a distance that is known."
        return
    yield "Nearest to the next tier:"
    for near in summary.near_misses[:MOST_NEAR_MISSES]:
        missed = "; ".join(
            f"{words.clause}, {words.distance or 'not met'}"
            for words in missed_words(near, program)
        )
        text = (
            f"{subject_words(near.subject, near.name)}, {tier_title(near.held, program)}, "
            f"for {tier_title(near.missed, program)}: {missed}"
        )
        yield from _wrapped(text, width, indent="  ")
    more = summary.near_miss_count - min(len(summary.near_misses), MOST_NEAR_MISSES)
    if more:
        yield f"  and {more:,} more"


def _rows(summary: ReviewSummary, width: int) -> Iterator[str]:
    read = ", ".join(map(rows_read_words, summary.tables))
    yield from _wrapped(f"Rows read: {read}.", width)
    for found in summary.left_out:
        yield from _wrapped(left_out_words(found), width)
    for note in summary.notes:
        yield from _wrapped(note, width)


def _wrapped(text: str, width: int, *, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )

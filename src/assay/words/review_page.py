"""A review as one HTML page with plots: it needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.core.program import Program
from assay.core.summaries import Direction, Distribution, Mover, NearMiss, ReviewSummary
from assay.words.dates import day_words
from assay.words.hallmarks import hallmarks
from assay.words.look import page
from assay.words.plots import Plot, distribution_plot, missed_plot, movers_plot
from assay.words.reviewed import (
    DIRECTIONS,
    MissedWords,
    as_of,
    headline,
    left_out_words,
    missed_words,
    movers_of,
    range_words,
    rows_read_words,
)
from assay.words.standing import subject_words, tier_title

MOST_MOVERS = 50


@dataclass(frozen=True, kw_only=True)
class MoverGroup:
    """Who moved in one direction: the first, and how many in all."""

    title: str
    count: int
    movers: tuple[Mover, ...]


@dataclass(frozen=True, kw_only=True)
class NearMissRow:
    """A near miss with what it did not meet, in words."""

    near_miss: NearMiss
    missed: tuple[MissedWords, ...]


@dataclass(frozen=True, kw_only=True)
class DistributionView:
    """A plot of a distribution, and the same as a table: a row a bin, a number a tier."""

    title: str
    clause: str
    plot: Plot
    bins: tuple[tuple[str, Mapping[str, int]], ...]
    thresholds: tuple[str, ...]
    left_open: int


def review_page(summary: ReviewSummary, program: Program) -> str:
    """Render a review as a page: outcome, movers, near misses, and plots with their tables."""
    titles = {tier: tier_title(tier, program) for tier in reversed(tuple(summary.counts))}
    return page(
        "review.html",
        program,
        summary=summary,
        day=day_words(summary.on),
        headline=headline(summary, program),
        as_of=as_of(summary, program),
        hallmarks=hallmarks(program, summary.on),
        titles=titles,
        subject_words=subject_words,
        groups=[_group(summary, direction) for direction in Direction],
        movers_plot=movers_plot(summary, program) if summary.movers else None,
        near_misses=[
            NearMissRow(near_miss=near, missed=missed_words(near, program))
            for near in summary.near_misses
        ],
        distribution=_distribution(summary.distribution, program),
        missed_plot=missed_plot(summary.missed, program),
        rows_read=[rows_read_words(rows) for rows in summary.tables],
        left_out=[left_out_words(found) for found in summary.left_out],
    )


def _group(summary: ReviewSummary, direction: Direction) -> MoverGroup:
    movers = movers_of(summary, direction)
    return MoverGroup(title=DIRECTIONS[direction], count=len(movers), movers=movers[:MOST_MOVERS])


def _distribution(distribution: Distribution | None, program: Program) -> DistributionView | None:
    if distribution is None:
        return None
    measure = program.measures[distribution.measure]
    return DistributionView(
        title=measure.title,
        clause=measure.clause,
        plot=distribution_plot(distribution, program),
        bins=tuple(
            (range_words(found.low, found.high, measure.name, program), found.counts)
            for found in distribution.bins
        ),
        thresholds=tuple(
            f"{tier_title(threshold.tier, program)} "
            f"{range_words(threshold.bound, None, measure.name, program)}"
            for threshold in distribution.thresholds
        ),
        left_open=distribution.left_open,
    )

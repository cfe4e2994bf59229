"""How one measure is distributed over all subjects, by the tier that they hold."""

from __future__ import annotations

import duckdb

from assay.core.facts import UNITS, Type
from assay.core.program import Comparison, Measure, Operator, Program, comparisons
from assay.core.summaries import Bin, Distribution, Threshold
from assay.engine.judgements import bounds, stored_units

_STEPS = (100, 150, 200, 300, 500, 700)  # hundredths: round numbers, about as wide in logarithms
_DECADES = range(12)


def distribution(connection: duckdb.DuckDBPyConnection, program: Program) -> Distribution | None:
    """Distribute the first money measure that a requirement sets a bound to; None: there is none.

    `connection` has the table `judged`. The bins end at round numbers, from the last below
    the least positive value to the first above the greatest; one bin takes all below.
    """
    measure = _measure(program)
    if measure is None:
        return None
    low, high = bounds(measure)
    known = f"{low} = {high}"
    left_open, least, greatest = connection.execute(
        f"SELECT count(*) FILTER (NOT {known}), min({low}) FILTER ({known} AND {low} > 0), "
        f"max({low}) FILTER ({known}) FROM judged"
    ).fetchall()[0]
    thresholds = _thresholds(program, measure)
    values = [threshold.bound for threshold in thresholds if threshold.bound > 0]
    values += [] if least is None else [int(least), int(greatest)]
    edges = _edges(min(values), max(values), UNITS[measure.type]) if values else [0]
    rows = connection.execute(
        f"SELECT tier, list_count(list_filter($edges, lambda edge: edge <= {low}))::BIGINT AS bin, "
        f"count(*) FROM judged WHERE {known} GROUP BY ALL",
        {"edges": edges},
    ).fetchall()
    counts: list[dict[str, int]] = [{} for _ in range(len(edges) + 1)]
    for tier, number, count in rows:
        counts[number][str(tier)] = int(count)
    tiers = ("none", *program.tiers)
    return Distribution(
        measure=measure.name,
        bins=tuple(
            Bin(low=start, high=end, counts={tier: found.get(tier, 0) for tier in tiers})
            for start, end, found in zip([None, *edges], [*edges, None], counts, strict=True)
        ),
        thresholds=thresholds,
        left_open=int(left_open),
    )


def _measure(program: Program) -> Measure | None:
    for _, comparison in _bounded(program):
        measure = program.measures[comparison.measure]
        if isinstance(measure, Measure) and measure.type is Type.MONEY:
            return measure
    return None


def _thresholds(program: Program, measure: Measure) -> tuple[Threshold, ...]:
    found = {
        Threshold(tier=tier, bound=stored_units(comparison.bound, measure.type))
        for tier, comparison in _bounded(program)
        if comparison.measure == measure.name and not isinstance(comparison.bound, str)
    }
    return tuple(sorted(found, key=lambda threshold: (threshold.bound, threshold.tier)))


def _bounded(program: Program) -> list[tuple[str, Comparison]]:
    """List the comparisons of requirements, by tier, that ask at least a number."""
    return [
        (tier, comparison)
        for requirement in program.requirements.values()
        for tier, condition in requirement.by_tier.items()
        for comparison in comparisons(condition)
        if comparison.operator in (Operator.GE, Operator.GT)
        and not isinstance(comparison.bound, str)
    ]


def _edges(least: int, greatest: int, unit: int) -> list[int]:
    """Return round numbers, in stored units, from below `least` to above `greatest`."""
    rounds = [step * 10**decade * unit // 100 for decade in _DECADES for step in _STEPS]
    first = max((edge for edge in rounds if edge <= least), default=rounds[0])
    last = min((edge for edge in rounds if edge > greatest), default=rounds[-1])
    return [edge for edge in rounds if first <= edge <= last]

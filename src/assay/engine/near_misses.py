"""Who missed the next tier by least: ranked in SQL, the nearest judged down to the parts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb

from assay.core.explanations import Outcome
from assay.core.facts import UNITS
from assay.core.nearness import scale_of, type_of
from assay.core.program import (
    AnyOf,
    Comparison,
    Condition,
    Not,
    Operator,
    Program,
    Share,
)
from assay.core.summaries import NearMiss
from assay.engine.compile import part_columns
from assay.engine.explain import findings_of, measured_of
from assay.engine.judgements import bounds, condition_sql, stored_units
from assay.tables.duck import named, quoted

_MISSING = {
    Operator.GE: "greatest({bound} - {value}, 0)",
    Operator.GT: "greatest({bound} - {value} + 1, 0)",
    Operator.LE: "greatest({value} - {bound}, 0)",
    Operator.LT: "greatest({value} - {bound} + 1, 0)",
    Operator.EQ: "abs({value} - {bound})",
    Operator.NE: "CASE WHEN {value} = {bound} THEN 1 ELSE 0 END",
}


def near_misses(
    connection: duckdb.DuckDBPyConnection, program: Program, *, most: int
) -> tuple[tuple[NearMiss, ...], int]:
    """Return the nearest misses of the next tier, at most `most`, and how many there are.

    `connection` has the tables `judged` and `names` (subject, name). See `NearMiss` for what
    counts and how it is ranked.
    """
    parts = ", ".join(
        f"{condition_sql(part, program.measures)} AS {named(name)}"
        for name, part in part_columns(program).items()
    )
    rows = (
        connection.sql(
            f"WITH nearest AS (SELECT *, count(*) OVER () AS ranked FROM ({_missed_sql(program)}) "
            f"WHERE relative IS NOT NULL "
            f"ORDER BY relative, subject LIMIT {most}) "
            f"SELECT nearest.*, names.name, judged.*, {parts} FROM nearest "
            f"JOIN judged ON judged.{_key(program)} = nearest.subject "
            f"LEFT JOIN names ON names.subject = nearest.subject "
            f"ORDER BY relative, nearest.subject"
        )
        .to_arrow_table()
        .to_pylist()
    )
    return tuple(_near_miss(program, row) for row in rows), rows[0]["ranked"] if rows else 0


def _near_miss(program: Program, row: Mapping[str, Any]) -> NearMiss:
    measured = measured_of(program, row)
    return NearMiss(
        subject=str(row["subject"]),
        name=row["name"],
        held=str(row["tier"]),
        missed=str(row["missed"]),
        findings=tuple(
            finding
            for finding in findings_of(program, row, measured, tiers=(row["missed"],))
            if finding.outcome is Outcome.NOT_MET
        ),
        measured=measured,
        relative=float(row["relative"]),
    )


def _key(program: Program) -> str:
    return named(program.vocabulary.tables[program.vocabulary.subject].key[0])


def _next_tiers(program: Program) -> dict[str, tuple[str, ...]]:
    """Map each tier that is the next of others to those, lowest first."""
    found: dict[str, tuple[str, ...]] = {}
    for held in ("none", *program.tiers):
        tier = program.next_tier(held)
        if tier is not None:
            found[tier] = (*found.get(tier, ()), held)
    return found


def _missed_sql(program: Program) -> str:
    """Write the SELECT of who missed their next tier: subject, missed, relative."""
    selects = []
    for tier, held in _next_tiers(program).items():
        asked = {
            named(f"{requirement.key}__{tier}"): requirement.by_tier[tier]
            for requirement in program.requirements.values()
            if tier in requirement.by_tier
        }
        ways = " + ".join(
            f"CASE WHEN {column} THEN 0 "
            f"ELSE {_way(condition, program, scale=scale_of(condition, program))} END"
            for column, condition in asked.items()
        )
        known = " AND ".join(f"{column} IS NOT NULL" for column in asked)
        tiers = ", ".join(quoted(name) for name in held)
        selects.append(
            f"SELECT {_key(program)} AS subject, {quoted(tier)} AS missed, "
            f"({ways})::DOUBLE AS relative FROM judged WHERE tier IN ({tiers}) AND {known}"
        )
    return " UNION ALL ".join(selects)


def _way(
    condition: Condition, program: Program, *, scale: int | None, negated: bool = False
) -> str:
    """Write how far a condition is from holding, as `core.nearness.way_to` tells it."""
    match condition:
        case Comparison():
            operator = condition.operator.opposite if negated else condition.operator
            return _comparison_way(condition, operator, program, scale)
        case Not(part):
            return _way(part, program, scale=scale, negated=not negated)
        case _:
            ways = [_way(part, program, scale=scale, negated=negated) for part in condition.parts]
    if isinstance(condition, AnyOf) is not negated:
        return f"least({', '.join(ways)})"
    known = " AND ".join(f"{way} IS NOT NULL" for way in ways)
    return f"CASE WHEN {known} THEN greatest({', '.join(ways)}) END"


def _comparison_way(
    comparison: Comparison, operator: Operator, program: Program, scale: int | None
) -> str:
    """Write how far a comparison is from holding; NULL where a missing fact leaves it open."""
    measure = program.measures[comparison.measure]
    unit = UNITS[type_of(measure, program)]
    if isinstance(measure, Share):
        missing = _share_missing(measure, operator, Decimal(str(comparison.bound)))
        asked = f"greatest(abs({named(measure.whole)}), {unit})"
    else:
        bound = (
            named(comparison.bound)
            if isinstance(comparison.bound, str)
            else str(stored_units(comparison.bound, measure.type))
        )
        missing = _MISSING[operator].format(value=named(measure.name), bound=bound)
        asked = f"greatest(abs({bound}), {unit})"
    way = f"{missing} / {scale or asked}::DOUBLE"
    low_high = [bounds(used) for used in program.measures_of(comparison)]
    exact = " AND ".join(f"{found.low} = {found.high}" for found in low_high if not found.exact)
    return f"CASE WHEN {exact} THEN {way} END" if exact else way


def _share_missing(share: Share, operator: Operator, bound: Decimal) -> str:
    """Write how much of the part is missing, the whole growing with it, and a whole above 0.

    NULL where no more of the part would bring the share there.
    """
    if operator not in (Operator.GE, Operator.GT) or bound >= 1:
        return "NULL"
    part, whole = f"{named(share.part)}::DOUBLE", f"{named(share.whole)}::DOUBLE"
    missing = f"greatest(({bound} * {whole} - {part}) / {1 - bound}, 0)"
    return f"CASE WHEN {whole} > 0 THEN {missing} ELSE greatest({missing}, 1 - {whole}) END"

"""A review as a whole: counts, movers, near misses, what is missed most, one distribution."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.core.summaries import Direction, Missed, Mover, ReviewSummary, TableRows
from assay.engine.distributions import distribution
from assay.engine.near_misses import near_misses
from assay.engine.reviews import Review
from assay.tables.duck import connect, named
from assay.tables.held import Facts

MOST_NEAR_MISSES = 20


def summarise(
    done: Review, facts: Facts, *, before: pa.Table | None = None, scratch: Path
) -> ReviewSummary:
    """Summarise a review; `before` are the decisions of an earlier one (key and tier).

    Raises Refused where `before` is no table of decisions on the program's tiers.
    """
    program = done.program
    with connect(scratch=scratch) as connection:
        connection.register("judged", done.judged)
        _name_subjects(connection, program, facts)
        movers: tuple[Mover, ...] = ()
        counts_before = None
        if before is not None:
            _check_decisions(program, before)
            connection.register("before", before)
            counts_before = _counts(connection, program, "before")
            movers = _movers(connection, program)
        nearest, near_miss_count = near_misses(connection, program, most=MOST_NEAR_MISSES)
        return ReviewSummary(
            program=program.label,
            program_digest=program.digest,
            facts_digest=facts.digest,
            on=done.on,
            cut_off=done.cut_off,
            windows=done.windows,
            counts=_counts(connection, program, "judged"),
            counts_before=counts_before,
            movers=movers,
            near_misses=nearest,
            near_miss_count=near_miss_count,
            missed=_missed(connection, program),
            distribution=distribution(connection, program),
            tables=_tables(facts),
            left_out=done.left_out,
            notes=facts.notes,
        )


def _name_subjects(connection: duckdb.DuckDBPyConnection, program: Program, facts: Facts) -> None:
    """Make the view `names`: a subject's key and its name, NULL where subjects have none."""
    table = program.vocabulary.tables[program.vocabulary.subject]
    name = "name" if "name" in table.columns else "NULL::VARCHAR"
    connection.execute(
        f"CREATE TEMP VIEW names AS SELECT {named(table.key[0])} AS subject, {name} AS name "
        f"FROM ({facts.tables[table.name].sql})"
    )


def _check_decisions(program: Program, decisions: pa.Table) -> None:
    key = program.vocabulary.tables[program.vocabulary.subject].key[0]
    missing = {key, "tier"} - set(decisions.column_names)
    if missing:
        raise Refused(
            *(
                Issue(file="earlier decisions", column=name, message="no such column")
                for name in sorted(missing)
            )
        )
    tiers = ("none", *program.tiers)
    strange = sorted({str(tier) for tier in decisions["tier"].unique().to_pylist()} - {*tiers})
    if strange:
        hint = f"one of {', '.join(tiers)}"
        raise Refused(
            *(
                Issue(
                    file="earlier decisions",
                    column="tier",
                    value=tier,
                    message=f"no tier of {program.label}",
                    hint=hint,
                )
                for tier in strange
            )
        )
    if len(decisions[key].unique()) != len(decisions):
        raise Refused(
            Issue(file="earlier decisions", column=key, message="the same key in several rows")
        )


def _counts(
    connection: duckdb.DuckDBPyConnection, program: Program, decisions: str
) -> dict[str, int]:
    rows = connection.execute(f"SELECT tier, count(*) FROM {decisions} GROUP BY tier").fetchall()
    return dict.fromkeys(("none", *program.tiers), 0) | {str(tier): int(n) for tier, n in rows}


def _movers(connection: duckdb.DuckDBPyConnection, program: Program) -> tuple[Mover, ...]:
    """Compare with `before`; who holds no tier now or held none then does not enter or leave."""
    key = named(program.vocabulary.tables[program.vocabulary.subject].key[0])
    rows = connection.execute(
        f"SELECT m.subject, names.name, m.before, m.after FROM ("
        f"SELECT coalesce(j.{key}, b.{key}) AS subject, b.tier AS before, j.tier AS after "
        f"FROM judged j FULL JOIN before b ON b.{key} = j.{key} "
        f"WHERE coalesce(b.tier, 'none') <> coalesce(j.tier, 'none')) m "
        f"LEFT JOIN names ON names.subject = m.subject ORDER BY m.subject"
    ).fetchall()
    rank: dict[str | None, int] = {
        tier: number for number, tier in enumerate(("none", *program.tiers))
    }
    movers = [
        Mover(
            subject=str(subject),
            name=name,
            before=before,
            after=after,
            direction=_direction(rank, before, after),
        )
        for subject, name, before, after in rows
    ]
    order = list(Direction)
    return tuple(
        sorted(
            movers,
            key=lambda mover: (
                order.index(mover.direction),
                -rank.get(mover.after, 0),
                -rank.get(mover.before, 0),
            ),
        )
    )


def _direction(rank: Mapping[str | None, int], before: str | None, after: str | None) -> Direction:
    if before is None:
        return Direction.ENTERED
    if after is None:
        return Direction.LEFT
    return Direction.UP if rank[after] > rank[before] else Direction.DOWN


def _missed(connection: duckdb.DuckDBPyConnection, program: Program) -> tuple[Missed, ...]:
    """Count, for each tier from the lowest and each of its requirements, who does not meet it."""
    asked = [
        (tier, requirement.key, named(f"{requirement.key}__{tier}"))
        for tier in program.ranked_tiers
        for requirement in program.requirements.values()
        if tier in requirement.by_tier
    ]
    met = []
    for one in program.ranked_tiers:
        outcomes = [f"coalesce({name}::INT, 0)" for tier, _, name in asked if tier == one]
        met.append(f"{' + '.join(['0', *outcomes])} AS {named(f'met__{one}')}")
    columns = []
    for tier, _, column in asked:
        others = sum(1 for other, _, _ in asked if other == tier) - 1
        columns += [
            f"count(CASE WHEN NOT {column} THEN 1 END)",
            f"count(CASE WHEN {column} IS NULL THEN 1 END)",
            f"count(CASE WHEN NOT {column} AND {named(f'met__{tier}')} = {others} THEN 1 END)",
        ]
    counts = connection.execute(
        f"SELECT {', '.join(['0', *columns])} FROM (SELECT {', '.join(['*', *met])} FROM judged)"
    ).fetchone()
    found = [int(count) for count in counts or ()][1:]
    return tuple(
        Missed(
            tier=tier,
            requirement=requirement,
            not_met=found[3 * number],
            unknown=found[3 * number + 1],
            alone=found[3 * number + 2],
        )
        for number, (tier, requirement, _) in enumerate(asked)
    )


def _tables(facts: Facts) -> tuple[TableRows, ...]:
    return tuple(
        TableRows(
            table=name,
            read=held.rows.read,
            rejected=held.rows.rejected,
            repeated=held.rows.repeated,
        )
        for name, held in facts.tables.items()
    )

"""Review: a program and facts to decisions and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.core.summaries import LeftOut
from assay.engine.compile import Moment, compile_review, window_start
from assay.engine.duck import Session
from assay.engine.findings import decisions_sql, findings_sql
from assay.engine.left_out import left_out
from assay.engine.spark import SPARK_ADDRESSES, judge_on_spark
from assay.tables.held import Facts
from assay.tables.watch import OnWork, watched

DUCKDB = "duckdb"


@dataclass(frozen=True, kw_only=True)
class Review:
    """The outcome of a review.

    `decisions`: columns `partner_id` (the subject's key), `tier`; a row a subject, by key.
    `findings`: key, `tier`, `requirement`, `outcome` (met, not_met, unknown), `measured` (JSON);
    by key, tier and requirement in the program's order. `judged`: what they are written from, a
    row a subject, with the columns that `engine.compile` documents. `windows` maps each window
    to its first day (None: no first day); every window ends before `cut_off`.
    """

    program: Program
    on: date
    cut_off: date
    windows: Mapping[str, date | None]
    decisions: pa.Table
    findings: pa.Table
    judged: pa.Table
    left_out: tuple[LeftOut, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many subjects hold each tier, lowest tier first, `none` before all."""
        found = dict.fromkeys(("none", *self.program.tiers), 0)
        for tier in self.decisions["tier"].to_pylist():
            found[tier] += 1
        return found


def review(
    program: Program,
    facts: Facts,
    *,
    on: date,
    engine: str = DUCKDB,
    scratch: Path,
    on_work: OnWork | None = None,
) -> Review:
    """Review every subject on day `on`.

    `engine` is `duckdb`, or the address of a Spark master (`spark://HOST:PORT`) or Spark Connect
    server (`sc://HOST:PORT`). The outcome is the same on each. `scratch` takes temporary files.
    Raises Refused where the engine is not known or fails.
    """
    if engine != DUCKDB and not engine.startswith(SPARK_ADDRESSES):
        hint = f"{DUCKDB}, or an address that begins with {' or '.join(SPARK_ADDRESSES)}"
        raise Refused(Issue(file=engine, message="no such engine", hint=hint))
    moment = Moment.of(program, on)
    compiled = compile_review(program, on, totals=facts.totals)
    with Session.open(facts, program.vocabulary, scratch=scratch) as session:
        if engine == DUCKDB:
            rows = sum(held.rows.read for held in facts.tables.values())
            with watched(session.connection, "reviewing", rows=rows, on_work=on_work):
                session.judge(compiled, moment)
        else:
            session.take(judge_on_spark(engine, session, compiled, moment, scratch=scratch))
        return Review(
            program=program,
            on=on,
            cut_off=moment.cut_off,
            windows={
                name: window_start(window, moment.cut_off)
                for name, window in program.windows.items()
            },
            decisions=session.rows(decisions_sql(program)),
            findings=session.rows(findings_sql(program)),
            judged=session.rows("SELECT * FROM judged"),
            left_out=left_out(session),
        )

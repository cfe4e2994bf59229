"""The rows behind a measure: those that count, those that may, those left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from assay.core.explanations import Evidence, EvidenceRow, Standing
from assay.core.facts import Type
from assay.core.program import Measure, Program
from assay.engine.compile import (
    Moment,
    instant,
    needed_relations,
    relation_sql,
    rows_of,
    select_sql,
    window_start,
)
from assay.engine.duck import Session
from assay.engine.reasons import not_known, why_not
from assay.tables.duck import named, quoted

EDGE_DAYS = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def evidence_of(
    session: Session,
    program: Program,
    moment: Moment,
    subjects: Mapping[str, Iterable[str]],
    *,
    most_rows: int,
) -> dict[str, dict[str, Evidence]]:
    """Return the evidence of measures, each for its `subjects`, by subject and measure.

    A measure is one question however many subjects there are.
    """
    for name, rows in session.calendars(program.vocabulary.calendars, moment).items():
        session.connection.register(name, rows)
    found: dict[str, dict[str, Evidence]] = {}
    for name, asked in subjects.items():
        measure = program.measure(name)
        for subject, evidence in _evidence(
            session, program, measure, moment, tuple(asked), most_rows
        ).items():
            found.setdefault(subject, {})[name] = evidence
    return found


def _evidence(
    session: Session,
    program: Program,
    measure: Measure,
    moment: Moment,
    subjects: tuple[str, ...],
    most_rows: int,
) -> dict[str, Evidence]:
    source = rows_of(program.vocabulary, measure.source)
    key = program.vocabulary.tables[program.vocabulary.subject].key[0]
    order = ", ".join(map(named, [*filter(None, [source.dated]), *source.columns]))
    looked_at = _query(session, f"{rows_sql(program, measure, moment, subjects)} ORDER BY {order}")
    relation = program.vocabulary.relations.get(measure.source)
    if relation is not None and relation.left_out is not None:
        key = relation.subject
        sql = select_sql(relation.left_out, moment)
        looked_at += _query(
            session,
            f"SELECT *, '{Standing.LEFT_OUT}' AS __standing, FALSE AS __near, "
            f"reason AS __reason FROM ({sql}) WHERE {among(key, subjects)} ORDER BY ALL",
        )
    counts = {subject: dict.fromkeys(Standing, 0) for subject in subjects}
    rows: dict[str, list[EvidenceRow]] = {subject: [] for subject in subjects}
    for cells in looked_at:
        subject, standing = str(cells[key]), Standing(cells.pop("__standing"))
        counts[subject][standing] += 1
        near, reason = bool(cells.pop("__near")), cells.pop("__reason")
        cells.pop("reason", None)
        if counts[subject][standing] <= most_rows:
            dated = _day(cells.get(source.dated) if source.dated else None)
            rows[subject].append(
                EvidenceRow(
                    cells=cells, dated=dated, standing=standing, near_edge=near, reason=reason
                )
            )
    columns = {column.name: column.type for column in source.columns.values()}
    return {
        subject: Evidence(
            measure=measure.name,
            source=measure.source,
            columns=columns,
            counts=counts[subject],
            rows=tuple(rows[subject]),
        )
        for subject in subjects
    }


def among(key: str, subjects: Iterable[str]) -> str:
    """Write the condition that a column names one of `subjects`, at least one."""
    return f"{named(key)} IN ({', '.join(map(quoted, subjects))})"


def _query(session: Session, sql: str) -> list[dict[str, Any]]:
    return [
        {name: int(cell) if isinstance(cell, Decimal) else cell for name, cell in row.items()}
        for row in session.rows(sql).to_pylist()
    ]


def _day(cell: object) -> date | None:
    if isinstance(cell, int):
        return (_EPOCH + timedelta(microseconds=cell)).date()
    return cell if isinstance(cell, date) else None


def rows_sql(
    program: Program,
    measure: Measure,
    moment: Moment,
    subjects: Iterable[str],
    *,
    held: bool = False,
) -> str:
    """Write the SELECT of the subjects' rows looked at for a measure, with what became of each.

    They come in no order.

    Beside the source's columns: `__standing`, `__near` (within a week of the window's edges) and
    `__reason` (NULL for a row that counts). With `held` the session has tables of the derived
    relations already.
    """
    vocabulary = program.vocabulary
    source = rows_of(vocabulary, measure.source)
    relations = ", ".join(
        f"{named(name)} AS ({relation_sql(vocabulary, name, moment)})"
        for name in ([] if held else needed_relations(vocabulary, [measure.source]))
    )
    tests = _tests(program, measure, moment)
    reasons = " ".join(f"WHEN {test} THEN {quoted(reason)}" for test, (reason, _) in tests.items())
    standings = " ".join(f"WHEN {test} THEN '{standing}'" for test, (_, standing) in tests.items())
    key = vocabulary.tables[vocabulary.subject].key[0]
    columns = ", ".join(named(column) for column in source.columns)
    standing = f"CASE {standings} ELSE '{Standing.COUNTED}' END" if tests else "'counted'"
    return (
        f"{f'WITH {relations} ' if relations else ''}"
        f"SELECT {columns}, {standing} AS __standing, "
        f"{_near_sql(program, measure, moment)} AS __near, "
        f"{f'CASE {reasons} END' if tests else 'NULL'} AS __reason "
        f"FROM {named(measure.source)} WHERE {among(key, subjects)}"
    )


def _tests(
    program: Program, measure: Measure, moment: Moment
) -> Mapping[str, tuple[str, Standing]]:
    """Map the SQL of each way not to count to its reason and standing; first come, first told."""
    tests: dict[str, tuple[str, Standing]] = {}
    source = rows_of(program.vocabulary, measure.source)
    if measure.window is not None and source.dated is not None:
        column, kind = named(source.dated), source.columns[source.dated].type
        start = window_start(program.windows[measure.window], moment.cut_off)
        if start is not None:
            first = _edge(start, kind, program.time_zone)
            tests[f"{column} < {first}"] = (f"before {start}", Standing.LEFT_OUT)
        last = _edge(moment.cut_off, kind, program.time_zone)
        tests[f"{column} >= {last}"] = (f"on or after {moment.cut_off}", Standing.LEFT_OUT)
    for part in measure.where:
        tests[f"NOT ({part.sql})"] = (why_not(part.text), Standing.LEFT_OUT)
    for part in measure.where:
        if part.may_be_unknown:
            tests[f"({part.sql}) IS NULL"] = (not_known(part.columns), Standing.MAY_COUNT)
    if measure.value is not None and measure.value.may_be_unknown:
        tests[f"{measure.value.sql} IS NULL"] = (
            not_known(measure.value.columns),
            Standing.MAY_COUNT,
        )
    return tests


def _edge(day: date, kind: Type, zone: str) -> str:
    return str(instant(day, zone)) if kind is Type.INSTANT else f"DATE '{day}'"


def _near_sql(program: Program, measure: Measure, moment: Moment) -> str:
    """Write whether a row is dated within a week of an edge of the measure's window."""
    source = rows_of(program.vocabulary, measure.source)
    if measure.window is None or source.dated is None:
        return "FALSE"
    column, kind = named(source.dated), source.columns[source.dated].type
    start = window_start(program.windows[measure.window], moment.cut_off)
    near = []
    for edge in (start, moment.cut_off):
        if edge is not None:
            low = _edge(edge - timedelta(days=EDGE_DAYS), kind, program.time_zone)
            high = _edge(edge + timedelta(days=EDGE_DAYS), kind, program.time_zone)
            near.append(f"({column} >= {low} AND {column} < {high})")
    return " OR ".join(near)

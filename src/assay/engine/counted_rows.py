"""The rows that a measure counts, of every subject."""

from __future__ import annotations

from typing import Any

from assay.core.program import Measure, Program
from assay.engine.compile import Moment, needed_relations, relation_sql, rows_of, window_sql
from assay.engine.duck import Session
from assay.tables.duck import named


def counted_rows(
    session: Session, program: Program, measure: Measure, moment: Moment
) -> list[dict[str, Any]]:
    """Return the rows that count for a measure, in stored types, in the order of their columns."""
    vocabulary = program.vocabulary
    relations = ", ".join(
        f"{named(name)} AS ({relation_sql(vocabulary, name, moment)})"
        for name in needed_relations(vocabulary, [measure.source])
    )
    source = rows_of(vocabulary, measure.source)
    tests = [part.sql for part in measure.where]
    if measure.window is not None and source.dated is not None:
        kind = source.columns[source.dated].type
        tests.append(window_sql(program, measure.window, moment, kind=kind, column=source.dated))
    given = f"WITH {relations} " if relations else ""
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    columns = ", ".join(map(named, source.columns))
    sql = f"{given}SELECT {columns} FROM {named(measure.source)}{where} ORDER BY ALL"
    return list(session.rows(sql).to_pylist())

"""Rows that no review counts, since what they refer to is not known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from assay.core.facts import Column, Table
from assay.core.summaries import LeftOut
from assay.engine.compile import totals_name
from assay.engine.duck import Session
from assay.tables.duck import named

MOST_NAMED = 20


def left_out(session: Session) -> tuple[LeftOut, ...]:
    """Count the rows that a review leaves out: their way to a subject breaks off.

    A column that may be empty, or a table with its own subject column, leaves out by that column
    alone: a sale counts by its partner, known app or not.
    """
    return _counted(
        session,
        [
            (table, column)
            for table in session.vocabulary.tables.values()
            for column in _decisive(session, table)
        ],
    )


def unresolved(session: Session) -> tuple[LeftOut, ...]:
    """Count every row with a reference to nothing, whether a review counts the row or not."""
    return _counted(
        session,
        [
            (table, column)
            for table in session.vocabulary.tables.values()
            for column in table.columns.values()
            if column.references is not None
        ],
    )


def _decisive(session: Session, table: Table) -> list[Column]:
    referring = [column for column in table.columns.values() if column.references is not None]
    own = [c for c in referring if c.references == session.vocabulary.subject]
    return own or referring


def _counted(session: Session, referring: Sequence[tuple[Table, Column]]) -> tuple[LeftOut, ...]:
    """Count, for each column that refers to something, the rows whose value is not known."""
    asked = " UNION ALL ".join(
        f"SELECT {place} AS place, * FROM ({_unknown_sql(session, table, column)})"
        for place, (table, column) in enumerate(referring)
    )
    found = session.connection.execute(f"{asked} ORDER BY ALL").fetchall() if referring else []
    return tuple(
        LeftOut(
            table=referring[place][0].name,
            column=referring[place][1].name,
            rows=sum(int(rows) for _, _, rows in values),
            values=tuple(value for _, value, _ in values[:MOST_NAMED]),
        )
        for place, values in ((p, list(v)) for p, v in groupby(found, key=itemgetter(0)))
    )


def _unknown_sql(session: Session, table: Table, column: Column) -> str:
    """Write the SELECT of the values of a column that are not known, and the rows of each."""
    by_month = table.name in session.facts.totals and column.name in table.totals_by
    source = totals_name(table.name) if by_month else table.name
    rows = "sum(row_count)" if by_month else "count(*)"
    cell = named(column.name)
    return (
        f"SELECT {cell}::VARCHAR AS value, rows FROM (SELECT {cell}, {rows} AS rows "
        f"FROM {named(source)} WHERE {cell} IS NOT NULL GROUP BY {cell}) "
        f"WHERE rows > 0 AND {cell} NOT IN ({_known_sql(session, str(column.references))})"
    )


def _known_sql(session: Session, table: str) -> str:
    """Write the SELECT of every name by which rows of `table` are known."""
    key = session.vocabulary.tables[table].key[0]
    names = [f"SELECT {named(key)} FROM {named(table)}"]
    names += [
        f"SELECT {named(other.key[0])} FROM {named(other.name)}"
        for other in session.vocabulary.tables.values()
        if other.names_of == table
    ]
    return " UNION ALL ".join(names)

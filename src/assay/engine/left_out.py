"""Rows that no review counts, since what they refer to is not known."""

from __future__ import annotations

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
    found = (
        _count(session, table, column)
        for table in session.vocabulary.tables.values()
        for column in _decisive(session, table)
    )
    return tuple(out for out in found if out.rows)


def unresolved(session: Session) -> tuple[LeftOut, ...]:
    """Count every row with a reference to nothing, whether a review counts the row or not."""
    found = (
        _count(session, table, column)
        for table in session.vocabulary.tables.values()
        for column in table.columns.values()
        if column.references is not None
    )
    return tuple(out for out in found if out.rows)


def _decisive(session: Session, table: Table) -> list[Column]:
    referring = [column for column in table.columns.values() if column.references is not None]
    own = [c for c in referring if c.references == session.vocabulary.subject]
    return own or referring


def _count(session: Session, table: Table, column: Column) -> LeftOut:
    by_month = table.name in session.facts.totals and column.name in table.totals_by
    source = totals_name(table.name) if by_month else table.name
    rows = "sum(row_count)" if by_month else "count(*)"
    known = _known_sql(session, str(column.references))
    cell = named(column.name)
    counted = session.connection.execute(
        f"SELECT * FROM (SELECT {cell}, {rows} AS rows FROM {named(source)} "
        f"WHERE {cell} IS NOT NULL GROUP BY {cell}) "
        f"WHERE rows > 0 AND {cell} NOT IN ({known}) ORDER BY {cell}"
    ).fetchall()
    return LeftOut(
        table=table.name,
        column=column.name,
        rows=sum(int(count) for _, count in counted),
        values=tuple(str(value) for value, _ in counted[:MOST_NAMED]),
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

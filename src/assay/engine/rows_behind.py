"""The rows behind a measure, a page at a time: narrowed, sorted, counted and added up by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assay.core.explanations import Standing
from assay.core.facts import Relation, Table, Type
from assay.core.program import Aggregate, Measure, Program
from assay.engine.compile import (
    Moment,
    instant,
    needed_relations,
    relation_sql,
    rows_of,
    select_sql,
)
from assay.engine.duck import Session
from assay.engine.evidence import rows_sql
from assay.tables.duck import named, quoted

STANDING, REASON = "__standing", "__reason"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows, in which order; what is left empty narrows nothing.

    `equal` maps columns to the value they must have, `month` is the first day of the month that
    dates the row, `search` a part of the row's key. `order` names columns, `-` before one that
    falls; rows that are equal in it stand in the order of all their columns.
    """

    equal: Mapping[str, str] = field(default_factory=dict)
    month: date | None = None
    standing: Standing | None = None
    search: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many rows of one standing there are, and what they add up to (of a sum alone)."""

    count: int
    total: int | None


@dataclass(frozen=True, kw_only=True)
class Outline:
    """All the rows in brief, whatever is wanted of them.

    `choices` has the values of some columns, sorted; `months` the first day of every month that
    dates a row, the newest first.
    """

    tallies: Mapping[Standing, Tally]
    choices: Mapping[str, list[str]]
    months: list[date]


class RowsBehind:
    """The rows looked at for one measure of one subject: those that count and those left out.

    They are read once, into a table of the session. Each row is a dict of the source's columns
    in stored types, with `STANDING` and `REASON`.
    """

    def __init__(
        self, session: Session, program: Program, measure: Measure, moment: Moment, subject: str
    ) -> None:
        """Read the rows; the session holds the relations of the measure (`hold_relations`)."""
        self.session = session
        self.program = program
        self.measure = measure
        self.source = rows_of(program.vocabulary, measure.source)
        self.table = named(f"behind {measure.name} of {subject}")
        self.outlines: dict[tuple[str, ...], Outline] = {}
        ((self.many,),) = session.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {self.table} AS "
            f"{_all_rows(program, measure, moment, subject)}"
        ).fetchall()

    def drop(self) -> None:
        """Give the rows' memory back."""
        self.session.connection.execute(f"DROP TABLE IF EXISTS {self.table}")

    @property
    def columns(self) -> Mapping[str, Type]:
        """The columns of a row with their types."""
        return {column.name: column.type for column in self.source.columns.values()}

    def count(self, wanted: Wanted) -> int:
        """Count the rows that are wanted."""
        where = self._where(wanted)
        if not where:
            return int(self.many)
        ((found,),) = self._fetch(f"SELECT count(*) FROM {self.table}{where}")
        return int(found)

    def rows(
        self, wanted: Wanted, *, first: int = 0, many: int | None = None
    ) -> list[dict[str, Any]]:
        """Return `many` of the rows that are wanted, from number `first` on; all without it."""
        order = [f"{named(name.lstrip('-'))} {_way(name)}" for name in wanted.order]
        columns = ", ".join(map(named, self.source.columns))
        limit = "" if many is None else f" LIMIT {many:d} OFFSET {first:d}"
        found = self._fetch(
            f"SELECT {columns}, {STANDING}, {REASON} FROM {self.table}{self._where(wanted)} "
            f"ORDER BY {', '.join([*order, columns])}{limit}"
        )
        names = (*self.source.columns, STANDING, REASON)
        return [
            {
                name: int(cell) if isinstance(cell, Decimal) else cell
                for name, cell in zip(names, row, strict=True)
            }
            for row in found
        ]

    def outline(self, columns: Sequence[str]) -> Outline:
        """Tell all the rows in brief, with the values of `columns`; asked once."""
        key = tuple(columns)
        if key not in self.outlines:
            self.outlines[key] = self._outline(key)
        return self.outlines[key]

    def _outline(self, columns: tuple[str, ...]) -> Outline:
        value, dated = self.measure.value, self.source.dated
        summed = self.measure.aggregate is Aggregate.SUM and value is not None
        total = f"sum({value.sql})" if summed and value is not None else "NULL"
        month = f"date_trunc('month', {self._dated(dated)})::DATE" if dated else "NULL"
        chosen = "".join(f", {named(column)}::VARCHAR" for column in columns)
        found = self._fetch(
            f"SELECT {STANDING}, count(*), {total}, {month}{chosen} FROM {self.table} GROUP BY ALL"
        )
        groups = {standing: [row for row in found if row[0] == standing] for standing in Standing}
        return Outline(
            tallies={
                standing: Tally(
                    count=sum(row[1] for row in rows),
                    total=sum(int(row[2] or 0) for row in rows) if summed else None,
                )
                for standing, rows in groups.items()
            },
            months=sorted({row[3] for row in found} - {None}, reverse=True),
            choices={
                column: sorted({row[place] for row in found} - {None})
                for place, column in enumerate(columns, start=4)
            },
        )

    def _dated(self, column: str) -> str:
        instant_ = self.source.columns[column].type is Type.INSTANT
        return f"make_timestamp({named(column)})" if instant_ else named(column)

    def _fetch(self, sql: str) -> list[Any]:
        return self.session.connection.execute(sql).fetchall()

    def _where(self, wanted: Wanted) -> str:
        tests = [
            f"{named(column)}::VARCHAR = {quoted(value)}" for column, value in wanted.equal.items()
        ]
        if wanted.standing is not None:
            tests.append(f"{STANDING} = {quoted(wanted.standing)}")
        if wanted.month is not None and self.source.dated is not None:
            tests.append(self._in_month(wanted.month, self.source.dated))
        if wanted.search:
            part = quoted(wanted.search.lower())
            keys = self._keys()
            found = " OR ".join(f"contains(lower({named(key)}::VARCHAR), {part})" for key in keys)
            tests.append(f"({found})")
        return f" WHERE {' AND '.join(tests)}" if tests else ""

    def _in_month(self, month: date, dated: str) -> str:
        following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
        if self.source.columns[dated].type is Type.INSTANT:
            zone = self.program.time_zone
            low, high = str(instant(month, zone)), str(instant(following, zone))
        else:
            low, high = f"DATE '{month}'", f"DATE '{following}'"
        return f"{named(dated)} >= {low} AND {named(dated)} < {high}"

    def _keys(self) -> list[str]:
        """Name the columns by which one looks for a row: its key, or what names it."""
        source = self.source
        if isinstance(source, Table):
            return list(source.key)
        subject = self.program.vocabulary.tables[self.program.vocabulary.subject].key[0]
        texts = (c.name for c in source.columns.values() if c.type is Type.TEXT)
        return [name for name in texts if name != subject]


def _way(name: str) -> str:
    return "DESC NULLS LAST" if name.startswith("-") else "ASC NULLS LAST"


def _all_rows(program: Program, measure: Measure, moment: Moment, subject: str) -> str:
    """Write the SELECT of rows looked at, and of those that the relation leaves out."""
    looked_at = rows_sql(program, measure, moment, [subject], held=True)
    relation = program.vocabulary.relations.get(measure.source)
    if relation is None or relation.left_out is None:
        return looked_at
    return f"({looked_at}) UNION ALL BY NAME ({_left_out(relation, subject)})"


def _left_out(relation: Relation, subject: str) -> str:
    return (
        f"SELECT * EXCLUDE (reason), '{Standing.LEFT_OUT}' AS {STANDING}, FALSE AS __near, "
        f"reason AS {REASON} FROM {_left_out_table(relation)} "
        f"WHERE {named(relation.subject)} = {quoted(subject)}"
    )


def _left_out_table(relation: Relation) -> str:
    return named(f"{relation.name}__left_out")


def hold_relations(session: Session, program: Program, source: str, moment: Moment) -> None:
    """Hold the relations that a source reads as tables: of everybody, for whoever comes next.

    The session has the calendars of `moment`, and is asked of no other.
    """
    for name in needed_relations(program.vocabulary, [source]):
        session.connection.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {named(name)} AS "
            f"{relation_sql(program.vocabulary, name, moment)}"
        )
    relation = program.vocabulary.relations.get(source)
    if relation is not None and relation.left_out is not None:
        session.connection.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {_left_out_table(relation)} AS "
            f"{select_sql(relation.left_out, moment)}"
        )


def hold_facts(session: Session, program: Program, table: str) -> None:
    """Hold a fact table that has the subject's key in memory, in its order."""
    key = program.vocabulary.tables[program.vocabulary.subject].key[0]
    if key not in program.vocabulary.tables[table].columns:
        return
    session.connection.execute(
        f"CREATE TEMP TABLE held AS SELECT * FROM {named(table)} ORDER BY {named(key)}; "
        f"DROP VIEW {named(table)}; ALTER TABLE held RENAME TO {named(table)}"
    )

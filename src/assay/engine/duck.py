"""DuckDB, embedded: facts as views, calendars as tables, one compiled SELECT."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from assay.core.facts import Calendar, Type, Vocabulary
from assay.engine.calendars import calendar_rows
from assay.engine.compile import Compiled, Moment, totals_name
from assay.tables.duck import connect, named
from assay.tables.held import Facts


@dataclass
class Session:
    """A DuckDB connection with the facts of one review as views."""

    connection: duckdb.DuckDBPyConnection
    facts: Facts
    vocabulary: Vocabulary

    @classmethod
    def open(cls, facts: Facts, vocabulary: Vocabulary, *, scratch: Path) -> Self:
        """Open a connection and name every table, and the monthly totals that are kept."""
        connection = connect(scratch=scratch)
        for name, held in facts.tables.items():
            connection.execute(f"CREATE TEMP VIEW {named(name)} AS {held.sql}")
        for name, held in facts.totals.items():
            connection.execute(f"CREATE TEMP VIEW {named(totals_name(name))} AS {held.sql}")
        return cls(connection, facts, vocabulary)

    def __enter__(self) -> Self:
        """Enter the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.connection.close()

    def calendars(self, names: Iterable[str], moment: Moment) -> dict[str, pa.Table]:
        """Compute the calendars a compiled SELECT reads, from the first instant of the facts."""
        since = self._first_instant(moment)
        return {
            name: calendar_rows(
                self.vocabulary.calendars[name].days,
                self._zones(self.vocabulary.calendars[name]),
                starts_at=since,
                ends_at=moment.cut_off_at,
            )
            for name in names
        }

    def judge(self, compiled: Compiled, moment: Moment) -> None:
        """Run a compiled review into the table `judged`."""
        for name, rows in self.calendars(compiled.calendars, moment).items():
            self.connection.register(name, rows)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {compiled.sql}")

    def rows(self, sql: str) -> pa.Table:
        """Run a SELECT and return its rows."""
        return self.connection.sql(sql).to_arrow_table()

    def take(self, judged: pa.Table) -> None:
        """Hold as `judged` the rows that another engine computed from the same SELECT."""
        self.connection.register("judged_elsewhere", judged)
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE judged AS SELECT * FROM judged_elsewhere"
        )

    def _zones(self, calendar: Calendar) -> list[str]:
        table, _, column = calendar.zones.partition(".")
        rows = self.connection.execute(
            f"SELECT DISTINCT {named(column)} FROM {named(table)} WHERE {named(column)} IS NOT NULL"
        ).fetchall()
        return [str(zone) for (zone,) in rows]

    def _first_instant(self, moment: Moment) -> int:
        """Return the earliest instant that dates a fact, or the cut-off where none does."""
        firsts = [moment.cut_off_at]
        for table in self.vocabulary.tables.values():
            if table.dated is not None and table.columns[table.dated].type is Type.INSTANT:
                row = self.connection.execute(
                    f"SELECT min({named(table.dated)}) FROM {named(table.name)}"
                ).fetchone()
                if row is not None and row[0] is not None:
                    firsts.append(int(row[0]))
        return min(firsts)

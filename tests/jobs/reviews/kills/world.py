"""Where jobs are killed: a database and attached files, looked at from outside and set back.

Of what is drawn by lot, and of digests over it, only that it is there is compared. Numbers that a
transaction took and lost are given again, so that all else is the same to the last byte.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

State = dict[str, tuple[int, str]]  # of a table: how many rows, and their digest

_BADGE = "CASE WHEN act LIKE 'badge%' THEN '' ELSE {} END"
_BY_LOT = {
    ("store_mail", "message_id"): "''",
    ("store_creditentry", "uid"): "''",
    ("store_appealfile", "file"): "''",
    ("store_badge", "number"): "''",
    ("store_badge", "place"): "''",
    ("store_badge", "token"): "''",
    ("store_event", "target"): _BADGE.format("target"),
    ("store_event", "content"): _BADGE.format("content"),
    ("store_link", "previous"): "''",
    ("store_link", "digest"): "''",
}
_COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
FROM information_schema.columns
WHERE table_schema = 'public' AND (table_name LIKE 'store\\_%' OR table_name = 'procrastinate_jobs')
GROUP BY 1 ORDER BY 1
"""
_SEQUENCES = """
SELECT s.oid::regclass::text, t.oid::regclass::text, a.attname
FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND t.oid::regclass::text = ANY(%s)
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class World:
    """A database, and the files that are attached in it; `files` is where a job finds them.

    While it is entered, a connection that no job uses looks at it.
    """

    def __init__(self, url: str, database: str, files: Path) -> None:
        self.url, self.database, self.files = url, database, files
        self._own_files = files.with_name(f"files of {database}")
        self._kept: tuple[str, ...] = ()

    def copied(self, database: str) -> World:
        """Return a copy, whose transactions last as long as the server does: nobody kills that."""
        names = {"copy": sql.Identifier(database), "this": sql.Identifier(self.database)}
        with psycopg.connect(self.url, autocommit=True) as server:
            for act in (
                "CREATE DATABASE {copy} TEMPLATE {this}",
                "ALTER DATABASE {copy} SET synchronous_commit = off",
            ):
                server.execute(sql.SQL(act).format(**names))
        copy = World(self.url, database, self.files)
        if self._own_files.exists():
            shutil.copytree(self._own_files, copy._own_files)
        return copy

    def __enter__(self) -> Self:
        self._looking = psycopg.connect(self.url, dbname=self.database, autocommit=True)
        tables = self._all(_COLUMNS)
        self._states = " UNION ALL ".join(_state_of(*row) for row in tables)
        self._numbers = self._numbers_of([name for name, _ in tables])
        self._from, self._seen = 0, State()
        self._bring_files()
        self.give_numbers_again()
        return self

    def __exit__(self, *_error: object) -> None:
        self._looking.close()

    def state(self) -> State:
        """Return what is committed, once whoever was killed is gone."""
        first, after = self._moment()
        if self._committed(self._from, after):
            rows = self._looking.execute(self._states, prepare=True).fetchall()
            self._seen = {name: (count, digest) for name, count, digest in rows}
        self._from = first
        return self._seen

    def alone(self) -> None:
        """Wait until the server has noticed that whoever was killed is gone."""
        while self._one(_OTHERS):
            time.sleep(0.002)

    def keep(self, tables: Iterable[str]) -> None:
        """Keep the rows of the tables that a job changes."""
        self._kept = tuple(tables)
        for name in self._kept:
            self._looking.execute(f"CREATE UNLOGGED TABLE kept_{name} AS TABLE {name}")
        self._numbers = self._numbers_of(self._kept)

    def set_back(self) -> None:
        """Set tables to what was kept, whatever protects them, and bring the files back."""
        with self._looking.transaction():
            self._looking.execute("SET LOCAL session_replication_role = replica")
            for name in self._kept:
                self._looking.execute(f"DELETE FROM {name}")
                rows = f"INSERT INTO {name} OVERRIDING SYSTEM VALUE TABLE kept_{name}"
                self._looking.execute(rows)
        self._bring_files()

    def give_numbers_again(self) -> None:
        """Give numbers again that transactions took and lost; no row changes by it."""
        self.state()
        self._looking.execute(self._numbers, prepare=True)
        self._from = self._moment()[0]

    def keep_files(self) -> None:
        """Keep the files as a job left them."""
        if self.files.exists():
            shutil.rmtree(self._own_files, ignore_errors=True)
            shutil.copytree(self.files, self._own_files)

    def _bring_files(self) -> None:
        shutil.rmtree(self.files, ignore_errors=True)
        if self._own_files.exists():
            shutil.copytree(self._own_files, self.files)

    def _numbers_of(self, tables: Iterable[str]) -> str:
        return " UNION ALL ".join(
            f"SELECT setval('{sequence}', coalesce(max({column}), 1), max({column}) IS NOT NULL)"
            f" FROM {table}"
            for sequence, table, column in self._all(_SEQUENCES, list(tables))
        )

    def _moment(self) -> tuple[int, int]:
        """Return the first transaction that has not ended, and the first that has not begun."""
        ask = "SELECT pg_snapshot_xmin(now), pg_snapshot_xmax(now) FROM pg_current_snapshot() now"
        first, after = self._looking.execute(ask, prepare=True).fetchone()
        return int(first), int(after)

    def _committed(self, first: int, after: int) -> bool:
        """Tell whether any transaction of a range has changed something."""
        if not first:
            return True
        ask = (
            "SELECT count(*) FROM generate_series(%s::bigint, %s::bigint) AS number"
            " WHERE pg_xact_status(number::text::xid8) = 'committed'"
        )
        (count,) = self._looking.execute(ask, (first, after - 1), prepare=True).fetchone()
        return bool(count)

    def _all(self, ask: str, *values: object) -> list[Any]:
        return self._looking.execute(ask, values or None).fetchall()

    def _one(self, ask: str) -> Any:
        (found,) = self._looking.execute(ask, prepare=True).fetchone()
        return found


def _state_of(table: str, columns: list[str]) -> str:
    """Write the question for the state of a table; of what waits to be done, what it is."""
    if table == "procrastinate_jobs":
        columns = ["task_name", "args"]
    parts = ", ".join(_BY_LOT.get((table, name), f'"{name}"') for name in columns)
    return (
        f"SELECT '{table}', count(*), md5(string_agg(line, '|' ORDER BY line))"
        f" FROM (SELECT ROW({parts})::text AS line FROM {table}) AS lines"
    )

"""The one way a DuckDB connection is opened: nothing fetched, memory bounded, UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much memory rows may take.

    DuckDB's limit, and the one while it judges; how many rows are handed over at once, and how
    many slices of rows are sorted at once.
    """

    memory: str
    judging: str
    rows_at_once: int
    slices: int


# A whole process stays below 1.5 GiB, or below 512 MiB: Arrow, Python and the readers take a share.
AMPLE = Room(memory="1GB", judging="600MB", rows_at_once=250_000, slices=8)
NARROW = Room(memory="110MB", judging="150MB", rows_at_once=30_000, slices=1)
_room: ContextVar[Room] = ContextVar("room", default=AMPLE)


def room() -> Room:
    """Return the room that rows have here and now."""
    return _room.get()


@contextmanager
def within(given: Room) -> Iterator[None]:
    """Give rows another room than AMPLE, inside."""
    token = _room.set(given)
    try:
        yield
    finally:
        _room.reset(token)


def connect(
    *, scratch: Path | None = None, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that spills to `scratch` and loads no extension by itself."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": room().memory,
        }
    )
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    if scratch is not None:
        connection.execute(f"SET temp_directory = {quoted(str(scratch))}")
    if threads is not None:
        connection.execute(f"SET threads = {threads:d}")
    return connection


def quoted(text: str) -> str:
    """Write `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """Write `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def parquet(paths: tuple[str, ...]) -> str:
    """Write a table function that reads the Parquet files `paths`, at least one."""
    return f"read_parquet([{', '.join(quoted(path) for path in paths)}])"

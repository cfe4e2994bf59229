"""The one way a DuckDB connection is opened: nothing fetched, memory bounded, UTC."""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY_LIMIT = "1GB"  # leaves room under 1.5 GiB for Arrow, Python and the readers


def connect(
    *, scratch: Path | None = None, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that spills to `scratch` and loads no extension by itself."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY_LIMIT,
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

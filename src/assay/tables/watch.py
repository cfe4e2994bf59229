"""Watch long statements: how far DuckDB is, told a few times a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

_SECONDS_BETWEEN = 0.2


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is being done, the share of it that is done (0 to 1), and its rows, if known."""

    what: str
    done: float
    rows: int | None


OnWork = Callable[[Work], None]


@contextmanager
def watched(
    connection: duckdb.DuckDBPyConnection, what: str, *, rows: int | None, on_work: OnWork | None
) -> Iterator[None]:
    """Tell `on_work` how far the statements are that `connection` runs inside; None: nobody.

    What is done within a fifth of a second is not told.
    """
    if on_work is None:
        yield
        return
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    finished = threading.Event()

    def tell() -> None:
        while not finished.wait(_SECONDS_BETWEEN):
            share = min(max(connection.query_progress() / 100, 0.0), 1.0)
            on_work(Work(what=what, done=share, rows=rows))

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        finished.set()
        teller.join()

"""A job that is killed where it calls something: by a hook, not by a clock.

The hook is Python's own profiler: it is told of every call that the product's code makes into
the operating system, DuckDB, Arrow or Delta Lake, and for jobs into PostgreSQL, before and after.
`kill -9` comes at the one whose number is asked for.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from types import FrameType

server = multiprocessing.get_context("forkserver")
server.set_forkserver_preload(["tests.killed", "assay.jobs.imports.import_reports"])


def product(frame: FrameType) -> str:  # pragma: no cover - Python traces nothing in a profiler
    """Name the product's module, or that of Delta Lake's commits, whose code calls; else ""."""
    module = str(frame.f_globals.get("__name__", ""))
    ours = module.startswith(("assay.", "deltalake.table"))
    return module if ours and not module.startswith("assay.core") else ""


def job(frame: FrameType) -> str:  # pragma: no cover - Python traces nothing in a profiler
    """Name the job whose code calls, itself or by a statement to the database; else ""."""
    module = str(frame.f_globals.get("__name__", ""))
    if not module.startswith(("assay.jobs.", "psycopg.connection", "psycopg.cursor")):
        return ""
    calling: FrameType | None = frame
    while calling is not None and not module.startswith("assay.jobs."):
        calling = calling.f_back
        module = "" if calling is None else str(calling.f_globals.get("__name__", ""))
    return module if calling is not None else ""


class Calls:
    """The calls of the code that `whose` names, counted; the process ends at number `last`."""

    def __init__(self, last: int | None, whose: Callable[[FrameType], str]) -> None:
        self.last, self.whose = last, whose
        self.names: list[str] = []

    def __call__(  # pragma: no cover - Python traces nothing inside a profiler
        self, frame: FrameType, event: str, called: object
    ) -> None:
        module = self.whose(frame) if event.startswith("c_") else ""
        if not module:
            return
        self.names.append(f"{module}:{getattr(called, '__name__', called)}:{event}")
        if len(self.names) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def calls_of(
    act: Callable[[], object],
    *,
    last: int | None = None,
    whose: Callable[[FrameType], str] = product,
) -> list[str]:
    """Do `act`, and list the calls made; with `last`, be killed at that one."""
    calls = Calls(last, whose)
    threading.setprofile(calls)
    sys.setprofile(calls)
    try:
        act()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return calls.names


def started(act: Callable[..., object], *args: object) -> ForkServerProcess:
    """Run `act` in a fresh process."""
    process = server.Process(target=act, args=args)
    process.start()
    return process

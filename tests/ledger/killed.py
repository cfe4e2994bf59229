"""An import that is killed where it calls something: by a hook, not by a clock.

The hook is Python's own profiler: it is told of every call that the product's code makes into
the operating system, DuckDB, Arrow or Delta Lake, before and after. `kill -9` comes at the one
whose number is asked for.
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
server.set_forkserver_preload(["tests.ledger.killed", "assay.jobs.imports.import_reports"])


class Calls:
    """The calls of the product's code, counted; the process ends at number `last`."""

    def __init__(self, last: int | None) -> None:
        self.last = last
        self.names: list[str] = []

    def __call__(  # pragma: no cover - Python traces nothing inside a profiler
        self, frame: FrameType, event: str, called: object
    ) -> None:
        module = frame.f_globals.get("__name__", "")
        if not event.startswith("c_") or not module.startswith(("assay.", "deltalake.table")):
            return
        if module.startswith("assay.core"):
            return
        self.names.append(f"{module}:{getattr(called, '__name__', called)}:{event}")
        if len(self.names) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def calls_of(act: Callable[[], object], *, last: int | None = None) -> list[str]:
    """Do `act`, and list the calls made; with `last`, be killed at that one."""
    calls = Calls(last)
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

"""A job that is killed at a point that it passes: by a hook, not by a clock.

Code that computes and writes files is hooked by Python's own profiler, which is told of every call
into the operating system, DuckDB, Arrow or Delta Lake, before and after. Jobs on the database are
hooked where psycopg waits for PostgreSQL, before and after, and where Python changes a file. Either
way `kill -9` comes at the point whose number is asked for.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from types import FrameType
from typing import Any

import psycopg

from tests.untraced import untraced_processes

server = multiprocessing.get_context("forkserver")
server.set_forkserver_preload(["tests.killed", "assay.jobs.imports.import_reports"])

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"}


class Points:
    """The points that were passed, by name; the process ends at number `last`.

    `look` is called at every one.
    """

    def __init__(self, last: int | None, look: Callable[[], None] | None = None) -> None:
        self.last, self.look = last, look
        self.names: list[str] = []

    def passed(self, name: str) -> None:  # pragma: no cover - Python traces nothing in a profiler
        self.names.append(name)
        if self.look is not None:
            self.look()
        if len(self.names) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def calls_of(act: Callable[[], object], *, last: int | None = None) -> list[str]:
    """Do `act`, and list the calls that our code makes; with `last`, be killed at that one."""
    points = Points(last)

    def told(frame: FrameType, event: str, called: object) -> None:  # pragma: no cover - as above
        module = _ours(frame) if event.startswith("c_") else ""
        if module:
            points.passed(f"{module}:{getattr(called, '__name__', called)}:{event}")

    threading.setprofile(told)
    sys.setprofile(told)
    try:
        act()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return points.names


def _ours(frame: FrameType) -> str:  # pragma: no cover - Python traces nothing in a profiler
    """Name the product's module, or that of Delta Lake's commits, whose code calls; else ""."""
    module = str(frame.f_globals.get("__name__", ""))
    ours = module.startswith(("assay.", "deltalake.table"))
    return module if ours and not module.startswith("assay.core") else ""


def steps_of(
    act: Callable[[], object], *, last: int | None = None, look: Callable[[], None] | None = None
) -> list[str]:
    """Do `act`, and list where its jobs ask the database or change a file, as JOB:LINE:WHAT.

    With `last`, be killed at that step. The hooks stay: this is for a process of its own.
    """
    points = Points(last, look)

    def passed(what: str) -> None:
        place = _job()
        if place:
            points.passed(f"{place}:{what}")

    def audited(event: str, told: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and told[2] & _WRITES):
            passed(event)

    def wait(connection: psycopg.Connection, *told: Any, **named: Any) -> Any:
        passed("asks")
        answer = waited(connection, *told, **named)
        passed("was answered")
        return answer

    waited = psycopg.Connection.wait
    psycopg.Connection.wait = wait
    sys.addaudithook(audited)
    act()
    return points.names


def _job() -> str:
    """Name the line of the innermost job that runs, as JOB:LINE; else ""."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - the way to a caller's frame
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("assay.jobs."):
            return f"{module.removeprefix('assay.jobs.')}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def started(act: Callable[..., object], *args: object) -> ForkServerProcess:
    """Run `act` in a fresh process, untraced: what is killed, other tests do."""
    with untraced_processes():
        forkserver.ensure_running()
    process = server.Process(target=act, args=args)
    process.start()
    return process

"""Serve an installation: web and worker under one parent that stops them cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from assay.site import settings

GRACE_SECONDS = 25


class Stopped(Exception):
    """Somebody asked the parent to stop."""


def main() -> int:
    """Run web and worker until one of them ends or a signal comes; returns the exit status.

    The environment (docs/settings.md) names the installation. The embedded database server, where
    it is used, ends with the parent.
    """
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    environment = {
        "MALLOC_ARENA_MAX": "2",  # threads that read rows share memory that is given back
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.__name__,
        "DATABASE_URL": settings.INSTALLATION.database_url(),
    }
    worker = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency=4"]
    commands = (_web(), worker)
    children = [
        subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own
        for command in commands
    ]
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
    except Stopped:
        status = 0
    else:
        print("assay: web or worker ended by itself; stopping.", file=sys.stderr)  # noqa: T201
        status = 1
    _end(children)
    return status


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Stopped


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask the children to finish what they do, and end those that take too long."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children:
        child.terminate()
    ends_at = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, ends_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _web() -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "assay.site.wsgi:application",
        f"--bind=127.0.0.1:{settings.PORT}",
        f"--workers={settings.WEB_PROCESSES}",
        f"--threads={settings.WEB_THREADS}",
        "--worker-class=gthread",
        "--preload",  # what is imported once is shared by the processes, and served sooner
        "--graceful-timeout=10",
        "--timeout=120",
        "--max-requests=10000",
        "--max-requests-jitter=1000",
        "--log-level=warning",
    ]


if __name__ == "__main__":
    sys.exit(main())

"""Serve an installation: web and worker under one parent that stops them cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType

GRACE_SECONDS = 20


def main() -> int:
    """Run web and worker until one ends or a signal comes; returns the exit status.

    The environment names the installation (`ASSAY_DIR`) and the port (`ASSAY_PORT`).
    """
    from assay.site.settings import DATABASES, INSTALLATION  # noqa: F401, PLC0415 - starts PostgreSQL

    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "assay.site.settings",
        "DATABASE_URL": INSTALLATION.database_url(os.environ.get("DATABASE_URL", "")),
    }
    children = [
        subprocess.Popen(command, env=environment)  # noqa: S603 - our own commands
        for command in (_web(), [sys.executable, "-m", "django", "procrastinate", "worker"])
    ]
    asked = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        del number, frame
        asked = True
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while all(child.poll() is None for child in children):
        try:
            children[0].wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
    stop(0, None) if not asked else None
    for child in children:
        try:
            child.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if asked else 1


def _web() -> list[str]:
    from assay.site.settings import WEB_PROCESSES, WEB_THREADS  # noqa: PLC0415 - see main

    return [
        sys.executable,
        "-m",
        "gunicorn",
        "assay.site.wsgi:application",
        f"--bind=127.0.0.1:{os.environ['ASSAY_PORT']}",
        f"--workers={WEB_PROCESSES}",
        f"--threads={WEB_THREADS}",
        "--worker-class=gthread",
        "--graceful-timeout=10",
        "--timeout=60",
        "--max-requests=5000",
        "--log-level=warning",
    ]


if __name__ == "__main__":
    sys.exit(main())

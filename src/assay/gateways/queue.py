"""The queue of jobs: a task is asked for by name, in the transaction of what causes it."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app


def defer(task: str, *, at: datetime | None = None, **arguments: str | int) -> None:
    """Ask the worker to run a task, soon or at a moment; undone with the transaction."""
    app.configure_task(task, schedule_at=at).defer(**arguments)

"""The queue of jobs: a task is asked for by name, in the transaction of what causes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app


def defer(task: str, *, at: datetime | None = None, **arguments: str | int) -> None:
    """Ask the worker to run a task, soon or at a moment; undone with the transaction."""
    app.configure_task(task, schedule_at=at).defer(**arguments)


def defer_all(task: str, asked: Sequence[dict[str, Any]]) -> None:
    """Ask the worker to run a task once with each of these arguments, as `defer` does."""
    if asked:
        app.configure_task(task).batch_defer(*asked)

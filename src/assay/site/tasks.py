"""What the worker does: each task asks the clock and calls one job."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import App

from assay.jobs.heartbeat import beat


def register(app: App) -> None:
    """Tell the worker's app every task and when it recurs."""

    @app.periodic(cron="* * * * *")
    @app.task(name="heartbeat", queueing_lock="heartbeat", pass_context=False)
    def heartbeat(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the moment it was due
        beat("worker", at=datetime.now(UTC))

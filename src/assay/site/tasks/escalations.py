"""Tasks of escalations: each minute, who is to be warned is."""

from __future__ import annotations

from procrastinate import App

from assay.jobs.escalations import warn_escalations as warnings
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="* * * * *")
    @app.task(name="warn_escalations", queueing_lock="warn_escalations")
    def warn_escalations(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        warnings.warn_escalations(at=now())

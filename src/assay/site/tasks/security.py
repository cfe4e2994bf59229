"""Tasks of security programs: warn, end, and tell of changes that are coming, every day."""

from __future__ import annotations

from procrastinate import App

from assay.jobs.security import change_rules, tend
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="20 0 * * *")
    @app.task(name="tend_security", queueing_lock="tend_security")
    def tend_security(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        tend.tend_enrolments(at=now())
        change_rules.tend_rules(at=now())

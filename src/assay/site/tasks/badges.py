"""Tasks of badges: they follow the tiers that are credited."""

from __future__ import annotations

from procrastinate import App

from assay.jobs.badges import issue_badges as badges
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="* * * * *")
    @app.task(name="issue_badges", queueing_lock="issue_badges")
    def issue_badges(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        badges.issue_badges(at=now())

"""Tasks of the review calendar: hourly, beside nothing else that computes standings."""

from __future__ import annotations

from django.conf import settings
from procrastinate import App

from assay.jobs.reviews import run_calendar as calendar
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="20 * * * *")
    @app.task(name="run_calendar", queue="standing", lock="standing")
    def run_calendar(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        calendar.run_calendar(
            settings.INSTALLATION.ledger,
            at=now(),
            settling_days=settings.REVIEW_SETTLING_DAYS,
        )

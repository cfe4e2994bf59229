"""Tasks of analytics: once a day, beside nothing else that opens the facts."""

from __future__ import annotations

from django.conf import settings
from procrastinate import App

from assay.jobs.analytics import refresh_analytics as analytics
from assay.jobs.reviews.facts import Source
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="40 * * * *")
    @app.task(name="refresh_analytics", queue="standing", lock="standing")
    def refresh_analytics(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        ledger = settings.INSTALLATION.ledger
        if ledger.exists():
            analytics.refresh_analytics(settings.PROGRAM, Source(ledger=ledger), at=now())

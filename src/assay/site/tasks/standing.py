"""Tasks of standings: one at a time; one that finds nothing new does nothing."""

from __future__ import annotations

from django.conf import settings
from procrastinate import App

from assay.jobs.reviews import refresh_standing as standings
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.task(name="refresh_standing", queue="standing", lock="standing")
    def refresh_standing() -> None:
        _refresh()

    @app.periodic(cron="5 * * * *")
    @app.task(name="refresh_standing_hourly", queue="standing", lock="standing")
    def refresh_standing_hourly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        _refresh()


def _refresh() -> None:
    standings.refresh_standing(settings.PROGRAM, settings.INSTALLATION.ledger, at=now())

"""Tasks of the record: each day it is checked from end to end, and its newest event signed."""

from __future__ import annotations

from django.conf import settings
from procrastinate import App

from assay.jobs.records import check_events as checks
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.task(name=checks.ANCHOR_EVENTS, queue="records", lock="records")
    def anchor_events() -> None:
        _anchor()

    @app.periodic(cron="15 3 * * *")
    @app.task(name="anchor_events_daily", queue="records", lock="records")
    def anchor_events_daily(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        _anchor()


def _anchor() -> None:
    checks.anchor_events(settings.INSTALLATION, at=now())

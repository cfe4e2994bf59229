"""Tasks of access and free tools: what ends, ends by itself."""

from __future__ import annotations

from django.conf import settings
from procrastinate import App

from assay.jobs.access.end_access import end_access
from assay.jobs.access.follow import lapse_unconfirmed
from assay.jobs.tools.take_back import take_back_tools
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="20 4 * * *")
    @app.task(name="end_access", queueing_lock="end_access")
    def end_access_daily(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        lapse_unconfirmed(at=now())
        end_access(after_days=settings.ACCESS_ENDS_AFTER_DAYS, at=now())

    @app.periodic(cron="35 * * * *")
    @app.task(name="take_back_tools", queueing_lock="take_back_tools")
    def take_back_tools_hourly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        take_back_tools(at=now())

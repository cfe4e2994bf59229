"""The worker's own tasks: it is alive, and what a dead worker left is run again."""

from __future__ import annotations

from procrastinate import App, JobContext

from assay.jobs.operations.heartbeat import beat
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="* * * * *")
    @app.task(name="heartbeat", queueing_lock="heartbeat", pass_context=False)
    def heartbeat(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the moment it was due
        beat("worker", at=now())

    @app.periodic(cron="* * * * *")
    @app.task(name="run_stalled_again", queueing_lock="run_stalled_again", pass_context=True)
    async def run_stalled_again(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
        for job in await context.app.job_manager.get_stalled_jobs():
            await context.app.job_manager.retry_job(job)

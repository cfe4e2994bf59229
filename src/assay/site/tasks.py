"""What the worker does: each task asks the clock and calls one job."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from procrastinate import App, JobContext

from assay.gateways.queue import defer
from assay.jobs.imports import catch_up_imports as imports
from assay.jobs.imports import commit_upload as commits
from assay.jobs.imports import preview_upload as previews
from assay.jobs.imports import state_facts as statements
from assay.jobs.imports import undo_import as undoings
from assay.jobs.notices import send_mail as outbox
from assay.jobs.notices import tell_announcement as announcements
from assay.jobs.notices.queue_mail import SEND_MAIL
from assay.jobs.notices.tell_announcement import TELL_ANNOUNCEMENT
from assay.jobs.operations.heartbeat import beat
from assay.jobs.reviews import refresh_standing as standings


def register(app: App) -> None:
    """Tell the worker's app every task and when it recurs."""

    @app.periodic(cron="* * * * *")
    @app.task(name="heartbeat", queueing_lock="heartbeat", pass_context=False)
    def heartbeat(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the moment it was due
        beat("worker", at=datetime.now(UTC))

    @app.task(name=statements.STATE_FACTS, queue="facts", lock="ledger")
    def state_facts() -> None:
        _state_facts()

    @app.periodic(cron="* * * * *")
    @app.task(name="state_facts_left", queue="facts", queueing_lock="state_facts_left")
    def state_facts_left(timestamp: int) -> None:  # noqa: ARG001 - as above
        _state_facts()

    _register_mail(app)
    _register_imports(app)
    _register_standing(app)

    @app.periodic(cron="* * * * *")
    @app.task(name="run_stalled_again", queueing_lock="run_stalled_again", pass_context=True)
    async def run_stalled_again(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
        for job in await context.app.job_manager.get_stalled_jobs():
            await context.app.job_manager.retry_job(job)


def _register_mail(app: App) -> None:
    """Tell the tasks of what people are told."""

    @app.task(name=SEND_MAIL, queue="mail")
    def send_mail(mail: int) -> None:
        outbox.send_mail(mail, at=datetime.now(UTC))

    @app.periodic(cron="* * * * *")
    @app.task(name="send_due_mail", queue="mail", queueing_lock="send_due_mail")
    def send_due_mail(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        outbox.send_due_mail(at=datetime.now(UTC))

    @app.task(name=TELL_ANNOUNCEMENT, queue="mail")
    def tell_announcement(number: int) -> None:
        announcements.tell_announcement(number, at=datetime.now(UTC))


def _register_imports(app: App) -> None:
    """Tell the tasks of imports: one file at a time, so that memory is bounded."""

    @app.task(name="preview_upload", queue="imports", lock="imports")
    def preview_upload(upload: int) -> None:
        previews.preview_upload(upload, now=_now)

    @app.task(name="commit_upload", queue="imports", lock="imports")
    def commit_upload(upload: int) -> None:
        commits.commit_upload(upload, now=_now)

    @app.task(name="undo_import", queue="imports", lock="imports")
    def undo_import(upload: int) -> None:
        undoings.undo_import(upload, now=_now)

    @app.periodic(cron="* * * * *")
    @app.task(name="catch_up_imports", queueing_lock="catch_up_imports")
    def catch_up_imports(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        imports.catch_up_imports(at=_now())
        imports.sweep_broken_off(at=_now())


def _register_standing(app: App) -> None:
    """Tell the tasks of standings: one at a time; one that finds nothing new does nothing."""

    @app.task(name="refresh_standing", queue="standing", lock="standing")
    def refresh_standing() -> None:
        standings.refresh_standing(settings.PROGRAM, settings.INSTALLATION.ledger, at=_now())

    @app.periodic(cron="5 * * * *")
    @app.task(name="refresh_standing_hourly", queue="standing", lock="standing")
    def refresh_standing_hourly(timestamp: int) -> None:  # noqa: ARG001 - as above
        standings.refresh_standing(settings.PROGRAM, settings.INSTALLATION.ledger, at=_now())


def _state_facts() -> None:
    """State what waits; what is new in the ledger moves standings."""
    if statements.state_facts(at=_now()):
        defer("refresh_standing")


def _now() -> datetime:
    return datetime.now(UTC)

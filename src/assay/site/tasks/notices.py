"""Tasks of what people are told."""

from __future__ import annotations

from procrastinate import App

from assay.jobs.notices import send_mail as outbox
from assay.jobs.notices.queue_mail import SEND_MAIL
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.task(name=SEND_MAIL, queue="mail")
    def send_mail(mail: int) -> None:
        outbox.send_mail(mail, at=now())

    @app.periodic(cron="* * * * *")
    @app.task(name="send_due_mail", queue="mail", queueing_lock="send_due_mail")
    def send_due_mail(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        outbox.send_due_mail(at=now())

"""What the worker does: each task asks the clock and calls one job."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import App

from assay.jobs import send_mail as outbox
from assay.jobs import state_facts as statements
from assay.jobs.heartbeat import beat
from assay.jobs.queue_mail import SEND_MAIL


def register(app: App) -> None:
    """Tell the worker's app every task and when it recurs."""

    @app.periodic(cron="* * * * *")
    @app.task(name="heartbeat", queueing_lock="heartbeat", pass_context=False)
    def heartbeat(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the moment it was due
        beat("worker", at=datetime.now(UTC))

    @app.task(name=SEND_MAIL, queue="mail")
    def send_mail(mail: int) -> None:
        outbox.send_mail(mail, at=datetime.now(UTC))

    @app.periodic(cron="* * * * *")
    @app.task(name="send_due_mail", queue="mail", queueing_lock="send_due_mail")
    def send_due_mail(timestamp: int) -> None:  # noqa: ARG001 - as above
        outbox.send_due_mail(at=datetime.now(UTC))

    @app.task(name=statements.STATE_FACTS, queue="facts", lock="ledger")
    def state_facts() -> None:
        statements.state_facts(at=datetime.now(UTC))

    @app.periodic(cron="* * * * *")
    @app.task(name="state_facts_left", queue="facts", queueing_lock="state_facts_left")
    def state_facts_left(timestamp: int) -> None:  # noqa: ARG001 - as above
        statements.state_facts(at=datetime.now(UTC))

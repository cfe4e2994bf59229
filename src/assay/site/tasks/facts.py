"""Tasks of what people state: one batch after the other, in the order in which it was said."""

from __future__ import annotations

from procrastinate import App

from assay.gateways.queue import defer
from assay.jobs.imports import state_facts as statements
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.task(name=statements.STATE_FACTS, queue="facts", lock="ledger")
    def state_facts() -> None:
        _state_facts()

    @app.periodic(cron="* * * * *")
    @app.task(name="state_facts_left", queue="facts", queueing_lock="state_facts_left")
    def state_facts_left(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        _state_facts()


def _state_facts() -> None:
    """State what waits; what is new in the ledger moves standings."""
    if statements.state_facts(at=now()):
        defer("refresh_standing")

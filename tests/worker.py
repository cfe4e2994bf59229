"""The worker, run here and now until nothing is left to do."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from procrastinate.contrib.django import app


def work() -> None:
    """Do every job that waits, as the worker of an installation does; for real transactions."""
    opened: list[BaseDatabaseWrapper] = []

    def keep(connection: BaseDatabaseWrapper, **_: object) -> None:
        opened.append(connection)

    connection_created.connect(keep)
    try:
        here = app.with_connector(app.connector.get_worker_connector())
        here.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    finally:
        connection_created.disconnect(keep)
        for connection in opened:  # of the worker's threads, which are gone
            connection.inc_thread_sharing()
            connection.close()

"""Tasks of what follows a closed review: letters, the announcement's draft, late facts."""

from __future__ import annotations

from django.conf import settings
from procrastinate import App

from assay.jobs.appeals.look_again import look_at_newest
from assay.jobs.letters import write_letters as letters
from assay.jobs.letters.advancements import draft_advancements
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.task(name=letters.WRITE_LETTERS, queue="letters", lock="letters")
    def write_letters(number: int) -> None:
        at = now()
        draft_advancements(number, at=at)
        letters.write_letters(number, at=at)

    @app.periodic(cron="35 * * * *")
    @app.task(name="write_newest_letters", queue="letters", lock="letters")
    def write_newest_letters(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        letters.write_newest_letters(at=now())

    @app.periodic(cron="40 * * * *")
    @app.task(name="look_again", queue="standing", lock="standing")
    def look_again(timestamp: int) -> None:  # noqa: ARG001
        look_at_newest(settings.INSTALLATION.ledger, at=now())

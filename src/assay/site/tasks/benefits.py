"""Tasks of benefits: what a credited tier gives begins, changes and ends on its day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from procrastinate import App

from assay.core.credits import year_of
from assay.core.program import Unspent
from assay.jobs.benefits import settle_benefits as benefits
from assay.jobs.credits import expire_credits as credits_of
from assay.jobs.partner_managers import assign_manager as managers
from assay.jobs.programs.programs import program_of
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.periodic(cron="20 * * * *")
    @app.task(name="settle_benefits", queueing_lock="settle_benefits", lock="benefits")
    def settle_benefits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        program, at = program_of(settings.PROGRAM), now()
        on = at.astimezone(ZoneInfo(program.time_zone)).date()
        benefits.settle_benefits(settings.PROGRAM, on=on, at=at)
        managers.end_assignments(program, at=at)
        if all(row.unspent is Unspent.EXPIRES for row in program.amounts_given):
            running = year_of(on, program.review.month)
            credits_of.expire_credits(running, why="The program year is over", at=at)

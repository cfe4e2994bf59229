"""The program by which an audience is judged at a moment."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from assay.core.program import Program
from assay.jobs.programs.programs import program_of, program_on


def in_force(at: datetime) -> tuple[Program, date]:
    """Return the program in force at a moment, and which day that is where its days begin."""
    on = at.astimezone(ZoneInfo(program_of(settings.PROGRAM).time_zone)).date()
    return program_on(settings.PROGRAM, on), on

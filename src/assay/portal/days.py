"""The day of a request, where the program's days begin and end."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked


def today(request: Asked) -> date:
    """Return the day on which a request came, in the program's time zone."""
    day: date = request.now.astimezone(ZoneInfo(program_of(settings.PROGRAM).time_zone)).date()
    return day

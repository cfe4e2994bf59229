"""Columns of lists that write as the reader does: amounts of the program's currency."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from assay.jobs.programs.programs import program_of
from assay.portal.lists import Figure, List
from assay.portal.templatetags.figures import money


class Money(Figure):
    """A column of amounts in units of the program's currency, exact in downloads."""

    def render(self, value: Decimal, table: List) -> str:
        """Write an amount with the reader's separators."""
        currency = program_of(settings.PROGRAM).currency
        reading = {"reader": table.request.reader}
        written = money(reading, abs(value), currency)
        return f"−{written}" if value < 0 else written  # noqa: RUF001 - a true minus

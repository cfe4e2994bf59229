"""Figures, days and moments as the reader writes them (Babel, by the reader's locale)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, parse_pattern
from django import template

register = template.Library()
known = cache(Locale.parse)  # Babel reads a locale's name anew for each figure
_WHOLE = parse_pattern("¤#,##0")


@register.simple_tag(takes_context=True)
def number(context: dict[str, Any], value: float | Decimal | None) -> str:
    """Write a number with the reader's separators; nothing for None."""
    return "" if value is None else format_decimal(value, locale=known(context["reader"].locale))


@register.simple_tag(takes_context=True)
def money(context: dict[str, Any], amount: Decimal | str | None, currency: str) -> str:
    """Write an amount in units of `currency`; decimals only where there are any."""
    if amount is None or amount == "":
        return ""
    exact = Decimal(amount)
    whole = exact == exact.to_integral_value()
    return format_currency(
        exact,
        currency,
        format=_WHOLE if whole else None,
        locale=known(context["reader"].locale),
        currency_digits=not whole,
    )


@register.simple_tag(takes_context=True)
def day(context: dict[str, Any], value: date | datetime | str | None) -> str:
    """Write a day, of a moment that in the reader's time zone; nothing for None."""
    if not value:
        return ""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(found, datetime):
        found = found.astimezone(ZoneInfo(context["reader"].time_zone)).date()
    return format_date(found, format="d MMM y", locale=known(context["reader"].locale))


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], value: datetime | None, zone: str = "") -> str:
    """Write a moment in the reader's time zone, or in another; nothing for None."""
    if value is None:
        return ""
    reader = context["reader"]
    return format_datetime(
        value,
        format="d MMM y, HH:mm",
        tzinfo=ZoneInfo(zone or reader.time_zone),
        locale=known(reader.locale),
    )

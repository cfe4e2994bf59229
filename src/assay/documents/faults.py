"""What to tell a person about a bad cell: what is wrong, and how to mend it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from assay.core.facts import Column, Type
from assay.documents.columns import MOST_UNITS, time_zones


def explained(column: Column, text: str | None, *, currency: str) -> tuple[str, str]:
    """Say what is wrong with the bad cell `text` of `column`, and a hint (may be empty)."""
    if text is None or text == "":
        return "is empty", "every row needs a value here"
    if "\0" in text:
        return "has a NUL character", "remove it"
    if text[0] in "=@" or (text[0] == "+" and column.type is not Type.INSTANT):
        return "looks like a formula", "write the value itself"
    return _EXPLAINED[column.type](column, text, currency)


def too_early(column: Column) -> tuple[str, str]:
    """Say that the cell lies before the one it may not precede."""
    return f"is before {column.not_before}", "exchange the two, or mend the wrong one"


def _text(_column: Column, _text: str, _currency: str) -> tuple[str, str]:
    return "is not plain text", "write it without control characters"


def _choice(column: Column, _text: str, _currency: str) -> tuple[str, str]:
    return f"is not a known {column.name}", f"write one of {', '.join(column.values)}"


def _country(_column: Column, _text: str, _currency: str) -> tuple[str, str]:
    return "is not a country code", "write two letters, as in SE or BR"


def _time_zone(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    by_lower = {name.lower(): name for name in time_zones()}
    near = get_close_matches(text.lower()[:64], by_lower, n=1)
    hint = f"write {by_lower[near[0]]}" if near else "write an IANA name, as in Europe/Berlin"
    return "is not a time zone", hint


def _currency(_column: Column, _text: str, currency: str) -> tuple[str, str]:
    return f"is not the program's currency, {currency}", f"convert the amounts to {currency}"


def _boolean(_column: Column, _text: str, _currency: str) -> tuple[str, str]:
    return "is neither true nor false", "write true or false"


def _integer(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    if re.fullmatch(r"[0-9]+", text):
        return "is too large", "whole numbers stay below 2^63"
    return "is not a whole number of zero or more", "write digits only, as in 1200"


def _money(column: Column, text: str, _currency: str) -> tuple[str, str]:
    if re.fullmatch(r"-?[0-9]{1,3}([, ' \u00a0\u202f][0-9]{3})+(\.[0-9]+)?", text):
        return "is not an amount", f"write {re.sub(r'[^0-9.-]', '', text)}"
    if re.fullmatch(r"-?[0-9]+,[0-9]{1,2}", text):
        return "is not an amount", f"write {text.replace(',', '.')}"
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        if abs(Decimal(text)) >= MOST_UNITS:
            return "is too large an amount", f"amounts stay below {MOST_UNITS:,} units"
        if text.startswith("-") and not column.may_be_negative:
            return "is negative", "write zero or more"
        return "has more than two decimals", "round it where it was computed"
    return "is not an amount", "write digits with at most two decimals, as in 1234.50"


def _date(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    if meant := _meant_day(text):
        return "is not a date of the form YYYY-MM-DD", f"write {meant}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return "is not a day of the calendar", "write a real day as YYYY-MM-DD"
    return "is not a date of the form YYYY-MM-DD", "write it as in 2025-12-31"


def _meant_day(text: str) -> date | None:
    """Read a day out of another notation, where it can mean one day only."""
    if found := re.match(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])", text):
        candidates = {_day(*found.groups())}
    elif found := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", text):
        first, second, year = found.groups()
        candidates = {_day(year, second, first), _day(year, first, second)}
    else:
        return None
    days = candidates - {None}
    return days.pop() if len(days) == 1 else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _instant(_column: Column, text: str, _currency: str) -> tuple[str, str]:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", text):
        return "has no offset from UTC", f"write {text}Z if it is UTC, else add its offset"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return "is a day and not a moment", f"write it as in {text}T09:00:00Z"
    return "is not an instant", "write it as in 2025-01-31T09:00:00Z"


_EXPLAINED = {
    Type.TEXT: _text,
    Type.CHOICE: _choice,
    Type.COUNTRY: _country,
    Type.TIME_ZONE: _time_zone,
    Type.CURRENCY: _currency,
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _integer,
    Type.MONEY: _money,
    Type.DATE: _date,
    Type.INSTANT: _instant,
}

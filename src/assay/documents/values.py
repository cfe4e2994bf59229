"""Single values of a program file: names, dates, numbers; a wrong one is a fault with its line."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from assay.documents.columns import MOST_UNITS
from assay.documents.hints import known
from assay.documents.yaml import Form

_NAME = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY = re.compile("[0-9]{1,12}([.][0-9]{1,2})?")
_WHOLE = re.compile("[0-9]{1,9}")


def check_name(form: Form, name: str, *, reserved: tuple[str, ...] = ()) -> None:
    """Note a name that is not small letters, digits and single `_`, or that is taken."""
    if not _NAME.fullmatch(name):
        form.fault(
            f"{form.what}: the name is no plain identifier",
            "use small letters, digits and single _, beginning with a letter",
        )
    if name in reserved:
        form.fault(f"{form.what}: the name has a meaning of its own", "choose another name")


def day(form: Form, key: str) -> date:
    """Take a date; a missing or wrong one is a fault (and `date.min`)."""
    written = form.text(key)
    return day_of(form, written, key=key) if written else date.min


def day_of(form: Form, written: str, *, key: str | None) -> date:
    """Read a date that is not before 1900; a wrong one is a fault (and `date.min`)."""
    try:
        found = date.fromisoformat(written) if _DAY.fullmatch(written) else date.min
    except ValueError:
        found = date.min
    if found < date(1900, 1, 1):
        form.fault(f"{form.what}: `{written}` is no date", "write YYYY-MM-DD", key=key)
        return date.min
    return found


def money(form: Form, key: str) -> Decimal:
    """Take an amount with at most two decimals, not negative; a wrong one is a fault (and 0)."""
    written = form.text(key)
    if not _MONEY.fullmatch(written):
        if written:
            form.fault(
                f"{form.what}: `{written}` is no amount",
                f"digits, at most two decimals, below {MOST_UNITS:,}",
                key=key,
            )
        return Decimal(0)
    return Decimal(written)


def whole(form: Form, key: str, *, low: int, high: int, hint: str, other: str = "") -> int | None:
    """Take a whole number; None for the word `other`, or where it is wrong."""
    written = form.text(key)
    if written == other:
        return None
    number = int(written) if _WHOLE.fullmatch(written) else low - 1
    if not low <= number <= high:
        form.fault(f"{form.what}: `{key}` is a number from {low} to {high}", hint, key=key)
        return None
    return number


def number_of(written: str) -> Decimal | None:
    """Read a decimal number of a reasonable size; None where it is none."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    is_plain = number.is_finite() and abs(number.adjusted()) <= 20  # noqa: PLR2004 - digits
    return number if is_plain and len(written) <= 40 else None  # noqa: PLR2004 - characters


def one_of(form: Form, key: str, names: tuple[str, ...]) -> str | None:
    """Take one of some words; None where it is another."""
    written = form.text(key)
    if written in names:
        return written
    if written:
        form.fault(f"{form.what}: no {key} `{written}`", known(written, names), key=key)
    return None


def matching(form: Form, key: str, pattern: str, *, hint: str) -> str:
    """Take a text that matches a pattern."""
    written = form.text(key)
    if written and not re.fullmatch(pattern, written):
        form.fault(f"{form.what}: `{key}` cannot be `{written}`", hint, key=key)
    return written

"""Conditions and amounts in words, the same in tables, explanations, pages and mails.

The words come from the program file: a measure's `phrase` says where the amount stands
("{} paid cloud app[s]": what stands in brackets is left out at 1), its title does where there is
no phrase.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from assay.core.facts import UNITS, Type
from assay.core.program import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Measure,
    Not,
    Operator,
    Program,
    Share,
)

SHARE = "share"  # the kind of a share's number, beside the types of facts
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_AMOUNTS = {
    Operator.LT: "less than",
    Operator.LE: "at most",
    Operator.EQ: "exactly",
    Operator.NE: "other than",
    Operator.GE: "at least",
    Operator.GT: "more than",
}
_MEASURES = {
    Operator.LT: "lower than",
    Operator.LE: "at most as high as",
    Operator.EQ: "the same as",
    Operator.NE: "other than",
    Operator.GE: "at least as high as",
    Operator.GT: "higher than",
}


_COUNTS = {
    Operator.LT: ("fewer", "than"),
    Operator.LE: ("at most as many", "as"),
    Operator.EQ: ("exactly as many", "as"),
    Operator.NE: ("not as many", "as"),
    Operator.GE: ("at least as many", "as"),
    Operator.GT: ("more", "than"),
}


def condition_words(condition: Condition, program: Program) -> str:
    """Say a condition, e.g. `at least 1 paid cloud app; or at least $3,000,000 gross sales`."""
    match condition:
        case Comparison():
            return comparison_words(condition, program)
        case Not(part):
            return f"not ({condition_words(part, program)})"
        case AnyOf(parts):
            return "; or ".join(_inner(part, program) for part in parts)
        case AllOf(parts):
            return " and ".join(_inner(part, program) for part in parts)


def _inner(condition: Condition, program: Program) -> str:
    words = condition_words(condition, program)
    return f"({words})" if isinstance(condition, AnyOf) else words


def comparison_words(comparison: Comparison, program: Program) -> str:
    """Say one comparison, e.g. `at least 15 % of it cloud`, `no awards below the minimum`."""
    measure = program.measures[comparison.measure]
    if isinstance(comparison.bound, str):
        return _between_words(measure, comparison.operator, program.measures[comparison.bound])
    amount = amount_words(comparison.bound, kind_of(measure), currency=program.currency)
    words = f"{_AMOUNTS[comparison.operator]} {amount}"
    is_count = kind_of(measure) is Type.INTEGER
    if is_count and comparison.bound == 0 and comparison.operator is Operator.EQ:
        words = "no"
    return _filled(measure, words, one=comparison.bound == 1)


def _between_words(left: Measure | Share, operator: Operator, right: Measure | Share) -> str:
    counts = kind_of(left) is Type.INTEGER
    if counts and left.phrase.startswith("{} ") and right.phrase.startswith("{} "):
        more, than = _COUNTS[operator]
        other = _filled(right, "", one=False).strip()
        return f"{_filled(left, more, one=False)} {than} {other}"
    return f"{lower_first(left.title)} {_MEASURES[operator]} {lower_first(right.title)}"


def measured_words(measure: Measure | Share, value: Decimal, program: Program) -> str:
    """Say what was measured, in people's units, e.g. `2 paid cloud apps`."""
    nothing = isinstance(measure, Measure) and value == measure.none < 0  # no row counted
    amount = amount_words(value, kind_of(measure), currency=program.currency)
    return _filled(measure, "no" if nothing else amount, one=value == 1)


def amount_words(value: Decimal | int, kind: Type | str, *, currency: str) -> str:
    """Say a number in people's units: `$1,234.50`, `48 hours`, `15 %`, `1,000`.

    `kind` is the type of the measure, or SHARE for a share as a number from 0 to 1.
    """
    number = Decimal(value)
    if kind == SHARE:
        return f"{_plain(number * 100)} %"
    if kind is Type.MONEY:
        return _money(number, currency)
    if kind is Type.HOURS:
        return _hours(round(number * UNITS[Type.HOURS]))
    return _plain(number)


def stored_words(stored: int, kind: Type, *, currency: str) -> str:
    """Say a number in stored units (cents, microseconds) as `amount_words` says it."""
    return amount_words(Decimal(stored) / UNITS.get(kind, 1), kind, currency=currency)


def kind_of(measure: Measure | Share) -> Type | str:
    """Return the kind of a measure's number, for `amount_words`."""
    return measure.type if isinstance(measure, Measure) else SHARE


def lower_first(title: str) -> str:
    """Make a title stand in a sentence: its first letter small, unless it is an acronym's."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _filled(measure: Measure | Share, amount: str, *, one: bool) -> str:
    phrase = measure.phrase or f"{lower_first(measure.title)}: {{}}"
    return _numbered(phrase, one=one).replace("{}", amount)


@lru_cache(maxsize=256)
def _numbered(phrase: str, *, one: bool) -> str:
    """Write a phrase for one or for several: what stands in [ ] is left out at 1."""
    return re.sub(r"\[([^\[\]]*)\]", "" if one else r"\1", phrase)


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(number: Decimal, currency: str) -> str:
    whole = number == number.to_integral_value()
    digits = f"{abs(number):,.0f}" if whole else f"{abs(number):,.2f}"
    sign = "-" if number < 0 else ""
    mark = _SIGNS.get(currency, f"{currency} ")
    return f"{sign}{mark}{digits}"


def _hours(microseconds: int) -> str:
    sign, left = ("-", -microseconds) if microseconds < 0 else ("", microseconds)
    hours, rest = divmod(left, UNITS[Type.HOURS])
    if rest == 0:
        return f"{sign}{hours:,} {'hour' if hours == 1 else 'hours'}"
    minutes, rest = divmod(rest, 60_000_000)
    seconds = _plain(Decimal(rest) / 1_000_000)
    parts = [f"{hours:,} h", f"{minutes} min" if minutes else "", f"{seconds} s" if rest else ""]
    return sign + " ".join(part for part in parts if part)

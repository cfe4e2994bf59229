"""What a program file defines, each thing in a sentence: for showing it and for comparing two."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assay.core.facts import Type
from assay.core.program import (
    Aggregate,
    Benefit,
    BenefitKind,
    Measure,
    Program,
    Requirement,
    Share,
    Tier,
    Window,
)
from assay.core.review_rules import ReviewCalendar
from assay.core.rights import Role, role_title
from assay.core.security import SecurityProgram
from assay.words.conditions import amount_words, condition_words
from assay.words.dates import MONTHS, day_words

_AGGREGATES = {
    Aggregate.COUNT: "number of rows",
    Aggregate.COUNT_DISTINCT: "number of different {}",
    Aggregate.SUM: "total {}",
    Aggregate.MAX: "greatest {}",
    Aggregate.MIN: "least {}",
}
_PLACEMENTS = {
    "highest_tier_met": "the highest tier whose own requirements are all met; it is not a ladder",
}


def measure_words(measure: Measure | Share, program: Program) -> str:
    """Say how a measure is computed, e.g. `number of rows of awards where …, in window year`."""
    if isinstance(measure, Share):
        outcome = "met" if measure.when_not_positive else "not met"
        rest = f"{outcome} where {measure.whole} is zero or less"
        return f"{measure.part} as a share of {measure.whole}; {rest}"
    value = "" if measure.value is None else measure.value.text
    words = f"{_AGGREGATES[measure.aggregate].format(value)} of {measure.source}"
    if measure.where:
        words += f" where {' and '.join(part.text for part in measure.where)}"
    if measure.window is not None:
        words += f", in window {measure.window}"
    if measure.aggregate in (Aggregate.MAX, Aggregate.MIN):
        none = amount_words(measure.none, measure.type, currency=program.currency)
        words += f"; {none} where there is none"
    return words


def window_words(window: Window) -> str:
    """Say which rows a window holds, e.g. `the 12 months before the cut-off`."""
    if window.months is None:
        span = "all before the cut-off"
    elif window.months == 1:
        span = "the month before the cut-off"
    else:
        span = f"the {window.months} months before the cut-off"
    return f"{window.title} ({span})"


def calendar_words(review: ReviewCalendar) -> str:
    """Say when reviews are and where their cut-off is."""
    month = MONTHS[review.month - 1]
    return f"every {month}; what is dated 1 {month} or later does not count"


def assessment_words(review: ReviewCalendar) -> str:
    """Say when partners are assessed for the next review; "" where the program sets no days."""
    if review.assessments is None:
        return ""
    days = [f"1 {MONTHS[month - 1]}" for month in review.assessments.months]
    *first, last = days
    return f"on {', '.join(first)} and {last}" if first else f"on {last}"


def placement_words(placement: str) -> str:
    """Say how a tier is chosen."""
    return _PLACEMENTS[placement]


def tier_words(tier: Tier, program: Program) -> str:
    """Say what a tier rests on: its base condition, or the requirements."""
    if tier.base is None:
        return "by the requirements"
    return condition_words(tier.base, program)


def cell_words(benefit: Benefit, tier: str, program: Program) -> str:
    """Say what a benefit gives a tier: `yes`, a level, an amount, the words on a badge, or —."""
    written = benefit.by_tier.get(tier)
    if written is None:
        return "—"
    if benefit.kind is BenefitKind.MONEY:
        return amount_words(Decimal(written), Type.MONEY, currency=program.currency)
    return written


def since_words(clause: str, since: date) -> str:
    """Say where a row stands in the source and since when it holds."""
    return f"{clause}, since {day_words(since)}"


def valid_words(one: SecurityProgram) -> str:
    """Say how long an enrolment in a security program is valid."""
    if one.months is None:
        return "until it is ended"
    return "for one month" if one.months == 1 else f"for {one.months} months"


def acting_words(row: Requirement) -> str:
    """Name whose work cures a requirement, e.g. `Owner or finance`."""
    names = [role_title(role) for role in Role if role in row.acting]
    return " or ".join([names[0], *(name.lower() for name in names[1:])])


def rests_on_words(row: Requirement, program: Program) -> tuple[str, ...]:
    """Name what a requirement rests on: security programs, dated amounts and facts."""
    rests = row.rests_on
    return (
        *(program.security_programs[key].title for key in rests.security_programs),
        *(program.amounts[name].title for name in rests.amounts),
        *(program.vocabulary.tables[name].title for name in rests.tables),
    )

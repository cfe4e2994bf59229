"""Benefits in words: what one is worth, and what changed and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assay.core.benefits import Act, Change
from assay.core.facts import Type
from assay.core.program import BenefitKind, Program
from assay.words.conditions import amount_words
from assay.words.dates import day_words


def value_words(key: str, written: str, program: Program) -> str:
    """Say what a benefit gives, as the program file writes it: `yes`, a level, an amount, or —."""
    benefit = program.benefits.get(key)
    if not written:
        return "—"
    if benefit is not None and benefit.kind is BenefitKind.MONEY:
        return amount_words(Decimal(written), Type.MONEY, currency=program.currency)
    return written


def change_words(change: Change, program: Program, *, tier: str, on: date) -> str:
    """Say what changed of a benefit, from which day, and by which clause and tier."""
    benefit = program.benefits.get(change.key)
    title = benefit.title if benefit else change.key.replace("_", " ").capitalize()
    clause = f" ({benefit.clause})" if benefit else ""
    held = program.tiers[tier].title if tier in program.tiers else "no tier"
    before, after = (value_words(change.key, one, program) for one in (change.before, change.after))
    told = {
        Act.GRANTED: f"{title}{clause}: granted" + ("" if after == "yes" else f", {after}"),
        Act.CHANGED: f"{title}{clause}: {before} becomes {after}",
        Act.ENDED: f"{title}{clause}: ended" + ("" if before == "yes" else f", it was {before}"),
    }
    return f"{told[change.act]}. Since {day_words(on)}, by {held}."

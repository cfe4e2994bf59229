"""Show benefits: what a partner has by each clause, what others get, what credits are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assay.core.credits import in_units, year_of
from assay.core.program import Program
from assay.store.queries.benefits.benefits import Held, held_by
from assay.store.queries.credits.credits import Year, years_of
from assay.store.queries.reviews.credited import grant_of
from assay.words.benefits import value_words
from assay.words.standing import tier_title


@dataclass(frozen=True, kw_only=True)
class BenefitRow:
    """One benefit of the program: what the partner has ("" for nothing), since when and why.

    `others` tells the tiers where it is something else, and what (— for nothing).
    """

    key: str
    clause: str
    title: str
    has: str
    since_on: date | None
    why: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class YearOfCredits:
    """Credits of one program year in units of the currency; `ends_on` is its last day's morrow."""

    year_from: date
    ends_on: date
    granted: Decimal
    available: Decimal
    reserved: Decimal
    spent: Decimal
    expired: Decimal
    running: bool


@dataclass(frozen=True, kw_only=True)
class BenefitsPage:
    """A partner's benefits on a day: those it has, those it has not, and credits by year."""

    tier: str
    has: tuple[BenefitRow, ...]
    lacks: tuple[BenefitRow, ...]
    years: tuple[YearOfCredits, ...]

    @property
    def running(self) -> YearOfCredits | None:
        """The credits of the running program year."""
        return next((year for year in self.years if year.running), None)


def show_benefits(partner_id: int, program: Program, *, on: date) -> BenefitsPage:
    """Return a partner's benefits and credits as of a day."""
    grant = grant_of(partner_id, on)
    held = held_by(partner_id)
    rows = tuple(_row(key, program, held.get(key)) for key in program.benefits)
    return BenefitsPage(
        tier=tier_title(grant.tier if grant else "none", program),
        has=tuple(row for row in rows if row.has),
        lacks=tuple(row for row in rows if not row.has),
        years=show_years(partner_id, program, on=on),
    )


def show_years(partner_id: int, program: Program, *, on: date) -> tuple[YearOfCredits, ...]:
    """Return a partner's credits by program year, the newest first."""
    running = year_of(on, program.review.month)
    return tuple(_year(year, running) for year in years_of(partner_id))


def _row(key: str, program: Program, held: Held | None) -> BenefitRow:
    benefit = program.benefits[key]
    value = held.value if held else ""
    return BenefitRow(
        key=key,
        clause=benefit.clause,
        title=benefit.title,
        has=value_words(key, value, program) if value else "",
        since_on=held.since_on if held else None,
        why=held.words if held else "",
        others=tuple(
            (tier.title, value_words(key, benefit.by_tier.get(name, ""), program))
            for name, tier in program.tiers.items()
            if benefit.by_tier.get(name, "") != value
        ),
    )


def _year(year: Year, running: date) -> YearOfCredits:
    held = year.balance
    first = year.year_from
    return YearOfCredits(
        year_from=first,
        ends_on=first.replace(year=first.year + 1),
        granted=in_units(held.granted),
        available=in_units(held.available),
        reserved=in_units(held.reserved),
        spent=in_units(held.spent),
        expired=in_units(held.expired),
        running=first == running,
    )

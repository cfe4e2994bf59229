"""A program as its public page tells it: plain rows, each with its clause and its first day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assay.core.program import Benefit, BenefitKind, Program, Requirement, Tier, Window
from assay.core.security import SecurityProgram
from assay.words.dates import last_day
from assay.words.definitions import (
    assessment_words,
    calendar_words,
    cell_words,
    measure_words,
    placement_words,
    rests_on_words,
    tier_words,
    valid_words,
    window_words,
)
from assay.words.program_tables import AmountsTable, Cell, amounts_table, asked_cells


@dataclass(frozen=True, kw_only=True)
class TierRow:
    """A tier and what it is given by."""

    name: str
    title: str
    given: str
    clause: str
    since: date


@dataclass(frozen=True, kw_only=True)
class RequirementRow:
    """A requirement: a cell for each tier placed by requirements, lowest first."""

    key: str
    title: str
    remedy: str
    clause: str
    since: date
    cells: tuple[Cell, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SecurityRow:
    """A security program: what it attests, who may join, what is asked, how long it holds."""

    key: str
    title: str
    attests: str
    joins: str
    evidence: tuple[str, ...]
    valid: str
    label: str
    clause: str
    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class BenefitRow:
    """A benefit: words for each tier, lowest first; "" where a tier does not get it."""

    title: str
    clause: str
    since: date
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeasureRow:
    """A measure: its title, and how it is computed."""

    name: str
    title: str
    words: str
    clause: str
    since: date


@dataclass(frozen=True, kw_only=True)
class WindowRow:
    """A window, and the days it holds at the review that the page speaks of."""

    name: str
    words: str
    clause: str
    since: date
    first: date | None
    last: date


@dataclass(frozen=True, kw_only=True)
class ProgramPage:
    """Everything the page shows of one version of a program."""

    title: str
    version: str
    source: str
    digest: str
    currency: str
    time_zone: str
    placement: str
    review: str
    assessments: str
    review_clause: str
    review_since: date
    tiers: tuple[TierRow, ...]
    ranked: tuple[TierRow, ...]
    requirements: tuple[RequirementRow, ...]
    benefits: tuple[BenefitRow, ...]
    security_programs: tuple[SecurityRow, ...]
    measures: tuple[MeasureRow, ...]
    windows: tuple[WindowRow, ...]
    amounts: tuple[AmountsTable, ...]
    notes: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Glance:
    """A tier in a few words: what sets it apart from the others, and what it gives.

    `base` is the whole of what a base tier asks, else "". `asks` holds what a tier placed by
    requirements asks otherwise than another tier does; `others` counts its further requirements.
    `money` holds the amounts it is given, each with its title.
    """

    name: str
    title: str
    base: str
    asks: tuple[str, ...]
    others: int
    money: tuple[tuple[str, str], ...]
    benefits: int


def program_page(
    program: Program, *, windows: Mapping[str, date | None], cut_off: date
) -> ProgramPage:
    """Return the page of a program; `windows` has each window's first day before `cut_off`."""
    tiers = tuple(_tier(tier, program) for tier in program.tiers.values())
    return ProgramPage(
        title=program.title,
        version=program.version,
        source=program.source,
        digest=program.digest,
        currency=program.currency,
        time_zone=program.time_zone,
        placement=placement_words(program.placement),
        review=calendar_words(program.review),
        assessments=assessment_words(program.review),
        review_clause=program.review.clause,
        review_since=program.review.since,
        tiers=tiers,
        ranked=tuple(tier for tier in tiers if tier.name in program.ranked_tiers),
        requirements=tuple(_requirement(row, program) for row in program.requirements.values()),
        benefits=tuple(_benefit(row, program) for row in program.benefits.values()),
        security_programs=tuple(_security(one) for one in program.security_programs.values()),
        measures=tuple(
            MeasureRow(
                name=measure.name,
                title=measure.title,
                words=measure_words(measure, program),
                clause=measure.clause,
                since=measure.since,
            )
            for measure in program.measures.values()
        ),
        windows=tuple(
            _window(window, windows[window.name], cut_off) for window in program.windows.values()
        ),
        amounts=tuple(amounts_table(amounts, program) for amounts in program.amounts.values()),
        notes=program.notes,
        settings=tuple((key.replace("_", " "), told) for key, told in program.settings.items()),
    )


def tier_glances(program: Program) -> tuple[Glance, ...]:
    """Return every tier in a few words, the highest first."""
    return tuple(_glance(tier, program) for tier in reversed([*program.tiers.values()]))


def _glance(tier: Tier, program: Program) -> Glance:
    asked = [row for row in program.requirements.values() if tier.name in row.by_tier]
    apart = [row for row in asked if len({*map(str, row.by_tier.values())}) > 1]
    place = program.ranked_tiers.index(tier.name) if tier.base is None else 0
    given = [row for row in program.benefits.values() if tier.name in row.by_tier]
    return Glance(
        name=tier.name,
        title=tier.title,
        base="" if tier.base is None else tier_words(tier, program),
        asks=tuple(asked_cells(row, program)[place].words for row in apart),
        others=len(asked) - len(apart),
        money=tuple(
            (cell_words(row, tier.name, program), row.title)
            for row in given
            if row.kind is BenefitKind.MONEY
        ),
        benefits=len(given),
    )


def _tier(tier: Tier, program: Program) -> TierRow:
    return TierRow(
        name=tier.name,
        title=tier.title,
        given=tier_words(tier, program),
        clause=tier.clause,
        since=tier.since,
    )


def _requirement(row: Requirement, program: Program) -> RequirementRow:
    return RequirementRow(
        key=row.key,
        title=row.title,
        remedy=row.remedy,
        clause=row.clause,
        since=row.since,
        cells=asked_cells(row, program),
        rests_on=rests_on_words(row, program),
    )


def _security(one: SecurityProgram) -> SecurityRow:
    return SecurityRow(
        key=one.key,
        title=one.title,
        attests=one.attests,
        joins=one.joins.words,
        evidence=tuple(asked.title for asked in one.evidence),
        valid=valid_words(one),
        label=one.label,
        clause=one.clause,
        since=one.since,
        until=one.until,
    )


def _benefit(row: Benefit, program: Program) -> BenefitRow:
    return BenefitRow(
        title=row.title,
        clause=row.clause,
        since=row.since,
        cells=tuple(
            cell_words(row, tier, program) if tier in row.by_tier else "" for tier in program.tiers
        ),
    )


def _window(window: Window, first: date | None, cut_off: date) -> WindowRow:
    return WindowRow(
        name=window.name,
        words=window_words(window),
        clause=window.clause,
        since=window.since,
        first=first,
        last=last_day(cut_off),
    )

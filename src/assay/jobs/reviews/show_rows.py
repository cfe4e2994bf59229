"""Show the rows behind a figure, and sales month by month, as a review counted them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from assay.core.facts import Type
from assay.core.issues import Issue, Refused
from assay.core.program import Aggregate, Measure, Program, Share
from assay.core.sums import Sums
from assay.engine.rows_behind import RowsBehind
from assay.jobs.reviews.opened_facts import opened_facts


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """Which review of whom: the program, the ledger as it was known, the day, the subject."""

    program: str
    ledger: Path
    on: date
    known_at: datetime
    subject: str


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The rows behind a measure, the names of the subject's apps, and the facts' digest."""

    program: Program
    rows: RowsBehind
    names: dict[str, str]
    digest: str


@dataclass(frozen=True, kw_only=True)
class Sales:
    """Sales by month and, of those that count, by app: the sums of `whole` and of `part`."""

    program: Program
    whole: Measure
    part: Measure
    months: tuple[Sums, ...]
    apps: tuple[Sums, ...]
    names: dict[str, str]


@contextmanager
def opened_rows(review: Reviewed, measure: str) -> Iterator[Opened]:
    """Open the rows behind a measure; raises Refused where there is no such measure or ledger."""
    with opened_facts(
        review.program, review.ledger, on=review.on, known_at=review.known_at
    ) as facts:
        found = facts.program.measures.get(measure)
        if not isinstance(found, Measure):
            raise Refused(Issue(file=review.program, value=measure, message="no such measure"))
        yield Opened(
            program=facts.program,
            rows=facts.rows(found, review.subject),
            names=facts.app_names(review.subject),
            digest=facts.digest,
        )


def show_sales(review: Reviewed) -> Sales:
    """Add up a partner's sales by month and by app; raises Refused without a ledger."""
    with opened_facts(
        review.program, review.ledger, on=review.on, known_at=review.known_at
    ) as facts:
        measures = sales_measures(facts.program)
        months, apps = facts.series(measures, review.subject)
        return Sales(
            program=facts.program,
            whole=measures[0],
            part=measures[1],
            months=months,
            apps=apps,
            names=facts.app_names(review.subject),
        )


def sales_measures(program: Program) -> tuple[Measure, Measure]:
    """Return the sum of sales that a program asks for, and the part of it that it asks a share of.

    Without a share, both are the first sum of money over a table of dated facts.
    """
    for measure in program.measures.values():
        if isinstance(measure, Share):
            return program.measure(measure.whole), program.measure(measure.part)
    sums = [
        measure
        for measure in program.measures.values()
        if isinstance(measure, Measure)
        and measure.aggregate is Aggregate.SUM
        and measure.type is Type.MONEY
    ]
    if not sums:
        raise Refused(Issue(file=program.label, message="this program asks for no sales"))
    return sums[0], sums[0]

"""Run the demo: make a marketplace, import its reports into a ledger, review two years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from assay.jobs.demo import Demo, make_marketplace
from assay.jobs.demo.reports import Report
from assay.jobs.imports.import_reports import Imported, Order, import_reports
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review_years import YearsReviewed, review_years

SOURCE = "demo"
SEED = 17
OPENS_AT = time(9, tzinfo=UTC)  # when reports of an earlier day are taken to have come


@dataclass(frozen=True, kw_only=True)
class DemoRun:
    """The demo's folders, what became of its reports, and both reviews."""

    demo: Demo
    ledger: Path
    imported: tuple[Imported, ...]
    years: YearsReviewed


def run_demo(
    reference: str,
    folder: Path,
    *,
    at: datetime,
    seed: int = SEED,
    on_step: Callable[[str, int, int], None] = lambda *_: None,
) -> DemoRun:
    """Make, import and review a marketplace in `folder` as of the moment `at`.

    Writes `reports`, `ledger` and `reviews` into `folder`; run again on the same day, every
    report is found held already. `on_step` is told what is done, how much of it is, and how much
    there is. Raises Refused as importing and reviewing do.
    """
    on_step("Making a marketplace", 0, 1)
    demo = make_marketplace(folder / "reports", seed=seed, today=at.date())
    on_step("Making a marketplace", 1, 1)
    order = Order.under(reference, source=SOURCE, partner_id=None, as_of=None)
    imported: list[Imported] = []
    for report in demo.reports:
        on_step("Importing reports", len(imported), len(demo.reports))
        imported += _import(folder / "ledger", report, order, at=at)
    on_step("Importing reports", len(imported), len(demo.reports))
    reviewed: list[object] = []

    def on_review(day: object) -> None:
        on_step("Reviewing", len(reviewed), 2)
        reviewed.append(day)

    years = review_years(
        reference,
        Source(ledger=folder / "ledger"),
        folder / "reviews",
        today=at.date(),
        on_review=on_review,
    )
    on_step("Reviewing", 2, 2)
    return DemoRun(demo=demo, ledger=folder / "ledger", imported=tuple(imported), years=years)


def _import(ledger: Path, report: Report, order: Order, *, at: datetime) -> tuple[Imported, ...]:
    """Import a report: on the morning of the day it was taken, or at `at` if that is today."""
    today = report.taken_on == at.date()
    return import_reports(
        ledger,
        [report.path],
        replace(order, partner_id=report.partner_id),
        imported_at=at if today else datetime.combine(report.taken_on, OPENS_AT),
    )

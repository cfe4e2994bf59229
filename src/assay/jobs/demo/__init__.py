"""A made-up marketplace in the files of real ones: every tier, every quirk, all of it marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assay.jobs.demo import lists
from assay.jobs.demo.partners import Partner, Times, make_partners
from assay.jobs.demo.reports import Report, write_reports
from assay.jobs.demo.sales import make_sales


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What was made: the partners, and the files in the order in which they came."""

    times: Times
    partners: tuple[Partner, ...]
    reports: tuple[Report, ...]

    @property
    def reviews(self) -> tuple[date, date]:
        """The days of the earlier and the later review."""
        return self.times.reviews


def make_marketplace(folder: Path, *, seed: int, today: date) -> Demo:
    """Write a marketplace of 300 partners and two to three years of sales that end on `today`.

    The files have the shapes of real ones: transactions reports of two days (JSON list, JSON
    object, CSV, some compressed; of one partner or of many), product catalogs, bug bounty scope
    lists, and tables of partners, escalations, submissions (XLSX), approvals and departures. The
    same seed and day give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    times = Times(today)
    partners = make_partners(seed, times)
    sold = {partner: make_sales(partner, times, seed=seed) for partner in partners}
    exports = write_reports(folder, sold, times)
    first, second = times.exports
    return Demo(
        times=times,
        partners=partners,
        reports=(
            *_lists(folder, partners, times, at=0),
            *(report for report in exports if report.taken_on == first),
            *_lists(folder, partners, times, at=1),
            *(report for report in exports if report.taken_on == second),
            *_tables(folder, partners, times),
        ),
    )


def _lists(folder: Path, partners: tuple[Partner, ...], times: Times, *, at: int) -> list[Report]:
    """Write what is taken anew for each review."""
    listed_on, taken_on = times.lists[at], times.exports[at]
    profiles = folder / f"partners-{taken_on}.csv"
    catalog = folder / f"products-{listed_on}.csv"
    scope = folder / f"bounty-programs-{listed_on}.json"
    escalations = folder / f"escalations-{taken_on}.csv"
    lists.write_partners(profiles, partners, until=taken_on)
    lists.write_catalog(catalog, partners, at=at, times=times)
    lists.write_scope_list(scope, partners, at=at, times=times)
    lists.write_escalations(escalations, partners, at=at, times=times)
    paths = (profiles, catalog, scope, escalations)
    return [Report(path=path, taken_on=taken_on) for path in paths]


def _tables(folder: Path, partners: tuple[Partner, ...], times: Times) -> list[Report]:
    """Write what no report tells."""
    approvals = folder / "listings.csv"
    departures = folder / "bounty_enrolments.csv"
    submissions = folder / "bounty_submissions.xlsx"
    lists.write_approvals(approvals, partners)
    lists.write_departures(departures, partners, times)
    lists.write_submissions(submissions, partners, times)
    paths = (approvals, departures, submissions)
    return [Report(path=path, taken_on=times.today) for path in paths]

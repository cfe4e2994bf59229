"""The demo's product catalogs, bug bounty scope lists and plain tables of facts."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from assay.jobs.demo.partners import App, Listing, Partner, Times

MINIMUM_AWARDS = {"P1": 1500, "P2": 900, "P3": 300, "P4": 100, "P5": 0}
TUESDAY = 1
_CATALOG_COLUMNS = (
    "is_beta",
    "summary",
    "tag_line",
    "is_connect",
    "product_id",
    "released_at",
    "vendor_name",
    "is_supported",
    "review_score",
    "average_stars",
    "download_count",
    "install_count",
    "version_number",
    "version_status",
    "publicly_visible",
    "number_of_reviews",
    "category_name_list",
    "marketplace_app_key",
    "app_software_hosting",
    "marketplace_app_name",
    "parent_software_list",
    "supported_payment_model",
    "is_auto_update_strategy_available",
)


def write_catalog(path: Path, partners: Iterable[Partner], *, at: int, times: Times) -> None:
    """Write the product catalog as it stood at the earlier (0) or later (1) list."""
    day = times.lists[at]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=_CATALOG_COLUMNS)
        writer.writeheader()
        for partner in partners:
            for app in partner.apps:
                for listing in app.listings:
                    if listing.released_on <= day:
                        writer.writerows(_versions(partner, app, listing, day, at))


def _versions(
    partner: Partner, app: App, listing: Listing, day: date, at: int
) -> Iterable[Mapping[str, object]]:
    """Yield the versions of a listing that were out by a day: the first, and one a quarter on."""
    released = (listing.released_on, listing.released_on + timedelta(days=91))
    for number, released_on in enumerate((d for d in released if d <= day), start=1):
        yield {
            "is_beta": "false",
            "summary": f'{app.name}: made up,\nfor "demonstration" only',
            "tag_line": "An app that does not exist",
            "is_connect": "true" if listing.hosting == "CLOUD" else "false",
            "product_id": app.number,
            "released_at": released_on,
            "vendor_name": partner.name,
            "is_supported": "true",
            "download_count": listing.installs[at] * 7,
            "install_count": listing.installs[at],
            "version_number": f"{number}.0.0",
            "version_status": "public",
            "publicly_visible": "true",
            "number_of_reviews": app.number % 40,
            "category_name_list": "Demonstration",
            "marketplace_app_key": app.key,
            "app_software_hosting": listing.hosting,
            "marketplace_app_name": app.name,
            "supported_payment_model": listing.payment,
            "is_auto_update_strategy_available": "false",
        }


def write_scope_list(path: Path, partners: Iterable[Partner], *, at: int, times: Times) -> None:
    """Write the bug bounty programs and their targets at the earlier (0) or later (1) list."""
    programs = []
    for partner in partners:
        apps = [app for app in partner.apps if app.bounty[at]]
        apps = [app for app in apps if app.listings[0].released_on <= times.lists[at]]
        if apps:
            programs.append(_bounty_program(partner, apps))
    path.write_text(json.dumps(programs, indent=1), encoding="utf-8")


def _bounty_program(partner: Partner, apps: Sequence[App]) -> Mapping[str, object]:
    site = f"https://{partner.id}.example/"
    targets = [{"type": "website", "target": site, "uri": site, "name": f"{partner.name} site"}]
    for app in apps:
        address = f"https://marketplace.atlassian.com/apps/{app.number}/{partner.id}?hosting=cloud"
        targets.append({"type": "website", "target": address, "uri": address, "name": app.name})
    return {
        "name": f"{partner.name} Bug Bounty",
        "url": f"https://bounty.example/engagements/{partner.id}",
        "max_payout": MINIMUM_AWARDS["P1"],
        "targets": {"in_scope": targets, "out_of_scope": []},
    }


def write_partners(path: Path, partners: Iterable[Partner], *, until: date) -> None:
    """Write the partners who had joined by a day."""
    _write_csv(
        path,
        ("partner_id", "name", "country", "time_zone", "joined_on"),
        (
            (partner.id, partner.name, partner.country, partner.time_zone, partner.joined_on)
            for partner in partners
            if partner.joined_on <= until
        ),
    )


def write_approvals(path: Path, partners: Iterable[Partner]) -> None:
    """Write the Data Center listings that are approved, which the catalog does not tell."""
    _write_csv(
        path,
        ("app_id", "hosting", "listed_on", "payment", "approved_on"),
        (
            (app.key, listing.hosting, listing.released_on, listing.payment, listing.approved_on)
            for partner in partners
            for app in partner.apps
            for listing in app.listings
            if listing.approved_on is not None
        ),
    )


def write_departures(path: Path, partners: Iterable[Partner], times: Times) -> None:
    """Write the apps that left the bug bounty program between the two lists."""
    earlier, later = times.lists
    _write_csv(
        path,
        ("app_id", "enrolled_on", "left_on"),
        (
            (app.number, earlier, later)
            for partner in partners
            for app in partner.apps
            if app.bounty == (True, False)
        ),
    )


def write_escalations(path: Path, partners: Iterable[Partner], *, at: int, times: Times) -> None:
    """Write the escalations of the earlier (0) or later (1) year."""
    review = times.reviews[at]
    _write_csv(
        path,
        ("escalation_id", "partner_id", "opened_at", "responded_at"),
        (
            (f"ESC-{partner.number:03}-{at}-{number}", partner.id, opened, responded)
            for partner in partners
            for number, (opened, responded) in enumerate(_escalations(partner, review, at))
        ),
    )


def _escalations(partner: Partner, review: date, at: int) -> Iterable[tuple[str, str]]:
    """Yield up to two escalations, opened on a Tuesday at nine; the first is the slowest."""
    slowest = partner.story.slowest[at]
    if slowest is None or (at == 0 and partner.story.is_new):
        return
    for number, hours in enumerate((slowest, 2)[: 1 + partner.number % 2]):
        day = review - timedelta(weeks=9 + 4 * number + partner.number % 5)
        day += timedelta(days=(TUESDAY - day.weekday()) % 7)
        opened = datetime.combine(day, time(9), ZoneInfo(partner.time_zone or "UTC"))
        responded = opened.astimezone(UTC) + timedelta(hours=hours, minutes=partner.number % 50)
        yield opened.isoformat(), responded.isoformat().replace("+00:00", "Z")


def write_submissions(path: Path, partners: Iterable[Partner], times: Times) -> None:
    """Write the bug bounty submissions of both years as an XLSX workbook."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime.combine(times.today, time())})
        sheet = book.add_worksheet("bounty_submissions")
        columns = ("submission_id", "app_id", "severity", "submitted_on", "awarded")
        sheet.write_row(0, 0, columns)
        rows = (row for partner in partners for row in _submissions(partner, times))
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)


def _submissions(partner: Partner, times: Times) -> Iterable[tuple[object, ...]]:
    app, story = partner.apps[0], partner.story
    reported_on = times.review - timedelta(days=40 + partner.number % 200)
    if story.has_low_award:
        yield f"SUB-{partner.number:03}-low", app.key, "P3", reported_on, 250
    if story.has_award_of_unknown_severity:
        yield f"SUB-{partner.number:03}-open", app.key, None, reported_on, 400
    if any(app.bounty):
        severity = f"P{1 + partner.number % 5}"
        award = MINIMUM_AWARDS[severity] * (1 + partner.number % 3)
        yield f"SUB-{partner.number:03}-1", app.key, severity, reported_on, award
        yield f"SUB-{partner.number:03}-2", app.key, "P4", reported_on, None


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)

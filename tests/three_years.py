"""Three program years: eleven partners whose tiers are worked out by hand, in the demo's crowd.

Each has one private app with one listing, for cloud, paid via the platform: R1, R2, R3, R6 and R7
of every tier are met, and sales decide. Silver asks for $100,000, of it 15% from cloud, and from
2025-07-01 on for $150,000; Gold for $500,000, of it 25%; Platinum for $1,000,000, of it 35%.

The crowd are the 300 partners of the demo's marketplace. It speaks of two reviews and is made
twice, for 2023 and 2024 and for 2025 and 2026, whose reports restate the sales of before.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from assay.core.rights import Role, StaffRole
from assay.documents.programs import program_file
from assay.gateways.installation import Installation
from assay.jobs.demo import make_marketplace
from assay.jobs.demo.partners import Times, make_partners
from assay.jobs.demo.run_demo import SEED
from assay.jobs.demo.sales import make_sales
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.overrides import Wish, ask_override, decide_override
from assay.store.models import Decision, Membership, Override, Partner, Person
from tests.few_partners import PROGRAM

NAME, OLD, NEW = "atlassian-marketplace", "2024-06-13", "2025-07-01"
YEARS = (2023, 2024, 2025, 2026)
SETTLING_DAYS = 14

# What each sold until 30 June of these years: cloud, or cloud and Data Center.
SALES = {
    "ash": [("125000", "375000")] * 4,  # a quarter of 500,000 is cloud: both bounds, to the cent
    "birch": ["99999.99", "100000", "500000", "1000000"],
    "cedar": ["2000000", "999999.99", "499999.99", "149999.99"],
    "fir": ["120000"] * 4,
    "hazel": ["150000", "150000", "149999.99", "150000"],  # 2025 is restated
    "larch": ["520000", "520000", "500000", "500000"],  # 2024 is refunded
    "maple": ["500000"] * 4,  # 2025 is refunded too late
    "oak": ["600000", "600000", "400000", "500000"],
    "pine": [None, None, ("24000", "136000"), ("23999.99", "136000.01")],  # 15% of 160,000, less
    "rowan": ["200000", "200000", "200000", None],
    "willow": ["200000"] * 4,
}
# What is computed at the closing of each review.
TIERS = {
    "ash": "gold gold gold gold",
    "birch": "partner silver gold platinum",  # 99,999.99 < 100,000; 500,000; 1,000,000
    "cedar": "platinum gold silver partner",  # 999,999.99 < 1,000,000; 499,999.99; 149,999.99
    "fir": "silver silver partner partner",  # 120,000 >= 100,000, but < 150,000
    "hazel": "silver silver silver silver",  # 149,999.99 was restated as 150,000.00
    "larch": "gold silver gold gold",  # 520,000 - 20,000.01 = 499,999.99
    "maple": "gold gold gold gold",  # 500,000 - 1 is known after closing
    "oak": "gold gold silver gold",  # 400,000: waived, gold until the end of 2025
    "pine": "- partner silver partner",  # there since 2024; 24,000 of 160,000 is 15%
    "rowan": "silver silver none none",  # its listing is retired on 31 January 2025
    "willow": "silver partner silver silver",  # 2024: answered in 48 hours, not less
}
# What was computed otherwise as the review was opened.
AS_OPENED = {("larch", 2024): "gold", ("hazel", 2025): "partner"}
WAIVED_UNTIL = date(2026, 1, 1)

# The marketplace of the crowd by the later of its two reviews, and the day on which it ends.
CROWD_ENDS = {2024: date(2024, 7, 1), 2026: date(2026, 7, 10)}
# What stories do not tell: newcomers of 2024 are newcomers of 2026 too, and tables of approvals,
# departures and submissions come with the later review; what the first ones said holds in 2025.
CROWD_OTHERWISE = {
    ("newcomer", 2023): "-",
    ("newcomer, Silver at once", 2023): "-",
    ("newcomer", 2025): "partner",
    ("newcomer, Silver at once", 2025): "partner",
    ("Partner with a server app that is approved for Data Center", 2023): "partner",
    ("from Silver by leaving the bug bounty program", 2025): "partner",
    ("an award without severity", 2025): "partner",
    ("every tier missed by a low award", 2025): "partner",
    ("to Gold by the bug bounty program", 2025): "gold",
}

_HEADS = {
    "partners": "partner_id name time_zone joined_on",
    "apps": "app_id partner_id name public",
    "listings": "app_id hosting listed_on payment retired_on",
    "transactions": "transaction_id partner_id hosting sale_date sale_type purchase_price currency",
    "escalations": "escalation_id partner_id opened_at responded_at",
}


def tier_of(key: str, year: int) -> str:
    """Return the tier computed at the closing of a year's review; "-": it was not there yet."""
    return TIERS[key].split()[YEARS.index(year)]


def at(year: int, month: int, day: int) -> datetime:
    """Return nine in the morning of a day."""
    return datetime(year, month, day, 9, tzinfo=UTC)


def write_installation(folder: Path, *, crowd: bool = False) -> Installation:
    """Write both versions of the program, and the ledger with every report as of its day."""
    installation = Installation.at(folder)
    installation.mark(demo=True)
    text = program_file(PROGRAM).read_text(encoding="utf-8")
    months = "[6]" if crowd else "[12, 6]"  # it plays in seconds
    text = text.replace("months: [9, 12, 3, 4, 5, 6]", f"months: {months}")
    newer = text.replace(f"version: {OLD}", f"version: {NEW}").replace(
        "silver: gross_sales >= 100000", "silver: gross_sales >= 150000"
    )
    for version, written in ((OLD, text), (NEW, newer)):
        file = installation.programs / NAME / version / "program.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(written, encoding="utf-8")
    order = Order.under(PROGRAM, source="reports", partner_id=None, as_of=None)
    came = [
        (known_at, [_written(folder / "reports" / f"{known_at:%Y-%m-%d}", *table)], None)
        for known_at, tables in _reports()
        for table in tables.items()
    ]
    if crowd:
        came += _crowd(folder / "crowd")
    for known_at, files, partner in sorted(came, key=lambda one: one[0]):
        named = replace(order, partner_id=partner)
        import_reports(installation.ledger, files, named, imported_at=known_at)
    return installation


def _crowd(folder):
    """Yield the reports of the demo's marketplace: when each came, its file, whose it is."""
    for year, today in CROWD_ENDS.items():
        demo = make_marketplace(folder / str(year), seed=SEED, today=today)
        for report in demo.reports:
            day = report.taken_on
            yield at(day.year, day.month, day.day), [report.path], report.partner_id


def crowd_tiers(year: int) -> dict[str, str]:
    """Return the tiers of the crowd at the closing of a year's review, as its stories tell them."""
    ends = CROWD_ENDS[year + year % 2]
    times = Times(ends)
    found = {}
    for partner in make_partners(SEED, times):
        title = partner.story.title
        tier = CROWD_OTHERWISE.get((title, year), partner.story.tiers[1 - year % 2])
        if tier == "silver" and year >= 2025 and _gross(partner, times, year) < 150_000_00:
            tier = "partner"
        if tier != "-":
            found[partner.id] = tier
    return found


def _gross(partner, times, year):
    """Add up what a partner sold until 30 June of a year, in cents, as its report of July says."""
    since, until = date(year - 1, 7, 1), date(year, 7, 1)
    return sum(
        sale.price if sale.before is None or until == times.review else sale.before
        for sale in make_sales(partner, times, seed=SEED)
        if since <= sale.sale_on < until
    )


def _reports():
    """Yield what came when, by table."""
    first = [key for key in SALES if key != "pine"]
    yield at(2023, 6, 30), {**_partners(first), "transactions": _sales(2023)}
    yield at(2024, 3, 2), _partners(["pine"], "2024-03-01")
    slow = ("e1", "willow", "2024-03-04T08:00:00Z", "2024-03-06T08:00:00Z")
    yield at(2024, 6, 30), {"transactions": _sales(2024), "escalations": [slow]}
    refund = _sale("larch-refund", "larch", "cloud", "2024-06-28", "-20000.01")
    yield at(2024, 7, 9), {"transactions": [refund]}
    retired = ("rowan.app", "cloud", "2020-01-01", "platform", "2025-01-31")
    yield at(2025, 2, 1), {"listings": [retired]}
    yield at(2025, 6, 30), {"transactions": _sales(2025)}
    restated = _sale("hazel-2025-cloud", "hazel", "cloud", "2025-03-01", "150000.00")
    yield at(2025, 7, 9), {"transactions": [restated]}
    too_late = _sale("maple-refund", "maple", "cloud", "2025-06-30", "-1")
    yield at(2025, 7, 20), {"transactions": [too_late]}
    quick = ("e2", "willow", "2026-03-02T08:00:00Z", "2026-03-04T07:59:59Z")
    yield at(2026, 6, 30), {"transactions": _sales(2026), "escalations": [quick]}
    corrected = [
        _sale("pine-2026-cloud", "pine", "cloud", "2026-03-01", "24000.00"),
        _sale("pine-2026-data_center", "pine", "data_center", "2026-03-01", "136000.00"),
    ]
    yield at(2026, 7, 20), {"transactions": corrected}


def _partners(keys, since="2020-01-01"):
    return {
        "partners": [(key, key.title(), "UTC", since) for key in keys],
        "apps": [(f"{key}.app", key, f"{key.title()} App", "false") for key in keys],
        "listings": [(f"{key}.app", "cloud", since, "platform", "") for key in keys],
    }


def _sales(year):
    """Return the sales of a program year, all of 1 March."""
    rows = []
    for key, years in SALES.items():
        sold = years[YEARS.index(year)]
        amounts = zip(
            ("cloud", "data_center"), (sold,) if isinstance(sold, str) else sold or (), strict=False
        )
        rows += [
            _sale(f"{key}-{year}-{hosting}", key, hosting, f"{year}-03-01", amount)
            for hosting, amount in amounts
        ]
    return rows


def _sale(number, key, hosting, day, amount):
    kind = "refund" if amount.startswith("-") else "new"
    return number, key, hosting, day, kind, amount, "USD"


def _written(folder, name, rows):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_HEADS[name].split())
        writer.writerows(rows)
    return file


def seat_staff():
    """Let Ann and Ben join, who may open, override and close."""
    return [
        Person.objects.create_user(
            f"{name}@staff.example", name=name.title(), joined_at=at(2023, 6, 1), staff_role=role
        )
        for name, role in (("ann", StaffRole.PROGRAM_MANAGER), ("ben", StaffRole.PROGRAM_MANAGER))
    ]


def seat_owners(moment: datetime) -> None:
    """Give each of the eleven that has nobody an owner."""
    for partner in Partner.objects.filter(memberships=None, key__in=SALES).order_by("key"):
        owner = Person.objects.create_user(f"owner@{partner.key}.example", joined_at=moment)
        Membership.objects.create(partner=partner, person=owner, role=Role.OWNER, since=moment)


def waive_oak(moment: datetime) -> None:
    """Waive Gold for Oak until the end of 2025: Ann asks, Ben approves; done again, nothing is."""
    ann, ben = Person.objects.filter(email__endswith="@staff.example").order_by("email")
    oak = Decision.objects.get(
        partner__key="oak", review__kind="review", review__on=date(2025, 7, 1), review__state="open"
    )
    wish = Wish(
        kind=Override.Kind.WAIVER, tier="gold", until_on=WAIVED_UNTIL, reason="A report is missing"
    )
    asked = oak.overrides.first() or ask_override(oak.pk, wish, by=ann, at=moment)
    if asked.state == Override.State.ASKED:
        decide_override(asked.pk, approve=True, words="Agreed", by=ben, at=moment)

"""Six partners who sell in the same categories: what they are compared by is worked out by hand.

Newest months: July 2025 to June 2026. All six sell in Reports; P1 to P5 in Workflow, where P6 has
an app and no sale; four of them (P1 to P4) in Macros. P1 and P6 hold Platinum, P2 holds Gold.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.store.models import App, Partner
from tests.few_partners import PROGRAM
from tests.grants import grant
from tests.people_of_partners import partner

AT = datetime(2026, 7, 9, 9, tzinfo=UTC)
UNTIL = date(2026, 7, 1)
PARTNERS = tuple(f"P{number}" for number in range(1, 7))
NAMES = {key: f"Namely {key} Makers" for key in PARTNERS}
REPORTS = {"P2": "1111.11", "P3": "2222.22", "P4": "3333.33", "P5": "4444.44", "P6": "5555.55"}
WORKFLOW = {"P1": "101.01", "P2": "202.02", "P3": "303.03", "P4": "404.04", "P5": "505.05"}
MACROS = {"P1": "611.61", "P2": "622.62", "P3": "633.63", "P4": "644.64"}
CATEGORIES = {"r": "Reports", "w": "Workflow", "m": "Macros"}

_HEAD = (
    "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,"
    "vendor_amount,currency\n"
)
_OF_P1 = (  # date, sale type, price in Reports
    ("2024-07-01", "new", "10"),
    ("2024-12-31", "new", "10"),
    ("2025-01-01", "renewal", "10"),
    ("2025-06-30", "new", "10"),
    ("2025-07-01", "renewal", "300.47"),
    ("2026-01-01", "renewal", "300"),
    ("2026-06-30", "renewal", "400"),
    ("2026-05-01", "refund", "-100.10"),
    ("2026-07-01", "new", "7777.77"),  # too late
)


def write_facts(folder: Path) -> Path:
    """Write the folder of facts, and give its path."""
    facts = folder / "facts"
    facts.mkdir()
    sales = [("P1", "rP1", *row) for row in _OF_P1]
    sales += [(key, f"r{key}", "2025-09-01", "new", price) for key, price in REPORTS.items()]
    sales += [("P5", "rP5", "2025-09-02", "", "0")]  # nobody says what kind of sale it is
    for letter, prices in (("w", WORKFLOW), ("m", MACROS)):
        sales += [(key, f"{letter}{key}", "2025-09-01", "new", p) for key, p in prices.items()]
    rows = (
        f"t{number},{key},{app},cloud,{on},{kind},{price},,USD"
        for number, (key, app, on, kind, price) in enumerate(sales)
    )
    apps = "".join(f"{c}{key},{key},App,true\n" for key in PARTNERS for c in CATEGORIES)
    known = "".join(f"{key},{NAMES[key]},SE,UTC,2020-01-01\n" for key in PARTNERS)
    for name, text in {
        "partners": "partner_id,name,country,time_zone,joined_on\n" + known,
        "apps": "app_id,partner_id,name,public\n" + apps,
        "transactions": _HEAD + "\n".join(rows) + "\n",
        "installs": "app_id,hosting,on_date,active_installs\n"
        "rP1,cloud,2025-08-01,50\nrP1,cloud,2026-06-01,70\nrP1,data_center,2025-05-01,30\n",
        "escalations": "escalation_id,partner_id,opened_at,responded_at\n"
        "e1,P1,2026-03-02T08:00:00Z,2026-03-02T18:00:00Z\n"
        "e2,P1,2026-03-03T08:00:00Z,2026-03-04T11:00:00Z\n"
        "e3,P1,2026-03-06T20:00:00Z,2026-03-09T16:00:00Z\n",  # 20 hours, a weekend between
        "bounty_submissions": "submission_id,app_id,severity,submitted_on,awarded\n"
        "s1,rP1,P1,2026-02-01,1\ns2,rP1,P1,2026-02-02,100000\ns3,rP1,P5,2026-06-30,\n",
    }.items():
        (facts / f"{name}.csv").write_text(text, encoding="utf-8")
    return facts


def make_partners() -> dict[str, Partner]:
    """Make the partners, their apps with categories, and tiers with their benefits."""
    made = {key: partner(key, key.lower(), name=NAMES[key]) for key in PARTNERS}
    App.objects.bulk_create(
        App(
            partner=of,
            key=f"{letter}{key}",
            slug=f"{letter}{key}".lower(),
            name=f"App {letter} of {key}",
            state=App.State.LISTED,
            categories=[category],
            created_at=AT,
            changed_at=AT,
        )
        for key, of in made.items()
        for letter, category in CATEGORIES.items()
        if not (letter == "m" and key in ("P5", "P6"))
    )
    for key, tier in {"P1": "platinum", "P2": "gold", "P6": "platinum"}.items():
        grant(made[key], tier, UNTIL)
    settle_benefits(PROGRAM, on=UNTIL, at=AT)
    return made

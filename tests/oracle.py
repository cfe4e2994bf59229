"""The 2024 program a second time, in plain Python, from its statements and the facts contract.

It reads a facts folder (CSV) and judges one partner after the other, row by row, with exact
numbers, in no way like the engine: this is what the engine is compared with.

A number that missing facts leave open is a pair: the least and the greatest it could be (None:
no bound). A requirement is met or not where it is so for every number in between.
"""

import csv
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINIMUM_PAYOUTS = {"P1": 1500, "P2": 900, "P3": 300, "P4": 100, "P5": 0}
RESPONSE_UNDER = {"silver": 48, "gold": 24, "platinum": 24}
TIERS = ("silver", "gold", "platinum")
REQUIREMENTS = (
    "paid_apps_are_pva",
    "paid_cloud_app",
    "server_apps_data_center_approved",
    "escalation_response",
    "annual_gross_sales",
    "bounty_participation",
    "bounty_awards_meet_minimum",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = 15 * 60 * 1_000_000  # microseconds
FRIDAY = 5
MONTH_OF_REVIEW = 7


class Open(NamedTuple):
    """A number that is known to lie between two others; None is no bound."""

    least: object
    greatest: object


class Finding(NamedTuple):
    """What one requirement came to for one partner and tier."""

    outcome: str
    measured: dict


def judge(folder: Path, *, on: date) -> tuple[dict, dict]:
    """Judge every partner of a facts folder.

    Returns the tier by partner, and the Finding by (partner, tier, requirement).
    """
    cut_off = date(on.year, on.month, 1) if on.month == MONTH_OF_REVIEW else on
    tables = {path.stem: _read(path) for path in folder.glob("*.csv")}
    tiers, findings = {}, {}
    for partner in _Marketplace(tables, cut_off).partners():
        found = {(tier, key): partner.finding(key, tier) for tier in TIERS for key in REQUIREMENTS}
        tiers[partner.id] = "partner" if partner.has_platform_listing() else "none"
        for tier in TIERS:
            if all(found[tier, key].outcome == "met" for key in REQUIREMENTS):
                tiers[partner.id] = tier
        findings |= {(partner.id, *place): finding for place, finding in found.items()}
    return tiers, findings


def _read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)]


def _day(cell):
    return None if cell is None else date.fromisoformat(cell)


def _moment(cell):
    return None if cell is None else datetime.fromisoformat(cell)


def _year_before(day):
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


class _Marketplace:
    """The facts as they stood at the end of the last day that counts, by partner."""

    def __init__(self, tables, cut_off):
        self.tables = tables
        self.cut_off = cut_off
        self.since = _year_before(cut_off)
        self.owner = {row["app_id"]: row["partner_id"] for row in self.rows("apps")}
        self.public = {row["app_id"]: row["public"] for row in self.rows("apps")}
        self.numbers = {row["app_number"]: row["app_id"] for row in self.rows("app_numbers")}
        self.sales = self.of_partner("transactions", lambda row: row["partner_id"])
        self.escalations = self.of_partner("escalations", lambda row: row["partner_id"])
        self.listings = self.of_partner("listings", lambda row: self.owner.get(row["app_id"]))
        self.submissions = self.of_partner(
            "bounty_submissions", lambda row: self.owner.get(self.app(row["app_id"]))
        )
        self.approved = {
            row["app_id"]
            for row in self.rows("listings")
            if row["hosting"] == "data_center"
            and self.stands(row["listed_on"], row["retired_on"])
            and row["approved_on"] is not None
            and _day(row["approved_on"]) < cut_off
        }
        self.in_bounty = {
            self.app(row["app_id"])
            for row in self.rows("bounty_enrolments")
            if self.stands(row["enrolled_on"], row["left_on"])
        }
        self.installs = {}
        for row in sorted(self.rows("installs"), key=lambda row: row["on_date"]):
            if _day(row["on_date"]) < cut_off:
                self.installs[row["app_id"], row["hosting"]] = int(row["active_installs"])

    def rows(self, table):
        """The rows of a table, the same row said twice once."""
        return list({tuple(row.items()): row for row in self.tables.get(table, ())}.values())

    def of_partner(self, table, whose):
        found = defaultdict(list)
        for row in self.rows(table):
            found[whose(row)].append(row)
        return found

    def app(self, name):
        """The app of an id, or of a number in a catalog."""
        return name if name in self.owner else self.numbers.get(name)

    def stands(self, begun, ended):
        return _day(begun) < self.cut_off and (ended is None or _day(ended) >= self.cut_off)

    def partners(self):
        return [_Partner(self, row) for row in self.rows("partners")]


class _Partner:
    """One partner's rows, and what each requirement asks of them."""

    def __init__(self, marketplace, row):
        self.marketplace = marketplace
        self.id = row["partner_id"]
        self.time_zone = row["time_zone"]
        self.listings = [
            listing
            for listing in marketplace.listings[self.id]
            if marketplace.stands(listing["listed_on"], listing["retired_on"])
        ]

    def has_platform_listing(self):
        return any(listing["payment"] == "platform" for listing in self.listings)

    def finding(self, requirement, tier):
        return getattr(self, f"_{requirement}")(tier)

    # --- R1, R2, R3 ----------------------------------------------------------------------------

    def _paid_apps_are_pva(self, tier):
        del tier
        sold = [row for row in self.listings if row["hosting"] in ("cloud", "data_center")]
        elsewhere = _apps(
            (row["app_id"], None if row["payment"] is None else row["payment"] == "partner")
            for row in sold
        )
        return Finding(_is_zero(elsewhere), {"apps_paid_elsewhere": _shown(elsewhere)})

    def _paid_cloud_app(self, tier):
        del tier
        paid = _apps(
            (row["app_id"], _is_paid(row)) for row in self.listings if row["hosting"] == "cloud"
        )
        outcome = "met" if paid.least >= 1 else "not_met" if paid.greatest == 0 else "unknown"
        return Finding(outcome, {"paid_cloud_apps": _shown(paid)})

    def _server_apps_data_center_approved(self, tier):
        del tier
        unapproved = _apps(
            (
                row["app_id"],
                _every(
                    _is_paid(row),
                    self._has_installs(row, at_least=500),
                    row["app_id"] not in self.marketplace.approved,
                ),
            )
            for row in self.listings
            if row["hosting"] == "server"
        )
        return Finding(_is_zero(unapproved), {"unapproved_server_apps": _shown(unapproved)})

    def _has_installs(self, listing, *, at_least):
        installs = self.marketplace.installs.get((listing["app_id"], listing["hosting"]))
        return None if installs is None else installs >= at_least

    # --- R4 ------------------------------------------------------------------------------------

    def _escalation_response(self, tier):
        cut_off = datetime.combine(self.marketplace.cut_off, datetime.min.time(), UTC)
        since = datetime.combine(self.marketplace.since, datetime.min.time(), UTC)
        clocks = []
        for row in self.marketplace.escalations[self.id]:
            opened, responded = _moment(row["opened_at"]), _moment(row["responded_at"])
            if since <= opened < cut_off:
                until = cut_off if responded is None or responded > cut_off else responded
                clocks.append((opened, until))
        if not clocks:
            return Finding("met", {"slowest_response": None})
        if self.time_zone is None:
            return Finding(
                "unknown", {"slowest_response": {"at_least": "0:00:00", "at_most": None}}
            )
        slowest = max(weekday_time(*clock, zone=self.time_zone) for clock in clocks)
        outcome = "met" if slowest < timedelta(hours=RESPONSE_UNDER[tier]) else "not_met"
        return Finding(outcome, {"slowest_response": _hours(slowest)})

    # --- R5 ------------------------------------------------------------------------------------

    def _annual_gross_sales(self, tier):
        gross = cloud = Decimal(0)
        for row in self.marketplace.sales[self.id]:
            if self.marketplace.since <= _day(row["sale_date"]) < self.marketplace.cut_off:
                gross += Decimal(row["purchase_price"])
                if row["hosting"] == "cloud":
                    cloud += Decimal(row["purchase_price"])
        share = Fraction(cloud) / Fraction(gross) if gross > 0 else None
        passed = {
            "silver": gross >= 100_000 and share is not None and share >= Fraction(15, 100),
            "gold": (gross >= 500_000 and share is not None and share >= Fraction(25, 100))
            or gross >= 3_000_000,
            "platinum": (gross >= 1_000_000 and share is not None and share >= Fraction(35, 100))
            or cloud >= 2_000_000,
        }[tier]
        measured = {"gross_sales": f"{gross:.2f}", "cloud_sales": f"{cloud:.2f}"}
        return Finding("met" if passed else "not_met", measured)

    # --- R6 ------------------------------------------------------------------------------------

    def _bounty_participation(self, tier):
        judged = [
            (row, _every(_is_paid(row), _flag(self.marketplace.public[row["app_id"]])))
            for row in self.listings
            if row["hosting"] == "cloud"
        ]
        inside = [(r, j) for r, j in judged if r["app_id"] in self.marketplace.in_bounty]
        outside = [(r, j) for r, j in judged if r["app_id"] not in self.marketplace.in_bounty]
        if tier == "silver":
            return self._most_installs_take_part(inside, outside)
        if tier == "gold":
            large = _apps(
                (row["app_id"], _every(asked, self._has_installs(row, at_least=101)))
                for row, asked in outside
            )
            return Finding(_is_zero(large), {"larger_apps_outside_bounty": _shown(large)})
        all_apps = _apps((row["app_id"], asked) for row, asked in outside)
        return Finding(_is_zero(all_apps), {"apps_outside_bounty": _shown(all_apps)})

    def _most_installs_take_part(self, inside, outside):
        """One of the apps with the most installs takes part, or there is no app to ask about."""
        best_in, best_out = self._most(inside), self._most(outside)
        measured = {
            "most_installs_in_bounty": _most_shown(best_in),
            "most_installs_outside_bounty": _most_shown(best_out),
        }
        if best_out.greatest == -1:
            return Finding("met", measured)
        if best_out.greatest is not None and best_in.least >= best_out.greatest:
            return Finding("met", measured)
        if best_in.greatest is not None and best_in.greatest < best_out.least:
            return Finding("not_met", measured)
        return Finding("unknown", measured)

    def _most(self, judged):
        """The most installs among apps, -1 where there is none; no bound where a count lacks."""
        least = greatest = -1
        for row, asked in judged:
            installs = self.marketplace.installs.get((row["app_id"], "cloud"))
            if asked is True:
                least = max(least, installs or 0)
            if asked is not False and greatest is not None:
                greatest = None if installs is None else max(greatest, installs)
        return Open(least, greatest)

    # --- R7 ------------------------------------------------------------------------------------

    def _bounty_awards_meet_minimum(self, tier):
        del tier
        least = greatest = 0
        for row in self.marketplace.submissions[self.id]:
            counts = _day(row["submitted_on"]) < self.marketplace.cut_off
            if not counts or row["awarded"] is None:
                continue
            if row["severity"] is None:
                greatest += 1
            elif Decimal(row["awarded"]) < MINIMUM_PAYOUTS[row["severity"]]:
                least += 1
                greatest += 1
        below = Open(least, greatest)
        return Finding(_is_zero(below), {"awards_below_minimum": _shown(below)})


# --- small words ---------------------------------------------------------------------------------


def _is_paid(listing):
    return None if listing["payment"] is None else listing["payment"] != "free"


def _flag(cell):
    return None if cell is None else cell == "true"


def _every(*parts):
    """True where all are, False where one is not, None where that hangs on what is missing."""
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def _apps(judged):
    """How many apps have a listing that is asked about: at least, and at most."""
    judged = list(judged)
    sure = {app for app, asked in judged if asked is True}
    perhaps = {app for app, asked in judged if asked is not False}
    return Open(len(sure), len(perhaps))


def _is_zero(number):
    if number.greatest == 0:
        return "met"
    return "not_met" if number.least > 0 else "unknown"


def _shown(number):
    if number.least == number.greatest:
        return number.least
    return {"at_least": number.least, "at_most": number.greatest}


def _most_shown(number):
    return None if number.greatest == -1 else _shown(number)


def _hours(time):
    seconds, fraction = divmod(time // timedelta(microseconds=1), 1_000_000)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{fraction:06}" if fraction else text


# --- the response clock, a quarter of an hour after the other ------------------------------------


def weekday_time(opened, until, *, zone):
    """Elapsed time less the zone's Saturdays and Sundays, found by stepping through it.

    Every zone's clock since 2012 has changed on a quarter of an hour of UTC and stood a whole
    number of quarters from it, so that within a quarter the local day is one and the same.
    """
    step, end = _microseconds(opened), _microseconds(until)
    found = 0
    while step < end:
        quarter = step // QUARTER
        following = min((quarter + 1) * QUARTER, end)
        if _is_weekday(quarter, zone):
            found += following - step
        step = following
    return timedelta(microseconds=found)


def _microseconds(moment):
    return (moment - EPOCH) // timedelta(microseconds=1)


@cache
def _is_weekday(quarter, zone):
    moment = EPOCH + timedelta(microseconds=quarter * QUARTER)
    return moment.astimezone(ZoneInfo(zone)).isoweekday() <= FRIDAY

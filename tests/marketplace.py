"""Random marketplaces that sit on the boundaries, as facts folders.

Amounts lie on thresholds and a cent beside them, dates on the edges of the year and a day beside
them, response times on 24 and 48 hours and a microsecond beside them; facts are missing, ties are
common, rows are said twice, refer to nothing, and stand in any order.
"""

import csv
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

COLUMNS = {
    "partners": "partner_id name country time_zone joined_on",
    "apps": "app_id partner_id name public",
    "app_numbers": "app_number app_id",
    "listings": "app_id hosting listed_on payment retired_on approved_on",
    "installs": "app_id hosting on_date active_installs",
    "transactions": "transaction_id partner_id app_id hosting sale_date sale_type purchase_price "
    "vendor_amount currency",
    "bounty_enrolments": "app_id enrolled_on left_on",
    "bounty_submissions": "submission_id app_id severity submitted_on awarded",
    "escalations": "escalation_id partner_id opened_at responded_at",
}
# Zones whose days are not all of 24 hours, or begin where others do not.
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Scoresbysund",
    "America/St_Johns",
    "Asia/Almaty",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "UTC",
)
CENT = Decimal("0.01")
GROSS = (0, 100_000, 500_000, 1_000_000, 2_000_000, 3_000_000, 10_000_000)
SHARES = tuple(Decimal(share) / 100 for share in (0, 15, 25, 35, 100))
INSTALLS = (0, 1, 99, 100, 101, 499, 500, 501, 5_000, 5_000)
AWARDS = {"P1": 1500, "P2": 900, "P3": 300, "P4": 100, "P5": 0}
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


def write_marketplace(folder: Path, *, seed: int, partners: int, cut_off: date) -> None:
    """Write a facts folder of `partners` partners, made for a review with that cut-off."""
    marketplace = _Marketplace(seed, cut_off)
    for number in range(partners):
        marketplace.add_partner(f"p{number}")
    marketplace.add_strays()
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        _write(
            folder / f"{table}.csv", columns.split(), marketplace.rows[table], marketplace.random
        )


def _write(path, columns, rows, chance):
    """Write rows in any order, columns in any order, some rows twice."""
    rows = rows + [row for row in rows if chance.random() < 0.02]
    chance.shuffle(rows)
    chance.shuffle(columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=columns)
        writer.writeheader()
        writer.writerows(rows)


class _Marketplace:
    def __init__(self, seed, cut_off):
        self.random = random.Random(seed)  # noqa: S311 - repeatable, and no secret
        self.cut_off = cut_off
        self.since = _year_before(cut_off)
        self.rows = defaultdict(list)

    def add(self, table, **cells):
        self.rows[table].append({name: cell for name, cell in cells.items() if cell is not None})

    def likely(self, chance):
        return self.random.random() < chance

    def one_of(self, *values):
        return self.random.choice(values)

    def day(self):
        """A day in the year, or on one of its edges, or long before."""
        edges = [self.since, self.cut_off]
        return self.one_of(
            self.since + DAY * self.random.randrange((self.cut_off - self.since).days),
            self.random.choice(edges) + DAY * self.random.choice((-1, 0, 1)),
            self.cut_off - DAY * self.random.randrange(1500),
        )

    def begun(self):
        """A day that has mostly come before the cut-off, or is right beside it."""
        beside = self.cut_off + DAY * self.one_of(-1, 0, 1)
        return self.one_of(*[self.cut_off - DAY * 500] * 6, beside, self.day())

    def ended(self):
        """Mostly no day; else one that is mostly near the cut-off."""
        if self.likely(0.85):
            return None
        return self.cut_off + DAY * self.one_of(-1, 0, 1) if self.likely(0.7) else self.day()

    # --- one partner ---------------------------------------------------------------------------

    def add_partner(self, name):
        zone = None if self.likely(0.1) else self.random.choice(ZONES)
        self.add("partners", partner_id=name, name=f"Partner {name}", time_zone=zone)
        apps = [f"{name}.a{number}" for number in range(self.one_of(0, 1, 1, 2, 2, 3, 4))]
        careful = self.likely(0.6)
        for app in apps:
            self.add_app(app, name, careful=careful)
        self.add_sales(name, apps)
        for number in range(self.one_of(0, 0, 0, 1, 1, 2, 3)):
            self.add_escalation(f"{name}.e{number}", name, zone)

    def add_app(self, app, partner, *, careful):
        public = self.one_of("true", "true", "true", "false", None if not careful else "true")
        self.add("apps", app_id=app, partner_id=partner, public=public)
        aliases = [app]
        if self.likely(0.3):
            aliases.append(f"1{self.random.getrandbits(48)}")
            self.add("app_numbers", app_number=aliases[-1], app_id=app)
        for hosting, chance in (("cloud", 0.8), ("data_center", 0.4), ("server", 0.3)):
            if self.likely(chance):
                self.add_listings(app, hosting, careful=careful)
        self.add_bounty(aliases, careful=careful)

    def add_listings(self, app, hosting, *, careful):
        payments = ["platform"] * 8 + ["free", "free"]
        payments += [] if careful else ["partner", "partner", None]
        begun = self.begun()
        days = {begun} if self.likely(0.9) else {begun, self.day()}
        for listed_on in sorted(days):
            self.add(
                "listings",
                app_id=app,
                hosting=hosting,
                listed_on=listed_on,
                payment=self.random.choice(payments),
                retired_on=self.ended(),
                approved_on=self.one_of(None, self.begun(), self.begun(), self.cut_off - DAY),
            )
        if self.likely(0.95 if careful else 0.8):
            for on_date in sorted({self.begun() for _ in range(self.one_of(1, 1, 2, 4))}):
                installs = self.random.choice(INSTALLS)
                self.add(
                    "installs",
                    app_id=app,
                    hosting=hosting,
                    on_date=on_date,
                    active_installs=installs,
                )

    def add_bounty(self, aliases, *, careful):
        if self.likely(0.85 if careful else 0.5):
            for enrolled_on in sorted({self.begun() for _ in range(self.one_of(1, 1, 2))}):
                self.add(
                    "bounty_enrolments",
                    app_id=self.random.choice(aliases),
                    enrolled_on=enrolled_on,
                    left_on=self.ended(),
                )
        for number in range(self.one_of(0, 0, 1, 3)):
            severity = self.one_of(*AWARDS)
            minimum = Decimal(AWARDS[severity])
            below = minimum - CENT if minimum else minimum
            award = self.random.choice(
                (minimum, minimum + CENT, None, 20_000, minimum if careful else below)
            )
            self.add(
                "bounty_submissions",
                submission_id=f"{aliases[0]}.s{number}",
                app_id=self.random.choice(aliases),
                severity=None if self.likely(0.05) else severity,
                submitted_on=self.day(),
                awarded=award,
            )

    # --- sales ---------------------------------------------------------------------------------

    def add_sales(self, partner, apps):
        """Sales that add up to a threshold and a share of cloud, or to a cent beside them."""
        gross = self.one_of(*GROSS) + CENT * self.one_of(-1, 0, 0, 0, 1)
        share = self.random.choice(SHARES)
        cloud = (gross * share).quantize(CENT) + CENT * self.one_of(-1, 0, 0, 0, 1)
        if self.likely(0.1):
            cloud = Decimal(2_000_000) + CENT * self.one_of(-1, 0, 1)
        if self.likely(0.1):
            gross, cloud = -gross, -cloud
        if gross == cloud == 0 and self.likely(0.5):
            return
        parts = [("cloud", part) for part in self.split(cloud)]
        parts += [(self.one_of("data_center", "server"), p) for p in self.split(gross - cloud)]
        rebilled = self.random.choice(GROSS) + CENT * 7
        parts += [("cloud", rebilled), ("cloud", -rebilled), ("server", Decimal(0))]
        for number, (hosting, price) in enumerate(parts):
            day = self.since + DAY * self.random.randrange((self.cut_off - self.since).days)
            if self.likely(0.2):
                day = self.one_of(self.since, self.cut_off - DAY)
            self.add_sale(f"{partner}.t{number}", partner, apps, hosting, day, price)
        for number, day in enumerate((self.since - DAY, self.cut_off)):
            if self.likely(0.5):
                price = Decimal(self.one_of(250_000, -250_000))
                self.add_sale(f"{partner}.o{number}", partner, apps, "cloud", day, price)

    def split(self, total):
        """Split an amount in parts, refunds among them."""
        parts = [
            CENT * self.random.randrange(-5_000_000, 9_000_000) for _ in range(self.one_of(0, 1, 3))
        ]
        return [*parts, total - sum(parts)]

    def add_sale(self, key, partner, apps, hosting, day, price):
        app = self.random.choice([*apps, None, "unheard-of"])
        written = f"{price:.2f}" if self.likely(0.5) else str(price)
        self.add(
            "transactions",
            transaction_id=key,
            partner_id=partner,
            app_id=app,
            hosting=hosting,
            sale_date=day,
            sale_type="refund" if price < 0 else self.one_of("new", "renewal", "upgrade", None),
            purchase_price=written,
            vendor_amount=None if self.likely(0.5) else f"{price * 85 / 100:.2f}",
            currency="USD",
        )

    # --- escalations ---------------------------------------------------------------------------

    def add_escalation(self, key, partner, zone):
        first = datetime.combine(self.since, datetime.min.time(), UTC)
        last = datetime.combine(self.cut_off, datetime.min.time(), UTC)
        beside = timedelta(microseconds=self.one_of(-1, 0, 1, -1_000_000, 1_000_000))
        opened = self.random.choice(
            (
                first + beside,
                last + beside,
                last - timedelta(hours=self.random.randrange(200)) + beside,
                self.near_a_change(zone, first, last),
                *(first + timedelta(seconds=self.random.randrange(31_000_000)) for _ in range(4)),
            )
        )
        weekday_hours = self.one_of(0, 1, 23, 24, 24, 24, 48, 48, 48, 72)
        responded = _after(opened, timedelta(hours=weekday_hours), zone or "UTC")
        responded += timedelta(microseconds=self.one_of(-1, 0, 0, 1, -1_000_000, 1_000_000))
        if self.likely(0.3 if last - opened < 30 * DAY else 0.02):
            responded = None
        self.add(
            "escalations",
            escalation_id=key,
            partner_id=partner,
            opened_at=self.written(opened),
            responded_at=None if responded is None else self.written(max(opened, responded)),
        )

    def near_a_change(self, zone, first, last):
        """A moment within four days before the zone's clock changes, if it does in the year."""
        clock = ZoneInfo(zone or "UTC")
        days = [first + DAY * number for number in range((last - first).days)]
        changes = [
            day
            for day in days
            if day.astimezone(clock).utcoffset() != (day + DAY).astimezone(clock).utcoffset()
        ]
        change = self.random.choice(changes or days)
        return change - timedelta(minutes=self.random.randrange(4 * 24 * 60))

    def written(self, moment):
        """Write a moment with `Z` or in some zone's offset."""
        if self.likely(0.6):
            return moment.isoformat().replace("+00:00", "Z")
        return moment.astimezone(
            ZoneInfo(self.one_of("Asia/Kolkata", "America/New_York"))
        ).isoformat()

    # --- rows that refer to nothing ------------------------------------------------------------

    def add_strays(self):
        """Rows of partners and apps that nobody knows; no review counts them."""
        day = self.cut_off - DAY
        self.add("apps", app_id="stray", partner_id="nobody", public="true")
        for app in ("stray", "unheard-of"):
            self.add("listings", app_id=app, hosting="cloud", listed_on=day, payment="partner")
            self.add("bounty_enrolments", app_id=app, enrolled_on=day)
            self.add(
                "bounty_submissions",
                submission_id=f"{app}.s",
                app_id=app,
                severity="P1",
                submitted_on=day,
                awarded=1,
            )
        self.add_sale("stray.t", "nobody", [], "cloud", day, Decimal(5_000_000))
        self.add(
            "escalations", escalation_id="stray.e", partner_id="nobody", opened_at=f"{day}T00:00Z"
        )


def _year_before(day):
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - 1, day.month, last)


def _after(opened, weekday_time, zone):
    """Find the moment by which so much time has passed on the zone's weekdays."""
    clock, left, step = ZoneInfo(zone), weekday_time, opened
    while left > timedelta():
        quarter = step.timestamp() // 900 * 900
        following = datetime.fromtimestamp(quarter + 900, UTC)
        if datetime.fromtimestamp(quarter, UTC).astimezone(clock).isoweekday() <= 5:
            following = min(following, step + left)
            left -= following - step
        step = following
    return step

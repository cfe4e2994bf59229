"""The demo's partners and apps: made up, and marked as such wherever a name shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from assay.jobs.demo.stories import STORIES, Story

# Countries and zones whose clocks change, if they do, on a Sunday.
PLACES = (
    ("DE", "Europe/Berlin"),
    ("US", "America/New_York"),
    ("US", "America/Los_Angeles"),
    ("GB", "Europe/London"),
    ("PL", "Europe/Warsaw"),
    ("SE", "Europe/Stockholm"),
    ("IN", "Asia/Kolkata"),
    ("JP", "Asia/Tokyo"),
    ("AU", "Australia/Sydney"),
    ("BR", "America/Sao_Paulo"),
    ("WS", "Pacific/Apia"),
    ("ZA", "Africa/Johannesburg"),
)
JULY = 7


@dataclass(frozen=True)
class Times:
    """The days that the demo turns on: the two reviews, and when each report was taken."""

    today: date

    @property
    def review(self) -> date:
        """The newest 1 July that is not after today: the later of the two reviews."""
        first = self.today.replace(month=JULY, day=1)
        return first if first <= self.today else first.replace(year=first.year - 1)

    @property
    def reviews(self) -> tuple[date, date]:
        """The earlier and the later review."""
        return self.review.replace(year=self.review.year - 1), self.review

    @property
    def first_day(self) -> date:
        """The first day of sales: the earlier review's year begins."""
        return self.review.replace(year=self.review.year - 2)

    @property
    def exports(self) -> tuple[date, date]:
        """The days on which each partner's transactions were exported."""
        return self.reviews[0] + timedelta(days=3), self.today

    @property
    def lists(self) -> tuple[date, date]:
        """The days of the product catalogs and the bug bounty scope lists."""
        earlier, later = self.reviews
        return earlier - timedelta(days=12), later - timedelta(days=12)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One hosting of an app; `installs` at the earlier and the later list."""

    hosting: str  # as the catalog spells it
    payment: str
    released_on: date
    installs: tuple[int, int]
    approved_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class App:
    """An app, and whether it takes part in the bug bounty program at each list."""

    number: int
    key: str
    name: str
    listings: tuple[Listing, ...]
    bounty: tuple[bool, bool]


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A partner of the demo and the story it tells."""

    number: int
    story: Story
    joined_on: date
    country: str
    time_zone: str
    apps: tuple[App, ...]

    @property
    def id(self) -> str:
        """The partner's id."""
        return f"demo-{self.number:03}"

    @property
    def name(self) -> str:
        """The name that people see."""
        return f"Demo Partner {self.number:03}"

    def chance(self, seed: int, what: str) -> Random:
        """Return this partner's own random numbers, so that one does not move another's."""
        return Random(f"{seed}/{self.number}/{what}")  # noqa: S311 - repeatable, and no secret


def make_partners(seed: int, times: Times) -> tuple[Partner, ...]:
    """Make the partners of all stories, numbered in a mixed order."""
    stories = [story for story in STORIES for _ in range(story.count)]
    chance = Random(seed)  # noqa: S311 - repeatable, and no secret
    chance.shuffle(stories)
    return tuple(_partner(number, story, times, chance) for number, story in enumerate(stories, 1))


def _partner(number: int, story: Story, times: Times, chance: Random) -> Partner:
    earlier, later = times.reviews
    if story.is_new:
        joined_on = earlier + timedelta(days=chance.randrange(20, 200))
    else:
        joined_on = times.first_day - timedelta(days=chance.randrange(30, 2_500))
    country, zone = chance.choice(PLACES)
    return Partner(
        number=number,
        story=story,
        joined_on=joined_on,
        country=country,
        time_zone=zone if story.has_time_zone else "",
        apps=tuple(_apps(number, story, joined_on + timedelta(days=14), later, chance)),
    )


def _apps(number: int, story: Story, released_on: date, later: date, chance: Random) -> list[App]:
    large = sorted(chance.randrange(150, 9_000) for _ in range(2))
    cloud = Listing(
        hosting="CLOUD",
        payment=story.payment,
        released_on=released_on,
        installs=(large[0], large[1]),
    )
    data_center = Listing(
        hosting="DATA_CENTER",
        payment=story.payment,
        released_on=released_on,
        installs=(large[0] // 5, large[1] // 6),
    )
    apps = [_app(number, 1, (cloud, data_center), story.bounty)]
    small = Listing(
        hosting="CLOUD",
        payment=story.payment,
        released_on=released_on,
        installs=(chance.randrange(10, 60), chance.randrange(60, 101)),
    )
    if story.has_small_app_outside or chance.random() < 0.4:  # noqa: PLR2004 - two of five
        outside = (False, False) if story.has_small_app_outside else story.bounty
        apps.append(_app(number, 2, (small,), outside))
    if story.has_app_paid_elsewhere:
        elsewhere = Listing(
            hosting="DATA_CENTER",
            payment="paid-via-vendor",
            released_on=released_on,
            installs=(40, 30),
        )
        apps.append(_app(number, 3, (elsewhere,), (False, False)))
    if story.server:
        apps.append(_app(number, 4, _server(story, released_on, later), (False, False)))
    return apps


def _server(story: Story, released_on: date, later: date) -> tuple[Listing, ...]:
    """A server app with many installs, with or without an approved Data Center version."""
    server = Listing(
        hosting="SERVER",
        payment=story.payment,
        released_on=released_on,
        installs=(900, 640),
    )
    if story.server == "unapproved":
        return (server,)
    approved = Listing(
        hosting="DATA_CENTER",
        payment=story.payment,
        released_on=released_on,
        installs=(120, 300),
        approved_on=later - timedelta(days=500),
    )
    return server, approved


def _app(
    partner: int, number: int, listings: tuple[Listing, ...], bounty: tuple[bool, bool]
) -> App:
    return App(
        number=9_000_000 + partner * 10 + number,
        key=f"example.demo.partner{partner:03}.app{number}",
        name=f"Demo App {partner:03}-{number}",
        listings=listings,
        bounty=bounty,
    )

"""The demo's sales: totals as the story says, booked with the quirks of the real report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from assay.jobs.demo.partners import Partner, Times
from assay.jobs.demo.stories import Year

_CENTS_A_SALE = 400_000  # about
_MOST_SALES = 150
_DAY = timedelta(days=1)
_UPGRADED, _TAKEN_BACK, _RESTATED = 0.05, 0.04, 0.25  # how likely each quirk is
_KINDS = ("New", "Renewal", "Renewal", "Renewal", "Upgrade", "Downgrade")
_TERMS = ("Immediate", "Immediate", "Immediate", "Net14", "Net30")


@dataclass(frozen=True, kw_only=True)
class Sale:
    """A line of the report, in minor units; `before` is the price it was first reported with."""

    line: int
    app_key: str
    hosting: str
    sale_on: date
    kind: str
    price: int
    updated_on: date
    terms: str
    before: int | None = None


def make_sales(partner: Partner, times: Times, *, seed: int) -> tuple[Sale, ...]:
    """Make a partner's sales from the first day to today, by day; lines are numbered in order."""
    books = _Books(partner, times, partner.chance(seed, "sales"))
    earlier, later = times.reviews
    before, after = partner.story.years
    sales = [
        *books.year(before, times.first_day, earlier),
        *books.year(after, earlier, later),
        *books.year(after, later, times.today + _DAY),
    ]
    in_order = sorted(sales, key=lambda sale: (sale.sale_on, sale.line))
    first = 900_000_000 + partner.number * 10_000
    return tuple(replace(sale, line=first + number) for number, sale in enumerate(in_order))


@dataclass(frozen=True)
class _Books:
    """One partner's bookkeeping."""

    partner: Partner
    times: Times
    chance: Random

    def year(self, year: Year, start: date, end: date) -> Iterator[Sale]:
        """Book a year, or the part of one that has passed, to the story's totals."""
        low, high = year.gross
        days = min((end - start).days, 365)
        gross = self.chance.randint(low * 100, high * 100 + 99) * days // 365 if high else 0
        cloud = gross * self.chance.randint(year.cloud[0] * 100, year.cloud[1] * 100) // 10_000
        start = max(start, self.partner.joined_on)
        for hosting, total in (("Cloud", cloud), ("Data Center", gross - cloud)):
            for price in self._split(total):
                sale_on = start + _DAY * self.chance.randrange((end - start).days)
                yield from self._booked(hosting, price, sale_on, end)
        if start < end:
            yield self._sale("Cloud", 0, start + (end - start) // 2, "New")

    def _split(self, total: int) -> list[int]:
        """Split an amount in sales of uneven size."""
        if total <= 0:
            return []
        count = max(1, min(_MOST_SALES, total // _CENTS_A_SALE))
        weights = [self.chance.randint(20, 200) for _ in range(count)]
        prices = [total * weight // sum(weights) for weight in weights]
        return [prices[0] + total - sum(prices), *prices[1:]]

    def _booked(self, hosting: str, price: int, sale_on: date, end: date) -> Iterator[Sale]:
        """Book a sale: plainly, as an upgrade, beside one that is taken back, or restated."""
        later_on = min(sale_on + _DAY * self.chance.randrange(3, 50), end - _DAY)
        if self.chance.random() < _UPGRADED:  # a full refund and a full re-bill
            first = price * 6 // 10
            yield self._sale(hosting, first, sale_on, "New")
            yield self._sale(hosting, -first, later_on, "Refund")
            yield self._sale(hosting, price, later_on, "Upgrade")
            return
        if self.chance.random() < _TAKEN_BACK:
            taken_back = self.chance.randrange(5_000, 400_000)
            yield self._sale(hosting, taken_back, sale_on, "New")
            yield self._sale(hosting, -taken_back, later_on, "Refund")
        sale = self._sale(hosting, price, sale_on, self.chance.choice(_KINDS))
        exported_on = self.times.exports[0]
        recent = timedelta() < exported_on - sale_on < timedelta(days=60)
        if recent and self.chance.random() < _RESTATED:
            sale = replace(
                sale,
                before=price + self.chance.randrange(1_000, 90_000),
                updated_on=exported_on + _DAY * self.chance.randrange(5, 30),
                terms="Net30",
            )
        yield sale

    def _sale(self, hosting: str, price: int, sale_on: date, kind: str) -> Sale:
        return Sale(
            line=self.chance.getrandbits(40),
            app_key=self.partner.apps[0].key,
            hosting=hosting,
            sale_on=sale_on,
            kind=kind,
            price=price,
            updated_on=sale_on + _DAY,
            terms=self.chance.choice(_TERMS),
        )

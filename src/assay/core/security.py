"""Security programs as values: what each attests, who may join, what it asks and states.

They come from the section `security_programs` of a program file; `documents.security` reads it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_TEXT = 4000  # characters of an evidence text
DATA_CENTER_LISTINGS = "listings"  # the table whose rows have an approval instead of an end


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    TEXT = "text"
    URL = "url"
    FILE = "file"
    DATE = "date"
    YES = "yes"  # something to confirm


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One thing that an applicant shows; all are asked."""

    key: str
    title: str
    kind: EvidenceKind


@dataclass(frozen=True, kw_only=True)
class Joins:
    """Who may join: in words, and as what a live listing of the app must be (one is enough).

    Empty `hosting` or `payment` takes any; `public` None takes public and private apps.
    """

    words: str
    hosting: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    public: bool | None = None

    def lets_in(self, listings: Iterable[tuple[str, str]], *, public: bool) -> bool:
        """Tell whether an app may join; `listings` are hosting and payment of its live ones."""
        if self.public is not None and self.public != public:
            return False
        return any(
            (not self.hosting or hosting in self.hosting)
            and (not self.payment or payment in self.payment)
            for hosting, payment in listings
        )


@dataclass(frozen=True, kw_only=True)
class States:
    """The fact that an enrolment states: a table, the date column that begins it, that ends it.

    Where `until` is empty, `begins` is a mark of the app's listing on `hosting`: the mark ends as
    the listing does, and another begins without it.
    """

    table: str
    begins: str
    until: str = ""
    hosting: str = ""


@dataclass(frozen=True, kw_only=True)
class Awards:
    """What a security program pays for submissions.

    `table` has the submissions, `minimum` names the dated least awards by severity, and `below`
    the measure that counts the awards below them.
    """

    table: str
    minimum: str
    below: str


@dataclass(frozen=True, kw_only=True)
class SecurityProgram:
    """A security program; `months` an enrolment is valid for (None: until it is ended).

    `attests` is what it says to customers, `label` and `sentence` what the badge does. `until` is
    the first day on which the program is no more.
    """

    key: str
    title: str
    attests: str
    clause: str
    since: date
    until: date | None
    joins: Joins
    evidence: tuple[Evidence, ...]
    months: int | None
    label: str
    sentence: str
    states: States | None
    awards: Awards | None

    def is_open(self, on: date) -> bool:
        """Whether apps can join on a day: it has begun, and no end of it is set."""
        return self.since <= on and self.until is None

    def columns(self) -> frozenset[tuple[str, str]]:
        """The table and column of every fact that hangs on an enrolment."""
        if self.states is None:
            return frozenset()
        names = (self.states.begins, self.states.until)
        return frozenset((self.states.table, name) for name in names if name)


@dataclass(frozen=True, kw_only=True)
class RestsOn:
    """What a requirement rests on: security programs and dated amounts by key, fact tables."""

    security_programs: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


def later_by(day: date, months: int) -> date:
    """Return the same day some months later, or the last of its month where it has no such."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))

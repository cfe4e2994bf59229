"""A program as a value: what the tiers ask and give, and how it is measured.

Everything here comes from a program file (`programs/NAME/VERSION/program.yaml`) and its
vocabulary; the reader in `documents.programs` has checked it. Row expressions are SQL over the
columns of one fact table or derived relation, already in stored types (money in minor units,
hours in microseconds, instants in microseconds since 1970); conditions are small trees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from assay.core.facts import Type, Vocabulary
from assay.core.review_rules import Demotion, ReviewCalendar
from assay.core.rights import Role
from assay.core.security import RestsOn, SecurityProgram

NOTICE_DAYS = "30"  # where a program does not set it


class Operator(StrEnum):
    """How a measure is compared with a bound."""

    LT = "<"
    LE = "<="
    EQ = "="
    NE = "<>"
    GE = ">="
    GT = ">"

    @property
    def opposite(self) -> Operator:
        """The operator that holds exactly where this one does not."""
        return _OPPOSITES[self]


_OPPOSITES = {
    Operator.LT: Operator.GE,
    Operator.GE: Operator.LT,
    Operator.GT: Operator.LE,
    Operator.LE: Operator.GT,
    Operator.EQ: Operator.NE,
    Operator.NE: Operator.EQ,
}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A measure against a bound: a number in the measure's unit, or another measure's name."""

    measure: str
    operator: Operator
    bound: Decimal | str

    def __str__(self) -> str:
        """Write the comparison as the program file does."""
        return f"{self.measure} {self.operator} {self.bound}"


@dataclass(frozen=True)
class AllOf:
    """Holds when every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """Holds when at least one part holds: alternatives."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """Holds when its part does not."""

    part: Condition


Condition = Comparison | AllOf | AnyOf | Not


def parts_of(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and all its parts, each group before what is in it, left to right."""
    yield condition
    match condition:
        case Not(part):
            yield from parts_of(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from parts_of(part)


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Yield the comparisons of a condition, left to right."""
    return (part for part in parts_of(condition) if isinstance(part, Comparison))


@dataclass(frozen=True, kw_only=True)
class RowExpression:
    """A boolean or a value over the columns of one row.

    `text` is as written in the program file; `sql` is DuckDB SQL in stored types over unqualified
    columns; `may_be_unknown` tells whether a missing fact can make it NULL.
    """

    text: str
    sql: str
    type: Type
    columns: frozenset[str]
    may_be_unknown: bool


class Aggregate(StrEnum):
    """How the values of the rows that count become one number."""

    COUNT = "count"
    COUNT_DISTINCT = "count distinct"
    SUM = "sum"
    MAX = "max"
    MIN = "min"


@dataclass(frozen=True, kw_only=True)
class Window:
    """The time whose rows count: the months before the cut-off, or all time before it (None)."""

    name: str
    title: str
    clause: str
    since: date
    months: int | None


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number for each subject: an aggregate over rows of one table or relation.

    `source` names the table or relation; rows count where every expression of `where` holds and
    the row is dated in `window` (None: the relation is read as of the cut-off already). `none`
    is the number where no row counts, in the unit of `type`. `unit` is the word for people;
    `phrase` says a value in a sentence: `{}` is the amount, what stands in [ ] is left out at 1.
    """

    name: str
    title: str
    clause: str
    since: date
    source: str
    aggregate: Aggregate
    value: RowExpression | None
    where: tuple[RowExpression, ...]
    window: str | None
    type: Type
    unit: str
    none: Decimal
    phrase: str = ""

    @property
    def may_be_unknown(self) -> bool:
        """Whether a missing fact can leave the number open."""
        value_unknown = self.value is not None and self.value.may_be_unknown
        return value_unknown or any(part.may_be_unknown for part in self.where)


@dataclass(frozen=True, kw_only=True)
class Share:
    """One measure as a share of another, tested by cross-multiplication.

    `when_not_positive` is the outcome of any comparison when the whole is zero or negative.
    """

    name: str
    title: str
    clause: str
    since: date
    part: str
    whole: str
    when_not_positive: bool
    phrase: str = ""


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A tier; `base` is the condition of the base tier, None for those placed by requirements."""

    name: str
    title: str
    clause: str
    since: date
    base: Condition | None


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """A row of the requirements table: a condition for each tier that asks something.

    `remedy` says in a sentence what cures it, `acts` which members' work does, beside that of
    owners; `rests_on` which security programs, dated amounts and fact tables its measures are made
    of.
    """

    key: str
    clause: str
    since: date
    title: str
    by_tier: Mapping[str, Condition]
    texts: Mapping[str, str]
    remedy: str = ""
    acts: Role | None = None
    rests_on: RestsOn = field(default_factory=RestsOn)

    @property
    def acting(self) -> frozenset[Role]:
        """Whose work cures it: owners', and of the members those whose role it names."""
        return frozenset({Role.OWNER, self.acts or Role.OWNER})


class BenefitKind(StrEnum):
    """What a benefit's cells hold."""

    ACCESS = "access"  # yes or nothing
    LEVEL = "level"  # a word, one of the program's levels
    MONEY = "money"  # an amount in the program's currency a year
    BADGE = "badge"  # the words on the badge
    PERSON = "person"  # how somebody of the program team is there for the partner


class Unspent(StrEnum):
    """What becomes of an amount that is left when its year is over."""

    EXPIRES = "expires"
    STAYS = "stays"


class Lowered(StrEnum):
    """What becomes of an amount of a year when the tier falls within it; what is used stays."""

    KEPT = "kept"
    CLAWED_BACK = "clawed back"


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """A row of the benefits table; a tier that is not in `by_tier` does not get it.

    `unspent` and `lowered` are of amounts alone.
    """

    key: str
    clause: str
    since: date
    title: str
    kind: BenefitKind
    by_tier: Mapping[str, str]
    unspent: Unspent = Unspent.EXPIRES
    lowered: Lowered = Lowered.KEPT


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """A dated table of amounts by the value of a choice column, e.g. minimum payouts by severity.

    `since` maps the first day of each version to its amounts, in the currency's units.
    """

    name: str
    title: str
    clause: str
    by: str
    since: Mapping[date, Mapping[str, Decimal]]

    def on(self, day: date) -> Mapping[str, Decimal]:
        """Return the amounts in force on a day; none before the first version."""
        begun = [first for first in self.since if first <= day]
        return self.since[max(begun)] if begun else {}


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program version, complete and checked. Tiers and rows are in the file's order."""

    name: str
    version: str
    title: str
    source: str
    currency: str
    time_zone: str
    digest: str
    vocabulary: Vocabulary
    review: ReviewCalendar
    placement: str
    notes: tuple[str, ...]
    tiers: Mapping[str, Tier]
    windows: Mapping[str, Window]
    amounts: Mapping[str, Amounts]
    measures: Mapping[str, Measure | Share]
    requirements: Mapping[str, Requirement]
    benefits: Mapping[str, Benefit]
    settings: Mapping[str, str]
    security_programs: Mapping[str, SecurityProgram] = field(default_factory=dict)
    demotion: Demotion = field(default_factory=Demotion)

    @property
    def label(self) -> str:
        """`NAME@VERSION`."""
        return f"{self.name}@{self.version}"

    @property
    def base_tiers(self) -> tuple[str, ...]:
        """Tiers held by their base condition alone, lowest first."""
        return tuple(tier.name for tier in self.tiers.values() if tier.base is not None)

    @property
    def ranked_tiers(self) -> tuple[str, ...]:
        """Tiers placed by the requirements table, lowest first."""
        return tuple(tier.name for tier in self.tiers.values() if tier.base is None)

    @property
    def notice_days(self) -> int:
        """How many days ahead partners are told of a change to the rules."""
        return int(self.settings.get("notice_days", NOTICE_DAYS))

    @property
    def amounts_given(self) -> tuple[Benefit, ...]:
        """Benefits that are an amount a year."""
        return tuple(row for row in self.benefits.values() if row.kind is BenefitKind.MONEY)

    def next_tier(self, held: str) -> str | None:
        """Return the lowest tier above `held` that requirements place subjects in, if any."""
        tiers = ("none", *self.tiers)
        above = tiers[tiers.index(held) + 1 :]
        asked = {tier for row in self.requirements.values() for tier in row.by_tier}
        return next((tier for tier in above if tier in asked), None)

    def measure(self, name: str) -> Measure:
        """Return a measure that is a number of its own and no share of others."""
        found = self.measures[name]
        if isinstance(found, Share):
            raise TypeError(name)
        return found

    def measures_of(self, condition: Condition) -> tuple[Measure, ...]:
        """Return the measures that a condition rests on, shares replaced by their two parts."""
        names: dict[str, None] = {}
        for comparison in comparisons(condition):
            for name in (comparison.measure, comparison.bound):
                if isinstance(name, str):
                    measure = self.measures[name]
                    parts = (measure.whole, measure.part) if isinstance(measure, Share) else (name,)
                    names.update(dict.fromkeys(parts))
        found = (self.measures[name] for name in names)
        return tuple(measure for measure in found if isinstance(measure, Measure))

"""A kept explanation as pages show it: the matrix, the steps to a tier, where rows and acts are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from assay.core.program import Program, Requirement
from assay.core.rights import SEE_SALES, member_may
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.show_rows import Reviewed, sales_measures
from assay.store.queries.people.seats import Seat
from assay.store.queries.reviews.standing import Placed
from assay.words.explanation_page import MatrixRow, matrix_rows
from assay.words.findings import OUTCOMES
from assay.words.hallmarks import hallmarks
from assay.words.look import macros
from assay.words.standing import tier_title

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in the portal: its title and address."""

    title: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A requirement that keeps a tier away: how it was judged, who can act, and where."""

    title: str
    clause: str
    outcome: str
    judged: Markup
    distance: str
    remedy: str
    who: str
    where: Place | None


@dataclass(frozen=True, kw_only=True)
class Target:
    """A tier that may be chosen: whether it is, and what is missing for it."""

    tier: str
    title: str
    chosen: bool
    sentence: str
    steps: tuple[str, ...]


# The page where the rows of a source are changed.
_WHERE: Mapping[str, tuple[Any, str]] = {
    "listings_on_the_day": (gettext_lazy("Apps"), "apps"),
    "transactions": (gettext_lazy("Sales"), "sales"),
    "answered_escalations": (gettext_lazy("Escalations"), "escalations"),
    "bounty_awards": (gettext_lazy("Security"), "security"),
}


def may_see_sales(seat: Seat) -> bool:
    """Tell whether the reader of a partner's pages sees sales row by row."""
    return seat.viewing or member_may(seat.role, SEE_SALES)


def reviewed(placed: Placed, seat: Seat) -> Reviewed:
    """Say which facts a decision rests on, for the rows behind it."""
    return Reviewed(
        program=settings.PROGRAM if placed.program == _label() else placed.program,
        ledger=settings.INSTALLATION.ledger,
        on=placed.on,
        known_at=placed.known_at,
        subject=seat.key,
    )


def credited_document(placed: Placed) -> Document:
    """Return a credited decision's explanation with the tier that was granted in place of its."""
    title = tier_title(placed.tier, _program(placed.document))
    return {**placed.document, "tier": placed.tier, "tier_title": title}


def row_addresses(seat: Seat, document: Document, decision: int | None = None) -> dict[str, str]:
    """Map measures to the pages of the rows behind them, those the reader may see."""
    sales = {measure.source for measure in sales_measures(program_of(settings.PROGRAM))}
    found = {}
    for name, measure in document["measures"].items():
        if measure["source"] not in sales or may_see_sales(seat):
            address = reverse("rows", args=[seat.slug, name])
            found[name] = f"{address}?decision={decision}" if decision else address
    return found


def targets(document: Document, chosen: str) -> tuple[Target, ...]:
    """Return the tiers that requirements place in, lowest first; one is chosen."""
    return tuple(
        Target(
            tier=tier["tier"],
            title=tier["title"],
            chosen=tier["tier"] == chosen,
            sentence=tier["sentence"],
            steps=tuple(tier["steps"]),
        )
        for tier in document["tiers"]
        if tier["asked"]
    )


def target_of(document: Document, asked: str | None, credited: str | None) -> str:
    """Choose the tier to look at: the one asked for, one at risk, the next, the one held."""
    tiers = [tier["tier"] for tier in document["tiers"] if tier["asked"]]
    order = ["none", *document["order"]]
    if asked in tiers:
        return str(asked)
    if credited in tiers and order.index(str(credited)) > order.index(document["tier"]):
        return str(credited)
    for tier in (document["next_tier"], document["tier"]):
        if tier in tiers:
            return str(tier)
    return tiers[-1] if tiers else ""


def steps_to(document: Document, tier: str, addresses: Mapping[str, str], seat: Seat) -> list[Step]:
    """Return what is missing for a tier, the nearest first."""
    of_tier = next((one for one in document["tiers"] if one["tier"] == tier), None)
    if of_tier is None:
        return []
    asked = {one["requirement"]: one for one in of_tier["requirements"]}
    return [_step(asked[key], document, addresses, seat) for key in of_tier["steps"]]


def matrix(
    document: Document, lit: str, addresses: Mapping[str, str], *, only: bool = False
) -> Markup:
    """Draw the standing matrix with a tier lit; `only` the rows that are missing for it."""
    rows = matrix_rows(document)
    if only:
        rows = [row for row in rows if _is_missing(row, lit)]
    drawn: Markup = macros("matrix.html").matrix(
        rows, document["tiers"], _hallmarks(document), OUTCOMES, lit, addresses
    )
    return drawn


def _is_missing(row: MatrixRow, tier: str) -> bool:
    return tier in row.by_tier and row.by_tier[tier]["outcome"] != "met"


def _step(asked: Document, document: Document, addresses: Mapping[str, str], seat: Seat) -> Step:
    requirement = _program(document).requirements[asked["requirement"]]
    title, page = _where(document, asked, requirement)
    found = _page(page, seat)
    return Step(
        title=asked["title"],
        clause=asked["clause"],
        outcome=asked["outcome"],
        judged=macros("matrix.html").judged(asked, OUTCOMES, addresses),
        distance=asked["missing_facts"] or asked["distance"],
        remedy=asked["remedy"] or "",
        who=asked["who_can_act"],
        where=Place(title=title, address=found) if found else None,
    )


def _where(document: Document, asked: Document, requirement: Requirement) -> tuple[str, str]:
    """Say on which page a requirement is worked on: its title and name."""
    if requirement.rests_on.security_programs:
        return _WHERE["bounty_awards"]
    sources = [document["measures"][name]["source"] for name in _measures(asked["parts"])]
    return next((_WHERE[source] for source in sources if source in _WHERE), ("", ""))


def _page(name: str, seat: Seat) -> str:
    if not name or (name == "sales" and not may_see_sales(seat)):
        return ""
    try:
        return reverse(name, args=[seat.slug])
    except NoReverseMatch:
        return ""


def _measures(line: Document) -> Iterator[str]:
    yield from (one["measure"] for one in line["figures"] if one["measure"])
    for part in line["parts"]:
        yield from _measures(part)


def _hallmarks(document: Document) -> dict[str, Any]:
    return dict(hallmarks(_program(document), date.fromisoformat(document["on"])))


def _program(document: Document) -> Program:
    label = document["program"]
    return program_of(settings.PROGRAM if label == _label() else label)


def _label() -> str:
    return program_of(settings.PROGRAM).label

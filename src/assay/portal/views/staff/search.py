"""Search: find a partner, app, sale, decision, person or upload by id or name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assay.core.rights import SEE_STAFF
from assay.jobs.reviews.find_fact import Found, find_facts
from assay.portal.access import Asked, staff_page
from assay.portal.days import today
from assay.store.queries.partners.search import Hit, partner_of, partner_of_app, search
from assay.store.queries.partners.staff_partners import Compared, compared

LONGEST = 200
SHORTEST = 2

_KINDS = {
    "partner": gettext_lazy("Partners"),
    "app": gettext_lazy("Apps"),
    "person": gettext_lazy("People"),
    "staff": gettext_lazy("Program team"),
    "decision": gettext_lazy("Decisions"),
    "upload": gettext_lazy("Uploads"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A hit as the page shows it; `address` is "" where it has no page."""

    name: str
    words: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A fact as the page shows it, and whose it is."""

    fact: Found
    partner_slug: str
    partner_name: str


@staff_page(SEE_STAFF)
@require_safe
def search_page(request: Asked) -> HttpResponse:
    """What the text names."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    hits = search(text) if len(text) >= SHORTEST or text.isdecimal() else ()
    runs = compared(today(request))
    facts = tuple(_rows(text, runs)) if text else ()
    groups = [
        (title, [_line(hit) for hit in hits if hit.kind == kind]) for kind, title in _KINDS.items()
    ]
    return render(
        request,
        "staff/search.html",
        {
            "text": text,
            "too_short": bool(text) and len(text) < SHORTEST and not text.isdecimal(),
            "groups": [(title, lines) for title, lines in groups if lines],
            "facts": facts,
            "count": len(hits) + len(facts),
            "runs": runs,
        },
    )


def _rows(text: str, runs: Compared) -> Iterator[Row]:
    """Look the text up as the key of a fact, as the newest standing knew the ledger."""
    if runs.standing_on is None or runs.computed_at is None:
        return
    found = find_facts(
        text,
        program=settings.PROGRAM,
        ledger=settings.INSTALLATION.ledger,
        on=runs.standing_on,
        known_at=runs.computed_at,
    )
    for fact in found:
        slug, name = partner_of(fact.partner) if fact.partner else partner_of_app(fact.app)
        yield Row(fact=fact, partner_slug=slug, partner_name=name)


def _line(hit: Hit) -> Line:
    return Line(name=hit.name, words=hit.words, address=_address(hit))


def _address(hit: Hit) -> str:
    """Return the page of a hit: its own where there is one, else its partner's; "" for none."""
    if hit.kind in _PAGES:
        return reverse(_PAGES[hit.kind], args=[hit.key])
    return reverse("staff_partner", args=[hit.partner]) if hit.partner else ""


_PAGES = {"upload": "staff_import", "app": "staff_app", "staff": "staff_person"}

"""Today: what needs staff now?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assay.core.rights import (
    CLOSE_REVIEWS,
    DECIDE_ACCESS,
    DECIDE_APPEALS,
    DECIDE_APPS,
    DECIDE_CLAIMS,
    DECIDE_DISPUTES,
    DECIDE_SECURITY,
    IMPORT_FACTS,
    LOAD_TOOLS,
    NOTE_AGREEMENTS,
    OPEN_ESCALATIONS,
    READ_RATINGS,
    SEE_STAFF,
    SEND_NOTICES,
    Right,
    role_title,
    staff_may,
)
from assay.portal.access import Asked, staff_page
from assay.portal.days import today as day_of
from assay.store.queries.operations.staff_today import Waiting, waiting
from assay.store.queries.partners.staff_partners import compared


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of work: what it is, who does it, where, and what to say when there is none."""

    key: str
    title: Any
    act: Any
    nothing: Any
    right: Right
    page: str
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A kind of work as the page shows it; `mine` for the reader, else for these `roles`."""

    key: str
    title: str
    act: str
    nothing: str
    count: int
    new: int | None
    oldest: datetime | None
    address: str
    mine: bool
    roles: tuple[str, ...]


_KINDS = (
    Kind(
        key="apps",
        title=gettext_lazy("Apps to approve"),
        act=gettext_lazy("Look at them"),
        nothing=gettext_lazy("No app waits for approval."),
        right=DECIDE_APPS,
        page="staff_apps",
    ),
    Kind(
        key="enrolments",
        title=gettext_lazy("Applications for security programs"),
        act=gettext_lazy("Decide them"),
        nothing=gettext_lazy("No app waits for a security program."),
        right=DECIDE_SECURITY,
        page="staff_security",
        query="?show=waiting",
    ),
    Kind(
        key="awards",
        title=gettext_lazy("Awards below the minimum"),
        act=gettext_lazy("See which"),
        nothing=gettext_lazy("Every bounty award meets its minimum."),
        right=DECIDE_SECURITY,
        page="staff_security",
        query="#low",
    ),
    Kind(
        key="claims",
        title=gettext_lazy("Claims to a partner"),
        act=gettext_lazy("Decide them"),
        nothing=gettext_lazy("Nobody waits for a partner of theirs."),
        right=DECIDE_CLAIMS,
        page="staff_claims",
    ),
    Kind(
        key="access",
        title=gettext_lazy("Requests for access"),
        act=gettext_lazy("Decide them"),
        nothing=gettext_lazy("Nobody waits for access to the portal."),
        right=DECIDE_ACCESS,
        page="staff_access",
        query="?state=open",
    ),
    Kind(
        key="tools",
        title=gettext_lazy("Partners that wait for a free tool"),
        act=gettext_lazy("Load codes or seats"),
        nothing=gettext_lazy("No partner waits for a code or seat."),
        right=LOAD_TOOLS,
        page="staff_tools",
    ),
    Kind(
        key="codes",
        title=gettext_lazy("Codes to end at their vendors"),
        act=gettext_lazy("See which"),
        nothing=gettext_lazy("No code that was taken back still works."),
        right=LOAD_TOOLS,
        page="staff_tools",
    ),
    Kind(
        key="escalations",
        title=gettext_lazy("Escalations that wait for an answer"),
        act=gettext_lazy("See what breaches next"),
        nothing=gettext_lazy("Partners have answered every escalation."),
        right=OPEN_ESCALATIONS,
        page="staff_escalations",
    ),
    Kind(
        key="disputes",
        title=gettext_lazy("Disputes on a response time"),
        act=gettext_lazy("Decide them"),
        nothing=gettext_lazy("No partner disputes a response time."),
        right=DECIDE_DISPUTES,
        page="staff_escalations",
        query="?show=disputed",
    ),
    Kind(
        key="uploads",
        title=gettext_lazy("Reports to import"),
        act=gettext_lazy("See the previews"),
        nothing=gettext_lazy("Every report that was uploaded is imported or dropped."),
        right=IMPORT_FACTS,
        page="staff_imports",
        query="?state=ready",
    ),
    Kind(
        key="disagreements",
        title=gettext_lazy("Disagreements"),
        act=gettext_lazy("Settle them"),
        nothing=gettext_lazy("What reports say and what people say is the same."),
        right=IMPORT_FACTS,
        page="staff_disagreements",
    ),
    Kind(
        key="mails",
        title=gettext_lazy("Mail that failed"),
        act=gettext_lazy("See why"),
        nothing=gettext_lazy("Every mail has been delivered, or is on its way."),
        right=SEND_NOTICES,
        page="staff_outbox",
        query="?state=stuck",
    ),
    Kind(
        key="reviews",
        title=gettext_lazy("Reviews that are open"),
        act=gettext_lazy("See who moves"),
        nothing=gettext_lazy("No review is open."),
        right=CLOSE_REVIEWS,
        page="staff_reviews",
        query="?state=open",
    ),
    Kind(
        key="appeals",
        title=gettext_lazy("Appeals and corrections"),
        act=gettext_lazy("Decide them"),
        nothing=gettext_lazy("No case against a decision waits."),
        right=DECIDE_APPEALS,
        page="staff_appeals",
        query="?state=waiting",
    ),
    Kind(
        key="late",
        title=gettext_lazy("Decisions that late facts would change"),
        act=gettext_lazy("Open the review"),
        nothing=gettext_lazy("No fact that came late changes a decision."),
        right=DECIDE_APPEALS,
        page="staff_reviews",
        query="?state=closed",
    ),
    Kind(
        key="risks",
        title=gettext_lazy("Partners at risk"),
        act=gettext_lazy("See who"),
        nothing=gettext_lazy("No partner performs below its credited tier."),
        right=SEE_STAFF,
        page="staff_partners",
        query="?show=at_risk",
    ),
    Kind(
        key="answers",
        title=gettext_lazy("Answers of partners at risk"),
        act=gettext_lazy("Read them"),
        nothing=gettext_lazy("No partner at risk waits for what is agreed."),
        right=NOTE_AGREEMENTS,
        page="staff_at_risk",
        query="?show=answered",
    ),
    Kind(
        key="ratings",
        title=gettext_lazy("Pages that did not help, and comments"),
        act=gettext_lazy("Read them"),
        nothing=gettext_lazy("Everything that readers said is read."),
        right=READ_RATINGS,
        page="staff_ratings",
    ),
)


@staff_page(SEE_STAFF)
@require_safe
def today(request: Asked) -> HttpResponse:
    """What waits for the reader's role first, then what waits for colleagues."""
    runs = compared(day_of(request))
    cards = list(_cards(waiting(runs), request.user.staff_role))
    waits = [card for card in cards if card.count]
    return render(
        request,
        "staff/today.html",
        {
            "mine": [card for card in waits if card.mine],
            "others": [card for card in waits if not card.mine],
            "done": [card for card in cards if not card.count],
            "runs": runs,
        },
    )


def _cards(found: Mapping[str, Waiting], role: str) -> Iterator[Card]:
    for kind in _KINDS:
        held = found[kind.key]
        yield Card(
            key=kind.key,
            title=str(kind.title),
            act=str(kind.act),
            nothing=str(kind.nothing),
            count=held.count,
            new=held.new,
            oldest=held.oldest,
            address=reverse(kind.page) + (kind.query if held.count else ""),
            mine=staff_may(role, kind.right),
            roles=tuple(sorted(role_title(one) for one in kind.right.staff)),
        )

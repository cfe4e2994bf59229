"""A partner's home: am I safe, and what do I do next?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assay.core.content import NO_TIER
from assay.core.issues import Refused
from assay.core.sums import Sums
from assay.jobs.content.in_force import in_force
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.show_rows import show_sales
from assay.portal.access import Asked, partner_page, signed_in_page
from assay.portal.days import today
from assay.portal.shown_standing import (
    credited_document,
    may_see_sales,
    reviewed,
    row_addresses,
    steps_to,
    target_of,
)
from assay.store.queries.content.posts import New, newest_unread
from assay.store.queries.people.seats import seats_of
from assay.store.queries.reviews.standing import Placed, standing_of, unread_of
from assay.words.credited import changes, verdict

MOST_STEPS, MOST_CHANGES, MOST_NOTICES, MOST_APPS = 3, 6, 3, 5


@signed_in_page
@require_safe
def portal(request: Asked) -> HttpResponse:
    """The reader's partners, or the first step of those who have none."""
    seats = seats_of(request.user)
    if len(seats) == 1:
        return redirect("portal_home", seats[0].slug)
    if not seats:
        return redirect("new_partner")
    return render(request, "partners/portal.html", {"seats": seats})


@partner_page()
@require_safe
def home(request: Asked) -> HttpResponse:
    """The answer in a sentence, and what waits."""
    seat = request.seat
    standing = standing_of(seat.partner_id, today(request))
    credited, performing = standing.credited, standing.performing
    before = credited.document if credited else None
    now = performing.document if performing else None
    context: dict[str, Any] = {
        "credited": credited,
        "performing": performing,
        "verdict": verdict(credited_document(credited) if credited else None, now),
        "notices": unread_of(request.user.pk, seat.partner_id, most=MOST_NOTICES),
        "new_posts": _new_posts(request, credited.tier if credited else NO_TIER),
    }
    latest, placed = now or before, performing or credited
    if latest is not None and placed is not None:
        addresses = row_addresses(seat, latest)
        target = target_of(latest, None, credited.tier if credited else None)
        steps = steps_to(latest, target, addresses, seat)
        context |= {
            "document": latest,
            "target": next((t for t in latest["tiers"] if t["tier"] == target), None),
            "steps": steps[:MOST_STEPS],
            "more_steps": len(steps[MOST_STEPS:]),
            "currency": program_of(settings.PROGRAM).currency,
            "apps": _apps(request, placed) if may_see_sales(seat) else (),
        }
    if before is not None and now is not None:
        found = list(changes(before, now))
        context |= {"changes": found[:MOST_CHANGES], "more_changes": len(found[MOST_CHANGES:])}
    return render(request, "partners/home.html", context)


def _new_posts(request: Asked, tier: str) -> tuple[New, ...]:
    """Return the newest posts for a tier that the reader has not read; none to staff who look."""
    seat = request.seat
    if seat.viewing:
        return ()
    program, _on = in_force(request.now)
    return newest_unread(tier, seat.role, program, person_id=request.user.pk, most=MOST_NOTICES)


def _apps(request: Asked, placed: Placed) -> list[dict[str, Any]]:
    """Tell the apps that sell most in the window, each with its part of the largest."""
    if not settings.INSTALLATION.ledger.exists():
        return []
    try:
        sales = show_sales(reviewed(placed, request.seat))
    except Refused:
        return []
    return apps_by_sales(sales.apps[:MOST_APPS], sales.names)


def apps_by_sales(apps: tuple[Sums, ...], names: dict[str, str]) -> list[dict[str, Any]]:
    """Tell apps by sales as pages show them: key, name, sums in units, rows."""
    return [
        {
            "key": one.of or "",
            "name": names.get(str(one.of), one.of or "No app named"),
            "whole": f"{one.sums[0] / 100:.2f}",
            "part": f"{one.sums[1] / 100:.2f}",
            "rows": one.rows,
        }
        for one in apps
    ]

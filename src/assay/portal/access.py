"""Who may open a page: every view is wrapped by one of these, and the table of rights decides.

A page that is another partner's, or staff's, does not exist for those who have no business there
(404); one that one's role does not reach says who may (403).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from assay.core.rights import SEE_PARTNER, VIEW_AS, Right, member_may, staff_may
from assay.store.models import Person
from assay.store.queries.seats import Seat, seat_of

View = Callable[..., HttpResponseBase]
SAFE = ("GET", "HEAD", "OPTIONS")
BOTH_FACTORS = "both_factors"
VIEWING_AS = "viewing_as"


class Asked(HttpRequest):
    """A request as views see it: whose it is, when it came, and for a partner's page its seat."""

    user: Person
    now: Any
    reader: Any
    seat: Seat
    htmx: Any


def public_page(view: View) -> View:
    """Mark a page that anyone may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in_page(view: View) -> View:
    """Let in whoever is signed in."""
    guarded = login_required(view)
    guarded.access = "signed in"  # type: ignore[attr-defined]
    return guarded


def partner_page(right: Right = SEE_PARTNER) -> Callable[[View], View]:
    """Let in the partner's members whose role has `right`, and staff who view as the partner.

    The view's address has the partner's `slug`; the view gets `request.seat` instead of it.
    """

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Asked, slug: str, **named: Any) -> HttpResponseBase:
            seat = _seat(request, slug)
            request.seat = seat
            if seat.viewing:
                if request.method not in SAFE:
                    return refuse(request, right, "You view as this partner: nothing is changed.")
                return view(request, **named)
            if not member_may(seat.role, right):
                return refuse(request, right)
            return view(request, **named)

        guarded.access = right  # type: ignore[attr-defined]
        return guarded

    return wrap


def _seat(request: Asked, slug: str) -> Seat:
    """Return the reader's seat in a partner; without one, the page does not exist."""
    seat = seat_of(request.user, slug)
    if seat is not None:
        return seat
    if request.session.get(VIEWING_AS) == slug and staff_may(request.user.staff_role, VIEW_AS):
        seat = seat_of(request.user, slug, viewing=True)
    if seat is None or not has_second_factor(request):
        raise Http404
    return seat


def staff_page(right: Right) -> Callable[[View], View]:
    """Let in staff whose role has `right` and who have a second factor."""

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Asked, **named: Any) -> HttpResponseBase:
            if not request.user.is_staff:
                raise Http404
            if not has_second_factor(request):
                return redirect("second_factor_needed")
            if not staff_may(request.user.staff_role, right):
                return refuse(request, right)
            return view(request, **named)

        guarded.access = right  # type: ignore[attr-defined]
        return guarded

    return wrap


def has_second_factor(request: Asked) -> bool:
    """Tell whether the reader signed in with two factors."""
    return bool(request.session.get(BOTH_FACTORS)) or is_mfa_enabled(request.user)


def refuse(request: HttpRequest, right: Right, why: str = "") -> HttpResponse:
    """Answer that the reader's role does not reach this page, and whose does."""
    roles = sorted(role.value.replace("_", " ") for role in right.roles | right.staff)
    return render(
        request, "assay/forbidden.html", {"right": right, "roles": roles, "why": why}, status=403
    )

"""Who may open a page: every view is wrapped by one of these, and the table of rights decides.

A page that is another partner's, or staff's, does not exist for those who have no business there
(404); one that one's role does not reach says who may (403).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from assay.core.rights import SEE_PARTNER, VIEW_AS, Right, member_may, role_title, staff_may
from assay.jobs.people.viewing import record_view
from assay.store.models import Person
from assay.store.queries.people.seats import Seat, seat_of

View = Callable[..., HttpResponseBase]
SAFE = ("GET", "HEAD", "OPTIONS")
BOTH_FACTORS = "both_factors"  # a demo's link signed in
SET_UP_FACTOR = "set_up_factor"  # a second factor was set up in this session
AFTER_FACTOR = "after_factor"  # the page to go on to once there is one
VIEWING_AS = "viewing_as"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


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
                record_view(request.user, seat, request.path, at=request.now)
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
                request.session[AFTER_FACTOR] = request.path if request.method == "GET" else ""
                return redirect("second_factor_needed")
            if not staff_may(request.user.staff_role, right):
                return refuse(request, right)
            return view(request, **named)

        guarded.access = right  # type: ignore[attr-defined]
        return guarded

    return wrap


def has_second_factor(request: Asked) -> bool:
    """Tell whether the reader signed in with two factors, or has set up the second one since.

    That the account has a second factor is not enough: this session must have shown it.
    """
    if request.session.get(BOTH_FACTORS):
        return True
    if not is_mfa_enabled(request.user, SECOND_FACTORS):
        return False
    shown = get_authentication_records(request, request.user)
    return bool(request.session.get(SET_UP_FACTOR)) or any(
        entry["method"] == "mfa" for entry in shown
    )


def sensitive(view: View) -> View:
    """Ask who it is once more, where the reader did not sign in within a quarter of an hour.

    It stands below the decorator that says who may open the page.
    """
    guarded: View = reauthentication_required(view)
    return guarded


def refuse(request: HttpRequest, right: Right, why: str = "") -> HttpResponse:
    """Answer that the reader's role does not reach this page, and whose does."""
    roles = sorted(role_title(role) for role in right.roles | right.staff)
    return render(
        request, "assay/forbidden.html", {"right": right, "roles": roles, "why": why}, status=403
    )

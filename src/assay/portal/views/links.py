"""One-time links that sign a person in, and where people go after signing in."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assay.core.issues import Refused
from assay.jobs.people.sign_in_links import use_link
from assay.portal.access import BOTH_FACTORS, Asked, public_page, signed_in_page
from assay.portal.sign_in import SIGNED_IN_AT
from assay.store.queries.people.seats import seats_of


@public_page
@require_safe
def use_sign_in_link(request: Asked, secret: str) -> HttpResponse:
    """Sign the link's person in, once."""
    try:
        used = use_link(secret, at=request.now)
    except Refused as refused:
        return render(request, "assay/link_refused.html", {"issues": refused.issues}, status=410)
    if not used.both_factors:  # asks for the second factor of those who have one
        answer: HttpResponse = perform_login(request, used.person, email_verification="none")
        return answer
    login(request, used.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session.update({BOTH_FACTORS: True, SIGNED_IN_AT: request.now.timestamp()})
    messages.success(request, f"You are signed in as {used.person}.")
    return redirect("after_sign_in")


@signed_in_page
@require_safe
def after_sign_in(request: Asked) -> HttpResponse:
    """Send staff to their day, members to their partner, newcomers to the first step."""
    if request.user.is_staff:
        return redirect("staff_today")
    seats = seats_of(request.user)
    if len(seats) == 1:
        return redirect("portal_home", seats[0].slug)
    return redirect("portal")

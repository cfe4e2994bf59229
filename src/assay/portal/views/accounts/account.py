"""The account of the person who is signed in, and the table of rights."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.issues import Refused
from assay.core.rights import (
    RIGHTS,
    ROLE_WORDS,
    STAFF_ROLE_WORDS,
    Right,
    Role,
    StaffRole,
    role_title,
)
from assay.jobs.people.people import change_account
from assay.jobs.people.team import leave
from assay.portal.access import (
    AFTER_FACTOR,
    Asked,
    has_second_factor,
    public_page,
    signed_in_page,
)
from assay.portal.views.accounts.forms import AccountForm
from assay.store.queries.people.accounts import account_of
from assay.store.queries.people.seats import seat_of


@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Asked) -> HttpResponse:
    """Name, addresses, ways to sign in, second factors, sessions, partners."""
    person = request.user
    kept = {"name": person.name, "locale": person.locale, "time_zone": person.time_zone}
    form = AccountForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        change_account(person, **form.cleaned_data, at=request.now)
        messages.success(request, gettext("Your account is changed."))
        return redirect("account")
    about = account_of(person, session_key=request.session.session_key or "")
    return render(request, "accounts/account.html", {"form": form, "about": about})


@signed_in_page
@require_safe
def second_factor_needed(request: Asked) -> HttpResponse:
    """Lead staff to a second factor, or to showing the one they have, and back."""
    if has_second_factor(request):
        after = request.session.pop(AFTER_FACTOR, "")
        known = url_has_allowed_host_and_scheme(after, allowed_hosts=None)
        return redirect(after if known else "after_sign_in")
    about = account_of(request.user, session_key=request.session.session_key or "")
    return render(request, "accounts/second_factor_needed.html", {"about": about})


@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def leave_partner(request: Asked, slug: str) -> HttpResponse:
    """Leave a partner, once one has said so on a page of its own."""
    seat = seat_of(request.user, slug)
    if seat is None:
        raise Http404
    if request.method == "POST":
        try:
            leave(seat.partner_id, person=request.user, at=request.now)
        except Refused as refused:
            for issue in refused.issues:
                messages.error(request, f"{issue.message} {issue.hint}")
            return redirect("leave_partner", slug)
        messages.success(request, gettext("You left %(name)s.") % {"name": seat.name})
        return redirect("account")
    return render(request, "accounts/leave.html", {"leaving": seat})


@public_page
@require_safe
def rights(request: Asked) -> HttpResponse:
    """Who may do what: the table that the code asks."""
    return render(
        request,
        "accounts/rights.html",
        {
            "roles": [(role_title(role), ROLE_WORDS[role]) for role in Role],
            "staff_roles": [(role_title(role), STAFF_ROLE_WORDS[role]) for role in StaffRole],
            "rows": [_row(right, Role, right.roles) for right in RIGHTS.values() if right.roles],
            "staff_rows": [
                _row(right, StaffRole, right.staff) for right in RIGHTS.values() if right.staff
            ],
        },
    )


def _row(
    right: Right, roles: type[Role | StaffRole], may: frozenset[Role] | frozenset[StaffRole]
) -> tuple[str, list[tuple[str, bool]]]:
    return right.title, [(role_title(role), role in may) for role in roles]

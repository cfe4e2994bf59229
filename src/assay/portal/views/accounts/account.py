"""The account of the person who is signed in, and the table of rights."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.core.rights import RIGHTS, Role, StaffRole
from assay.portal.access import Asked, public_page, signed_in_page


@signed_in_page
@require_safe
def account(request: Asked) -> HttpResponse:
    """Name, address, second factors, sessions."""
    return render(request, "accounts/account.html")


@signed_in_page
@require_safe
def second_factor_needed(request: Asked) -> HttpResponse:
    """Say that staff need a second factor, and how to get one."""
    return render(request, "accounts/second_factor_needed.html")


@public_page
@require_safe
def rights(request: Asked) -> HttpResponse:
    """Who may do what: the table that the code asks."""
    return render(
        request,
        "accounts/rights.html",
        {
            "rights": [right for right in RIGHTS.values() if right.roles],
            "staff_rights": [right for right in RIGHTS.values() if right.staff],
            "roles": list(Role),
            "staff_roles": list(StaffRole),
        },
    )

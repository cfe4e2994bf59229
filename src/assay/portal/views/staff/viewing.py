"""Staff view the portal as a partner sees it: recorded, and nothing can be changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from assay.core.rights import VIEW_AS
from assay.jobs.events import record
from assay.portal.access import VIEWING_AS, Asked, staff_page
from assay.store.models import Partner


@staff_page(VIEW_AS)
@require_POST
def view_as(request: Asked, slug: str) -> HttpResponse:
    """Begin to view as a partner."""
    partner = get_object_or_404(Partner, slug=slug)
    record(
        "viewing_began",
        f"{request.user} began to view the portal as {partner}",
        at=request.now,
        by=request.user,
        partner=partner,
        as_partner=True,
    )
    request.session[VIEWING_AS] = slug
    return redirect("portal_home", slug)


@staff_page(VIEW_AS)
@require_POST
def stop_viewing(request: Asked) -> HttpResponse:
    """Stop viewing as a partner."""
    slug = request.session.pop(VIEWING_AS, None)
    return redirect("staff_partner", slug) if slug else redirect("staff_today")

"""Staff view the portal as a partner sees it: recorded, and nothing can be changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from assay.core.issues import Refused
from assay.core.rights import VIEW_AS
from assay.jobs.people.viewing import begin_viewing
from assay.jobs.people.viewing import stop_viewing as record_stop
from assay.portal.access import VIEWING_AS, Asked, staff_page
from assay.store.queries.people.seats import seat_of


@staff_page(VIEW_AS)
@require_POST
def view_as(request: Asked, slug: str) -> HttpResponse:
    """Begin to view as a partner; the form says why (`reason`)."""
    if seat_of(request.user, slug, viewing=True) is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        begin_viewing(request.user, slug, reason=reason, at=request.now)
    except Refused as refused:
        for issue in refused.issues:
            messages.error(request, f"{issue.message} {issue.hint}")
        return redirect(_partner_page(slug))
    request.session[VIEWING_AS] = slug
    return redirect("portal_home", slug)


@staff_page(VIEW_AS)
@require_POST
def stop_viewing(request: Asked) -> HttpResponse:
    """Stop viewing as a partner."""
    slug = request.session.pop(VIEWING_AS, None)
    if not slug:
        return redirect("staff_today")
    record_stop(request.user, slug, at=request.now)
    return redirect(_partner_page(slug))


def _partner_page(slug: str) -> str:
    try:
        return reverse("staff_partner", args=[slug])
    except NoReverseMatch:
        return reverse("staff_today")

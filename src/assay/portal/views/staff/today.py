"""Today: what needs staff now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.core.rights import SEE_STAFF
from assay.portal.access import Asked, staff_page


@staff_page(SEE_STAFF)
@require_safe
def today(request: Asked) -> HttpResponse:
    """What waits for whom."""
    return render(request, "staff/today.html")

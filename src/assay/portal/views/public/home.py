"""The first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.portal.access import Asked, public_page


@public_page
@require_safe
def home(request: Asked) -> HttpResponse:
    """What this is, how to start, the tiers at a glance."""
    return render(request, "public/home.html")

"""A partner's home: am I safe, and what do I do next?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.portal.access import Asked, partner_page, signed_in_page


@signed_in_page
@require_safe
def portal(request: Asked) -> HttpResponse:
    """The reader's partners, or the first step of those who have none."""
    return render(request, "partners/portal.html")


@partner_page()
@require_safe
def home(request: Asked) -> HttpResponse:
    """The answer in a sentence, and what waits."""
    return render(request, "partners/home.html")

"""Standing: which requirement is met, by which evidence, and what is missing for a tier."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.core.rights import SEE_STANDING
from assay.portal.access import Asked, partner_page
from assay.portal.days import today
from assay.portal.shown_standing import (
    credited_document,
    matrix,
    row_addresses,
    steps_to,
    target_of,
    targets,
)
from assay.store.queries.reviews.standing import standing_of
from assay.words.credited import verdict


@partner_page(SEE_STANDING)
@require_safe
def standing(request: Asked) -> HttpResponse:
    """Credited beside performing, the steps to a tier, the matrix.

    `?target=TIER` chooses the tier, of which only what is missing is shown; `?all=1` shows all.
    """
    found = standing_of(request.seat.partner_id, today(request))
    placed = found.performing or found.credited
    if placed is None:
        return render(request, "partners/standing_none.html")
    document = placed.document
    asked = request.GET.get("target")
    credited = found.credited
    target = target_of(document, asked, credited.tier if credited else None)
    addresses = row_addresses(request.seat, document)
    chosen = asked == target
    only = chosen and not request.GET.get("all")
    before = None if credited is None else credited_document(credited)
    return render(
        request,
        "partners/standing.html",
        {
            "credited": credited,
            "performing": found.performing,
            "placed": placed,
            "document": document,
            "verdict": verdict(before, document if found.performing else None),
            "targets": targets(document, target),
            "target": next(t for t in document["tiers"] if t["tier"] == target),
            "chosen": chosen,
            "only": only,
            "steps": steps_to(document, target, addresses, request.seat),
            "matrix": matrix(document, target, addresses, only=only),
        },
    )

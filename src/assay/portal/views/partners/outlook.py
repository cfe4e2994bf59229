"""Outlook: what tier if nothing changes, or at the pace of the last months?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.core.rights import SEE_STANDING
from assay.core.risk import LEVEL_WORDS, Level
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, partner_page
from assay.store.queries.partner_managers.assignments import manager_of
from assay.store.queries.risk.risk import risks_of
from assay.words.risk import risk_sentence
from assay.words.standing import tier_title


@partner_page(SEE_STANDING)
@require_safe
def outlook(request: Asked) -> HttpResponse:
    """The newest assessment, what it rests on, and those before it."""
    program = program_of(settings.PROGRAM)
    found = risks_of(request.seat.partner_id)
    newest = found[0] if found else None
    context = {
        "risk": newest,
        "sentence": newest
        and risk_sentence(Level(newest.level), newest.tier, newest.review_on, program),
        "tier": newest and tier_title(newest.tier, program),
        "earlier": [
            (one, LEVEL_WORDS[Level(one.level)], tier_title(one.tier, program)) for one in found[1:]
        ],
        "manager": manager_of(request.seat.partner_id),
    }
    return render(request, "partners/outlook/outlook.html", context)

"""A decision letter: what was decided, why, what follows, and how do I appeal?"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assay.core.issues import Refused
from assay.core.rights import APPEAL, SEE_STANDING, member_may
from assay.jobs.letters.draw_letter import draw_letter
from assay.portal.access import Asked, partner_page
from assay.portal.days import today
from assay.store.queries.appeals.appeals import cases_on
from assay.store.queries.letters.letters import KeptLetter, letter_of
from assay.words.decision_letter import letter_from_json


@partner_page(SEE_STANDING)
@require_safe
def letter(request: Asked, letter: int) -> HttpResponse:
    """A letter, as it was written."""
    found = _found(request, letter)
    may = member_may(request.seat.role, APPEAL) and not request.seat.viewing
    until = found.appeal_until
    may = may and not any(one.is_open for one in cases_on(found.decision_id))
    context = {
        "kept": found,
        "letter": letter_from_json(found.text),
        "may_appeal": may and until is not None and today(request) <= until,
    }
    return render(request, "partners/letters/letter.html", context)


@partner_page(SEE_STANDING)
@require_safe
def letter_pdf(request: Asked, letter: int) -> HttpResponse:
    """The same letter as PDF."""
    found = _found(request, letter)
    try:
        drawn = draw_letter(found.text)
    except Refused as refused:
        messages.error(request, str(refused.issues[0]))
        return redirect("letter", request.seat.slug, letter)
    answer = HttpResponse(drawn, content_type="application/pdf")
    name = f"{request.seat.slug}-{found.reviewed_on}-letter-{found.number}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _found(request: Asked, number: int) -> KeptLetter:
    found = letter_of(request.seat.partner_id, number)
    if found is None:
        raise Http404
    return found

"""Outlook: what tier if nothing changes, or at the pace of the last months, and what to do?"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.issues import Refused
from assay.core.rights import ANSWER_RISK, SEE_STANDING, member_may
from assay.core.risk import LEVEL_WORDS, Level
from assay.jobs.notices.read_notices import mark_kinds_read
from assay.jobs.partner_managers.contact import contact_of
from assay.jobs.programs.programs import program_of
from assay.jobs.risk.answer_risk import answer_risk
from assay.portal.access import Asked, partner_page
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.risk import RiskAnswerForm
from assay.store.queries.risk.risk import LEADING_HERE, risks_of, turns_of
from assay.words.risk import risk_sentence
from assay.words.standing import tier_title


@partner_page(SEE_STANDING)
@require_safe
def outlook(request: Asked) -> HttpResponse:
    """The newest assessment, what it rests on, what was said of it, and those before it.

    Who opens it has read the notices that lead here.
    """
    if not request.seat.viewing:
        mark_kinds_read(
            request.user, partner=request.seat.partner_id, kinds=LEADING_HERE, at=request.now
        )
    return _shown(request, RiskAnswerForm())


@partner_page(ANSWER_RISK)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Asked) -> HttpResponse:
    """Answer what the partner was told."""
    form = RiskAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            answer_risk(request.seat.partner_id, text, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Sent to the program team."))
            return redirect("outlook", request.seat.slug)
    return _shown(request, form, status=422 if form.errors else 200)


def _shown(request: Asked, form: RiskAnswerForm, *, status: int = 200) -> HttpResponse:
    program = program_of(settings.PROGRAM)
    found = risks_of(request.seat.partner_id)
    newest = found[0] if found else None
    at_risk = newest is not None and newest.level != Level.FINE
    may = member_may(request.seat.role, ANSWER_RISK) and not request.seat.viewing
    context = {
        "risk": newest,
        "sentence": newest
        and risk_sentence(Level(newest.level), newest.tier, newest.review_on, program),
        "tier": newest and tier_title(newest.tier, program),
        "earlier": [
            (one, LEVEL_WORDS[Level(one.level)], tier_title(one.tier, program)) for one in found[1:]
        ],
        "contact": contact_of(request.seat.partner_id),
        "turns": turns_of(request.seat.partner_id),
        "form": form if at_risk and may else None,
    }
    return render(request, "partners/outlook/outlook.html", context, status=status)

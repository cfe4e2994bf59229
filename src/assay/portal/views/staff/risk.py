"""At risk: who must hear, who has, and what was agreed?"""

from __future__ import annotations

import django_tables2
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.issues import Refused
from assay.core.rights import NOTE_AGREEMENTS, SEE_STAFF, staff_may
from assay.core.risk import LEVEL_WORDS, Level
from assay.jobs.programs.programs import program_of
from assay.jobs.risk.answer_risk import agree
from assay.portal.access import Asked, staff_page
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.risk import AgreementForm
from assay.portal.lists import Figure, Filters, List, list_page
from assay.portal.views.staff.named import named_in
from assay.store.queries.credits.credits import Named
from assay.store.queries.risk.risk import (
    RiskLine,
    lines,
    newest_assessment,
    risks_of,
    told_of,
    turns_of,
)
from assay.words.risk import risk_sentence
from assay.words.standing import tier_title

LEVELS = [(level.value, words) for level, words in LEVEL_WORDS.items()][::-1]


class Risks(List):
    """Credited partners of the newest assessment, those most at risk first."""

    partner = django_tables2.Column(
        verbose_name=_("Partner"), linkify=("staff_risk", {"slug": django_tables2.A("slug")})
    )
    tier = django_tables2.Column(verbose_name=_("Tier"), order_by=("rank",))
    level = django_tables2.Column(verbose_name=_("Level"))
    was = django_tables2.Column(verbose_name=_("Before"))
    failing = django_tables2.Column(verbose_name=_("By"))
    told = Figure(verbose_name=_("Told"))
    read = Figure(verbose_name=_("Read"))
    answered = django_tables2.Column(verbose_name=_("Answered"))
    agreed = django_tables2.Column(verbose_name=_("Agreed"))

    caption = _("Partners by risk")
    empty_title = _("Nobody has been assessed yet")
    empty_hint = _("Assessments are made on the days that the program's calendar sets.")

    def render_tier(self, value: str) -> str:
        """Write the tier's title."""
        return tier_title(value, program_of(settings.PROGRAM))

    def render_level(self, value: str) -> str:
        """Say the level in words."""
        return LEVEL_WORDS[Level(value)]

    def render_was(self, value: str) -> str:
        """Say the level before in words."""
        return LEVEL_WORDS[Level(value)]


class RiskFilters(Filters):
    """Which partners are shown."""

    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All")), *LEVELS])
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All")),
            ("unread", _("Told, and nobody has read it")),
            ("answered", _("Answered, and nothing agreed since")),
            ("changed", _("Level changed")),
        ],
    )

    def narrow(self, rows: tuple[RiskLine, ...]) -> tuple[RiskLine, ...]:
        """Keep one level, those who have not read, or those whose level changed."""
        level, show = self.cleaned_data["level"], self.cleaned_data["show"]
        return tuple(
            row
            for row in rows
            if level in ("", row.level)
            and (show != "unread" or (row.told and not row.read))
            and (show != "answered" or _waits(row))
            and (show != "changed" or row.was not in ("", row.level))
        )


def _waits(row: RiskLine) -> bool:
    """Tell whether a partner's answer waits for staff."""
    if row.answered_at is None:
        return False
    return row.agreed_at is None or row.agreed_at < row.answered_at


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every credited partner of the newest assessment."""
    assessment = newest_assessment()
    rows = lines(assessment) if assessment else ()
    context = {
        "assessment": assessment,
        "counts": [
            (words, sum(row.level == level for row in rows), level) for level, words in LEVELS
        ],
    }
    template = "staff/risk/risks.html"
    return list_page(request, Risks, rows, template, context, filters=RiskFilters, file="at-risk")


@staff_page(SEE_STAFF)
@require_safe
def one(request: Asked, slug: str) -> HttpResponse:
    """One partner's risk: why, who was told, what was agreed."""
    return _shown(request, named_in(slug), AgreementForm())


@staff_page(NOTE_AGREEMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: Asked, slug: str) -> HttpResponse:
    """Note what was agreed."""
    named = named_in(slug)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agree(named.partner_id, form.cleaned_data["text"], by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Noted."))
            return redirect("staff_risk", slug)
    return _shown(request, named, form, status=422 if form.errors else 200)


def _shown(request: Asked, named: Named, form: AgreementForm, *, status: int = 200) -> HttpResponse:
    program = program_of(settings.PROGRAM)
    found = risks_of(named.partner_id)
    newest = found[0] if found else None
    context = {
        "partner": named,
        "risk": newest,
        "sentence": newest
        and risk_sentence(Level(newest.level), newest.tier, newest.review_on, program),
        "earlier": [
            (risk, LEVEL_WORDS[Level(risk.level)], tier_title(risk.tier, program))
            for risk in found[1:]
        ],
        "told": told_of(named.partner_id),
        "turns": turns_of(named.partner_id),
        "form": form,
        "may_note": staff_may(request.user.staff_role, NOTE_AGREEMENTS),
    }
    return render(request, "staff/risk/risk.html", context, status=status)

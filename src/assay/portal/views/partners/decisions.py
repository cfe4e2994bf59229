"""Decisions: why this tier on that day, as it was told then?"""

from __future__ import annotations

from typing import Any

import django_tables2
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assay.core.rights import APPEAL, SEE_STANDING, member_may
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, partner_page
from assay.portal.days import today
from assay.portal.lists import List, Moment, list_page
from assay.portal.shown_appeals import shown_case
from assay.portal.shown_standing import matrix, row_addresses, target_of
from assay.portal.templatetags.figures import day
from assay.portal.templatetags.marks import tier
from assay.store.queries.appeals.appeals import appeal_until, cases_on
from assay.store.queries.letters.letters import letters_on
from assay.store.queries.reviews.standing import Placed, decisions_of, placed
from assay.words.explanation_page import document_page
from assay.words.look import style_hash

PAGE_POLICY = (
    "default-src 'none'; style-src '{}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class Decisions(List):
    """A partner's decisions, the newest first."""

    on = django_tables2.Column(accessor="review__on", verbose_name=gettext_lazy("day"))
    kind = django_tables2.Column(accessor="review__kind", verbose_name=gettext_lazy("kind"))
    tier = django_tables2.Column(verbose_name=gettext_lazy("tier"), order_by=("rank",))
    program = django_tables2.Column(
        accessor="review__program", verbose_name=gettext_lazy("program")
    )
    made_at = Moment(accessor="review__made_at", verbose_name=gettext_lazy("computed"))
    caption = gettext_lazy("Decisions")
    empty_title = gettext_lazy("No decision yet")
    empty_hint = gettext_lazy("The first review that finds facts about you decides on you.")

    def render_on(self, value: Any, record: Any) -> str:
        """Link a day to its decision."""
        address = reverse("decision", args=[self.request.seat.slug, record.pk])
        return format_html(
            '<a href="{}">{}</a>', address, day({"reader": self.request.reader}, value)
        )

    def value_on(self, value: Any) -> Any:
        """Give the day to a file."""
        return value

    def render_kind(self, record: Any) -> str:
        """Say what the decision gives."""
        if record.review.kind == "review":
            return _("Review: credits the tier")
        if record.review.kind == "correction":
            return _("Correction: a review’s day on corrected facts")
        return _("Standing: between reviews")

    def value_kind(self, record: Any) -> str:
        """Give the kind to a file."""
        return str(record.review.kind)

    def render_tier(self, value: str, record: Any) -> str:
        """Draw the tier."""
        return tier(value, record.review.on)

    def value_tier(self, value: str) -> str:
        """Give the tier to a file."""
        return value


@partner_page(SEE_STANDING)
@require_safe
def decisions(request: Asked) -> HttpResponseBase:
    """Every decision on the partner."""
    return list_page(
        request,
        Decisions,
        decisions_of(request.seat.partner_id),
        "partners/decisions.html",
        file=f"{request.seat.slug}-decisions",
    )


@partner_page(SEE_STANDING)
@require_safe
def decision(request: Asked, decision: int) -> HttpResponse:
    """One decision, as it was told then."""
    found = _found(request, decision)
    document = found.document
    target = target_of(document, request.GET.get("target"), None)
    addresses = row_addresses(request.seat, document, decision)
    return render(
        request,
        "partners/decision.html",
        {
            "placed": found,
            "document": document,
            "matrix": matrix(document, target, addresses),
            **_follows(request, decision),
        },
    )


def _follows(request: Asked, decision: int) -> dict[str, Any]:
    """Return what followed a decision: its letters and appeals, and whether one may be stated."""
    cases, until = cases_on(decision), appeal_until(decision)
    may = member_may(request.seat.role, APPEAL) and not request.seat.viewing
    in_time = until is not None and today(request) <= until
    return {
        "decision_id": decision,
        "letters": letters_on(decision),
        "cases": [shown_case(one) for one in cases],
        "may_appeal": may and in_time and not any(one.is_open for one in cases),
    }


@partner_page(SEE_STANDING)
@require_safe
def decision_json(request: Asked, decision: int) -> HttpResponse:
    """The explanation's document, to the byte as it was kept."""
    found = _found(request, decision)
    answer = HttpResponse(found.text.encode(), content_type="application/json")
    name = f"{request.seat.slug}-{found.on}-{found.kind}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@partner_page(SEE_STANDING)
@require_safe
def decision_page(request: Asked, decision: int) -> HttpResponse:
    """The explanation as one page that can be sent: it needs nothing else and runs nothing."""
    found = _found(request, decision)
    in_force = program_of(settings.PROGRAM)
    program = in_force if in_force.label == found.program else program_of(found.program)
    answer = HttpResponse(document_page(found.document, program))
    answer["Content-Security-Policy"] = PAGE_POLICY.format(style_hash())
    return answer


def _found(request: Asked, decision: int) -> Placed:
    found = placed(request.seat.partner_id, decision)
    if found is None:
        raise Http404
    return found

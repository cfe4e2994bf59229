"""Escalations to a partner: what is due when, what took how long, answers and disputes."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.escalations import MEASURE
from assay.core.issues import Refused
from assay.core.rights import ANSWER_ESCALATIONS, SEE_ESCALATIONS, member_may
from assay.jobs.escalations import dispute_escalation, write_escalation
from assay.jobs.escalations.parts import SentFile
from assay.jobs.escalations.show_escalations import (
    Clocked,
    OneEscalation,
    one_escalation,
    year_of_escalations,
)
from assay.portal.access import Asked, partner_page
from assay.portal.attached import streamed
from assay.portal.forms.escalations import (
    SEVERITY_WORDS,
    DisputeForm,
    WriteForm,
    sent_files,
)
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import Figure, List, list_page
from assay.portal.templatetags.clocks import city, local
from assay.store.queries.escalations.escalations import escalation_file


class Answered(List):
    """The year's escalations whose clock has stopped, and how each time was counted."""

    title = django_tables2.Column(
        accessor="row__title",
        verbose_name=_("Escalation"),
        linkify=lambda record, table: f"{table.request.path}{record.row.escalation_id}/",
    )
    key = django_tables2.Column(accessor="row__key", verbose_name=_("Key"), visible=False)
    opened_at = django_tables2.Column(accessor="row__opened_at", verbose_name=_("Opened"))
    answered_at = django_tables2.Column(
        accessor="row__answered_at", verbose_name=_("First response")
    )
    off = Figure(accessor="clock__off", verbose_name=_("Weekend hours taken off"))
    counted = Figure(accessor="clock__counted", verbose_name=_("Hours counted"))
    in_time = django_tables2.Column(accessor="clock__in_time", verbose_name=_("In time"))
    disputed = django_tables2.Column(
        accessor="row__is_disputed", verbose_name=_("Disputed"), visible=False
    )

    caption = _("Answered escalations of the year")
    empty_title = _("None was answered in this year")
    empty_hint = _("Who has no escalation meets what the tiers ask for answers.")

    def render_opened_at(self, record: Clocked) -> str:
        """Write it on the partner's clocks."""
        return self._local(record, record.row.opened_at)

    def render_answered_at(self, record: Clocked) -> str:
        """Write it on the partner's clocks."""
        return self._local(record, record.row.answered_at)

    def _local(self, record: Clocked, moment: Any) -> str:
        return str(local({"reader": self.request.reader}, moment, record.clock.zone))

    def value_opened_at(self, value: Any) -> Any:
        """Keep the moment in files."""
        return value

    def value_answered_at(self, value: Any) -> Any:
        """Keep the moment in files."""
        return value

    def render_off(self, record: Clocked) -> str:
        """Write the exact hours."""
        return record.clock.hours_off

    def render_counted(self, record: Clocked) -> str:
        """Write the exact hours."""
        return record.clock.hours

    def render_in_time(self, record: Clocked) -> str:
        """Say it in a word, and whether it is disputed."""
        words = gettext("yes") if record.clock.in_time else gettext("no")
        return f"{words}, {gettext('disputed')}" if record.row.is_disputed else words


@partner_page(SEE_ESCALATIONS)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Open escalations by what is due next, then the year's answered ones."""
    year = year_of_escalations(request.seat.partner_id, at=request.now)
    context = {"year": year, "may_answer": _may_answer(request), "measure": MEASURE}
    return list_page(
        request,
        Answered,
        year.year,
        "partners/escalations/escalations.html",
        context,
        file="escalations",
    )


@partner_page(SEE_ESCALATIONS)
@require_safe
def escalation(request: Asked, escalation: int) -> HttpResponse:
    """One escalation: its clock, what was said, and disputes on its time."""
    return _page(request, _found(request, escalation), WriteForm())


@partner_page(ANSWER_ESCALATIONS)
@require_POST
def answer(request: Asked, escalation: int) -> HttpResponse:
    """Write in an escalation; the first time stops the clock."""
    one = _found(request, escalation)
    form = WriteForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            write_escalation.answer_escalation(
                escalation,
                form.cleaned_data["text"],
                by=request.user,
                files=sent_files(form),
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request,
                gettext("Sent. This first response has stopped the clock.")
                if one.clock.is_running
                else gettext("Sent."),
            )
            return redirect("escalation", request.seat.slug, escalation)
    return _page(request, one, form)


@partner_page(ANSWER_ESCALATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: Asked, escalation: int) -> HttpResponse:
    """Dispute the response time of an escalation."""
    one = _found(request, escalation)
    form = DisputeForm(request.POST or None, request.FILES or None, zone=one.page.row.zone)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        file = said["file"]
        try:
            dispute_escalation.dispute_escalation(
                escalation,
                claimed=said["claimed"],
                reason=said["reason"],
                file=SentFile(content=file, name=file.name) if file else None,
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Disputed. The program team decides."))
            return redirect("escalation", request.seat.slug, escalation)
    return render(
        request,
        "partners/escalations/dispute.html",
        {"one": one, "form": form},
        status=422 if form.errors else 200,
    )


@partner_page(SEE_ESCALATIONS)
@require_safe
def file(request: Asked, escalation: int, file: int) -> HttpResponseBase:
    """Download a file of an escalation."""
    return streamed(escalation_file(escalation, file, partner_id=request.seat.partner_id))


def _found(request: Asked, escalation_id: int) -> OneEscalation:
    one = one_escalation(escalation_id, at=request.now, partner_id=request.seat.partner_id)
    if one is None:
        raise Http404
    return one


def _page(request: Asked, one: OneEscalation, form: WriteForm) -> HttpResponse:
    context = {
        "one": one,
        "row": one.page.row,
        "severity": SEVERITY_WORDS.get(one.page.row.severity, ""),
        "city": city(one.page.row.zone),
        "form": form,
        "may_answer": _may_answer(request),
    }
    return render(
        request,
        "partners/escalations/escalation.html",
        context,
        status=422 if form.errors else 200,
    )


def _may_answer(request: Asked) -> bool:
    return member_may(request.seat.role, ANSWER_ESCALATIONS) and not request.seat.viewing

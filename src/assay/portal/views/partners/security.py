"""Security programs of a partner: which apps take part, do awards meet the minimum, what ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import django_tables2
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.issues import Refused
from assay.core.rights import APPLY_SECURITY, SEE_APPS, member_may
from assay.core.security import SecurityProgram
from assay.jobs.security import apply as applying
from assay.jobs.security.award_rows import hanging
from assay.jobs.security.end import leave as leave_program
from assay.jobs.security.enrolment_rows import answer_before, rules
from assay.portal.access import Asked, partner_page
from assay.portal.attached import streamed
from assay.portal.days import today
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.security import EvidenceForm, LeaveForm
from assay.portal.lists import Day, List, list_page
from assay.portal.shown_security import cents_words, program_titles, shown_evidence
from assay.store.models import App
from assay.store.queries.security.enrolments import (
    AwardLine,
    EnrolmentLine,
    EnrolmentPage,
    awards,
    enrolment_page,
    enrolments,
    evidence_file,
    listed_apps_of,
)
from assay.words.definitions import valid_words

LIVE = ("applied", "asked_back", "approved")


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A security program to a partner: those of its apps that may join and have not."""

    program: SecurityProgram
    valid: str
    is_open: bool
    held: tuple[EnrolmentLine, ...]
    may_join: tuple[App, ...]


class Enrolments(List):
    """A partner's enrolments."""

    app = django_tables2.Column(
        verbose_name=_("App"),
        linkify=lambda record, table: f"{table.request.path}{record.number}/",
    )
    program = django_tables2.Column(verbose_name=_("Security program"))
    stands = django_tables2.Column(verbose_name=_("Stands"))
    since = Day(verbose_name=_("Since"), default="")
    until = Day(verbose_name=_("Ends"), default="")
    source = django_tables2.Column(verbose_name=_("Source"))

    caption = _("Enrolments")
    empty_title = _("No app takes part yet")
    empty_hint = _("Apply for an app below. What reports tell appears here by itself.")

    def render_program(self, value: str) -> str:
        """Write the security program's title."""
        return program_titles().get(value, value)


@partner_page(SEE_APPS)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every security program with what the partner's apps do there."""
    seat = request.seat
    held = enrolments(today(request), partner_id=seat.partner_id)
    paid = awards(partner_id=seat.partner_id)
    context = {
        "offered": list(_offered(request, held)),
        "awards": [_told(one) for one in paid],
        "low": [_told(one) for one in paid if one.below],
        "holding": sum(one.state == "approved" for one in held),
        "soon": [one for one in held if one.stands.startswith("ends soon")],
        "mends": [one for one in held if "asked_back" in (one.state, one.renewal)],
        "titles": program_titles(),
        "may_apply": _may_apply(request),
    }
    return list_page(
        request, Enrolments, held, "partners/security/security.html", context, file="enrolments"
    )


def _offered(request: Asked, held: tuple[EnrolmentLine, ...]) -> Iterator[Offered]:
    on, apps = today(request), listed_apps_of(request.seat.partner_id)
    for program in rules().security_programs.values():
        live = tuple(one for one in held if one.program == program.key and one.state in LIVE)
        taken = {one.app_slug for one in live}
        joining = (app for app in apps if applying.may_join(app, program))
        yield Offered(
            program=program,
            valid=valid_words(program),
            is_open=program.is_open(on),
            held=live,
            may_join=tuple(app for app in joining if app.slug not in taken),
        )


def _told(one: AwardLine) -> tuple[AwardLine, str, str, str]:
    """Return an award with its amounts in words, and what a low one fails."""
    program = rules().security_programs.get(one.program)
    hangs = hanging(program) if one.below and program is not None else ""
    return one, cents_words(one.awarded), cents_words(one.minimum), hangs


@partner_page(APPLY_SECURITY)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Asked, program: str, app: str) -> HttpResponse:
    """Apply for a security program with one app."""
    asked = rules().security_programs.get(program)
    found = next((a for a in listed_apps_of(request.seat.partner_id) if a.slug == app), None)
    if asked is None or found is None:
        raise Http404
    form = EvidenceForm(request.POST or None, request.FILES or None, program=asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = applying.apply(found.pk, program, form.shown(), by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Applied. The program team looks at it."))
            return redirect("security_enrolment", request.seat.slug, made.pk)
    shown = {"form": form, "program": asked, "app": found.name, "valid": valid_words(asked)}
    status = 422 if form.errors else 200
    return render(request, "partners/security/apply.html", shown, status=status)


@partner_page(SEE_APPS)
@require_safe
def enrolment(request: Asked, enrolment: int) -> HttpResponse:
    """One enrolment: where it stands, what was shown, what happened."""
    page = _page(request, enrolment)
    program = rules().security_programs.get(page.line.program)
    if program is None:
        raise Http404
    may = _may_apply(request)
    return render(
        request,
        "partners/security/enrolment.html",
        {
            "page": page,
            "program": program,
            "evidence": list(shown_evidence(page, program)),
            "answer_before": answer_before(page.row, program),
            "may_answer": may and page.mends,
            "may_renew": may and applying.may_renew(page.row, program, request.now),
            "may_leave": may and page.line.state in LIVE,
        },
    )


@partner_page(APPLY_SECURITY)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Asked, enrolment: int) -> HttpResponse:
    """Answer what staff ask, or renew what ends soon."""
    page = _page(request, enrolment)
    program = rules().security_programs.get(page.line.program)
    if program is None:
        raise Http404
    renews = not page.mends and applying.may_renew(page.row, program, request.now)
    if not page.mends and not renews:
        raise Http404
    form = EvidenceForm(
        request.POST or None, request.FILES or None, program=program, shown=page.evidence
    )
    if request.method == "POST" and form.is_valid():
        act = applying.renew if renews else applying.answer
        try:
            act(page.line.number, form.shown(), by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Sent. The program team looks at it."))
            return redirect("security_enrolment", request.seat.slug, page.line.number)
    shown = {"form": form, "page": page, "program": program, "renews": renews}
    status = 422 if form.errors else 200
    return render(request, "partners/security/answer.html", shown, status=status)


@partner_page(APPLY_SECURITY)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Asked, enrolment: int) -> HttpResponse:
    """Leave a security program, asked once more."""
    page = _page(request, enrolment)
    if page.line.state not in LIVE:
        raise Http404
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            leave_program(page.line.number, reason=reason, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("It is over."))
            return redirect("security_enrolment", request.seat.slug, page.line.number)
    shown = {"form": form, "page": page, "title": program_titles().get(page.line.program)}
    status = 422 if form.errors else 200
    return render(request, "partners/security/leave.html", shown, status=status)


@partner_page(SEE_APPS)
@require_safe
def file(request: Asked, enrolment: int, file: int) -> HttpResponseBase:
    """Download a file that was shown as evidence."""
    return streamed(evidence_file(enrolment, file, partner_id=request.seat.partner_id))


def _page(request: Asked, number: int) -> EnrolmentPage:
    page = enrolment_page(number, today(request), partner_id=request.seat.partner_id)
    if page is None:
        raise Http404
    return page


def _may_apply(request: Asked) -> bool:
    return member_may(request.seat.role, APPLY_SECURITY) and not request.seat.viewing

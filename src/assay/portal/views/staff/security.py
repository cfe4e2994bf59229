"""Security programs for staff: what waits, who takes part, what ends soon, what is paid too low."""

from __future__ import annotations

from collections.abc import Callable

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import DECIDE_SECURITY, SEE_STAFF, staff_may
from assay.core.security import SecurityProgram
from assay.jobs.security import decide
from assay.jobs.security.end import effect_of_ending, end_on
from assay.jobs.security.enrolment_rows import answer_before, rules
from assay.jobs.security.enter_award import Submission, enter_award
from assay.portal.access import Asked, staff_page
from assay.portal.attached import streamed
from assay.portal.days import today
from assay.portal.forms.fields import Line, add_refusal
from assay.portal.forms.security import AwardForm, EndForm, ReasonForm
from assay.portal.lists import Day, Filters, List, list_page
from assay.portal.shown_security import cents_words, program_titles, shown_evidence
from assay.store.queries.security.enrolments import (
    EnrolmentLine,
    EnrolmentPage,
    app_named,
    awards,
    enrolment_page,
    enrolments,
    evidence_file,
)

_SHOW = {
    "waiting": _("Waits for us"),
    "back": _("Waits for the partner"),
    "holding": _("Takes part"),
    "soon": _("Ends within 30 days"),
    "over": _("Refused or over"),
}


class Enrolments(List):
    """Enrolments of everybody."""

    app = django_tables2.Column(
        verbose_name=_("App"), linkify=("staff_enrolment", {"number": django_tables2.A("number")})
    )
    partner = django_tables2.Column(verbose_name=_("Partner"))
    program = django_tables2.Column(verbose_name=_("Security program"))
    stands = django_tables2.Column(verbose_name=_("Stands"))
    since = Day(verbose_name=_("Since"), default="")
    until = Day(verbose_name=_("Ends"), default="")
    source = django_tables2.Column(verbose_name=_("Source"), visible=False)

    caption = _("Enrolments")
    empty_title = _("No app takes part yet")
    empty_hint = _("Partners apply for their apps, and reports tell of others.")

    def render_program(self, value: str) -> str:
        """Write the security program's title."""
        return program_titles().get(value, value)


class EnrolmentFilters(Filters):
    """Which enrolments are shown."""

    q = Line(label=_("App or partner"), required=False, max_length=80)
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("All")), *_SHOW.items()]
    )
    program = forms.ChoiceField(label=_("Security program"), required=False)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        choices = [("", gettext("Any")), *program_titles().items()]
        self.fields["program"] = forms.ChoiceField(
            label=_("Security program"), required=False, choices=choices
        )

    def narrow(self, rows: tuple[EnrolmentLine, ...]) -> tuple[EnrolmentLine, ...]:
        """Keep the enrolments that are asked for."""
        asked = self.cleaned_data
        text, program = asked["q"].casefold(), asked["program"]
        return tuple(
            row
            for row in rows
            if (text in row.app.casefold() or text in row.partner.casefold())
            and (not program or row.program == program)
            and (not asked["show"] or asked["show"] in _shows(row))
        )


def _shows(row: EnrolmentLine) -> set[str]:
    found = {
        "waiting": "applied" in (row.state, row.renewal),
        "back": "asked_back" in (row.state, row.renewal),
        "holding": row.state == "approved",
        "soon": row.stands.startswith("ends soon"),
        "over": row.state in ("refused", "ended", "expired"),
    }
    return {name for name, holds in found.items() if holds}


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every enrolment, what waits first, and the awards that are too low."""
    rows = enrolments(today(request))
    context = {
        "waits": sum("waiting" in _shows(row) for row in rows),
        "soon": sum("soon" in _shows(row) for row in rows),
        "low": [
            (one, cents_words(one.awarded), cents_words(one.minimum)) for one in awards(below=True)
        ],
        "may_decide": staff_may(request.user.staff_role, DECIDE_SECURITY),
    }
    return list_page(
        request,
        Enrolments,
        rows,
        "staff/security/security.html",
        context,
        filters=EnrolmentFilters,
        file="enrolments",
    )


@staff_page(SEE_STAFF)
@require_safe
def enrolment(request: Asked, number: int) -> HttpResponse:
    """One enrolment with its evidence, its history, and the decision."""
    return _shown(request, _page(request, number), ReasonForm())


@staff_page(DECIDE_SECURITY)
@require_POST
def approve(request: Asked, number: int) -> HttpResponse:
    """Let the app take part."""
    return _decide(request, number, decide.approve, gettext("Approved: the app takes part."))


@staff_page(DECIDE_SECURITY)
@require_POST
def ask_back(request: Asked, number: int) -> HttpResponse:
    """Ask the partner for more."""
    return _decide(request, number, decide.ask_back, gettext("Asked back."))


@staff_page(DECIDE_SECURITY)
@require_POST
def refuse(request: Asked, number: int) -> HttpResponse:
    """Refuse what was asked for."""
    return _decide(request, number, decide.refuse, gettext("Refused, with the reason."))


@staff_page(DECIDE_SECURITY)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Asked, number: int) -> HttpResponse:
    """End an enrolment with notice; whose standing that changes stands on the page."""
    page = _page(request, number)
    if page.line.state != "approved":
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            end_on(number, said["on"], reason=said["reason"], by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Its end is set, and the partner is told."))
            return redirect("staff_enrolment", number)
    shown = {
        "form": form,
        "page": page,
        "title": program_titles().get(page.line.program),
        "affected": effect_of_ending(page.row, at=request.now),
        "notice_days": rules().notice_days,
    }
    status = 422 if form.errors else 200
    return render(request, "staff/security/end.html", shown, status=status)


@staff_page(SEE_STAFF)
@require_safe
def file(request: Asked, number: int, file: int) -> HttpResponseBase:
    """Download a file that was shown as evidence."""
    del request
    return streamed(evidence_file(number, file))


@staff_page(DECIDE_SECURITY)
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: Asked, program: str) -> HttpResponse:
    """Enter one submission with its award."""
    found = rules()
    asked = found.security_programs.get(program)
    if asked is None or asked.awards is None:
        raise Http404
    amounts = found.amounts[asked.awards.minimum]
    form = AwardForm(request.POST or None, amounts=amounts, on=today(request))
    if request.method == "POST" and form.is_valid() and _entered(request, program, form):
        return redirect("staff_security")
    shown = {"form": form, "program": asked}
    status = 422 if form.errors else 200
    return render(request, "staff/security/award.html", shown, status=status)


def _entered(request: Asked, program: str, form: AwardForm) -> bool:
    said = dict(form.cleaned_data)
    app = app_named(said.pop("app"))
    if app is None:
        form.add_error("app", gettext("No app has this key."))
        return False
    try:
        made = enter_award(app.pk, program, Submission(**said), by=request.user, at=request.now)
    except Refused as refused:
        add_refusal(form, refused)
        return False
    if made.below:
        messages.warning(request, gettext("Entered. It is below the minimum: the partner is told."))
    else:
        messages.success(request, gettext("Entered."))
    return True


def _decide(request: Asked, number: int, act: Callable[..., object], done: str) -> HttpResponse:
    page = _page(request, number)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(number, reason=form.cleaned_data["reason"], by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("staff_enrolment", number)
    return _shown(request, page, form, status=422)


def _page(request: Asked, number: int) -> EnrolmentPage:
    page = enrolment_page(number, today(request))
    if page is None:
        raise Http404
    return page


def _shown(
    request: Asked, page: EnrolmentPage, form: ReasonForm, *, status: int = 200
) -> HttpResponse:
    program: SecurityProgram | None = rules().security_programs.get(page.line.program)
    if program is None:
        raise Http404
    may_decide = staff_may(request.user.staff_role, DECIDE_SECURITY)
    shown = {
        "page": page,
        "program": program,
        "evidence": list(shown_evidence(page, program)),
        "form": form,
        "may_decide": may_decide and page.waits,
        "lapses": may_decide and page.line.renewal == "applied",
        "answer_before": answer_before(page.row, program),
        "may_end": may_decide and page.line.state == "approved",
    }
    if shown["lapses"]:
        shown["affected"] = effect_of_ending(page.row, at=request.now)
    return render(request, "staff/security/enrolment.html", shown, status=status)

"""The program for staff: what it says, what rests on what, what a change would change."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.issues import Refused
from assay.core.program import Program
from assay.core.rights import CHANGE_RULES, SEE_STAFF, staff_may
from assay.core.security import SecurityProgram
from assay.jobs.programs.program_versions import program_versions
from assay.jobs.security.change_rules import change_rules
from assay.jobs.security.enrolment_rows import rules
from assay.jobs.security.rule_changes import Preview, preview
from assay.portal.access import Asked, sensitive, staff_page
from assay.portal.days import today
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.security import ConfirmForm, MinimumForm, ProgramEndForm
from assay.store.queries.security.enrolments import rule_changes, taking_part
from assay.words.definitions import rests_on_words
from assay.words.program_tables import AmountsTable, amounts_table

Asking = MinimumForm | ProgramEndForm


@dataclass(frozen=True, kw_only=True)
class Rested:
    """A requirement, and what it rests on in words."""

    title: str
    clause: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A security program, how many apps take part, and which requirements rest on it."""

    program: SecurityProgram
    apps: int
    requirements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Dated amounts as a table, and which requirements rest on them."""

    name: str
    table: AmountsTable
    requirements: tuple[str, ...]


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponse:
    """What the program says and what hangs on what, with the changes that are coming."""
    program, on = rules(), today(request)
    counts = taking_part(on)
    return render(
        request,
        "staff/security/program.html",
        {
            "program": program,
            "versions": program_versions(settings.PROGRAM, on),
            "changes": rule_changes(),
            "today": on.isoformat(),
            "requirements": [
                Rested(title=row.title, clause=row.clause, rests_on=rests_on_words(row, program))
                for row in program.requirements.values()
            ],
            "security_programs": [
                Held(
                    program=one,
                    apps=counts.get(one.key, 0),
                    requirements=_resting(program, "security_programs", one.key),
                )
                for one in program.security_programs.values()
            ],
            "amounts": [
                Dated(
                    name=one.name,
                    table=amounts_table(one, program),
                    requirements=_resting(program, "amounts", one.name),
                )
                for one in program.amounts.values()
            ],
            "may_change": staff_may(request.user.staff_role, CHANGE_RULES),
        },
    )


def _resting(program: Program, kind: str, key: str) -> tuple[str, ...]:
    return tuple(
        f"{row.title} ({row.clause})"
        for row in program.requirements.values()
        if key in getattr(row.rests_on, kind)
    )


@staff_page(CHANGE_RULES)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def minimum(request: Asked, amounts: str) -> HttpResponse:
    """Raise dated amounts from a day on: first what that changes, then the change."""
    program = rules()
    found = program.amounts.get(amounts)
    if found is None:
        raise Http404
    given = request.POST or request.GET or None
    form = MinimumForm(given, name=amounts, amounts=found, on=today(request))
    title = gettext("Change “%(title)s”") % {"title": found.title}
    return _changed(request, form, title=title, notice_days=program.notice_days)


@staff_page(CHANGE_RULES)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Asked, program: str) -> HttpResponse:
    """End a security program from a day on: first what that changes, then the end."""
    found = rules().security_programs.get(program)
    if found is None or found.until is not None:
        raise Http404
    form = ProgramEndForm(request.POST or request.GET or None, key=program)
    title = gettext("End “%(title)s”") % {"title": found.title}
    return _changed(request, form, title=title, notice_days=rules().notice_days)


def _changed(request: Asked, form: Asking, *, title: str, notice_days: int) -> HttpResponse:
    """Show what a change would do; sent with a reason, make it."""
    confirming = request.method == "POST"
    confirm = ConfirmForm(request.POST if confirming else None)
    shown: Preview | None = None
    if form.is_bound and form.is_valid():
        try:
            if confirming and confirm.is_valid():
                reason = confirm.cleaned_data["reason"]
                change_rules(form.change(), reason=reason, by=request.user, at=request.now)
                messages.success(request, gettext("Changed. Those whom it touches are told."))
                return redirect("staff_program")
            shown = preview(form.change(), at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
    return render(
        request,
        "staff/security/change.html",
        {
            "form": form,
            "confirm": confirm,
            "preview": shown,
            "told": sum(len(one.people) for one in shown.affected) if shown else 0,
            "title": title,
            "notice_days": notice_days,
        },
        status=422 if form.errors or confirm.errors else 200,
    )

"""Appeals of a partner: a case against a decision, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import APPEAL, SEE_STANDING, member_may
from assay.jobs.appeals import state_appeal as appeals
from assay.portal.access import Asked, partner_page
from assay.portal.attached import streamed
from assay.portal.forms.appeals import AppealForm
from assay.portal.forms.escalations import sent_files
from assay.portal.forms.fields import add_refusal
from assay.portal.shown_appeals import shown_case
from assay.store.queries.appeals.appeals import Case, appeal_until, case_file, case_of
from assay.store.queries.reviews.standing import placed


@partner_page(APPEAL)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked, decision: int) -> HttpResponse:
    """State a case against a decision of a closed review."""
    found = placed(request.seat.partner_id, decision)
    if found is None or not found.is_review:
        raise Http404
    form = AppealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = appeals.state_appeal(
                decision,
                form.cleaned_data["case"],
                files=sent_files(form),
                by=request.user,
                at=request.now,
                partner_id=request.seat.partner_id,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Sent. Two people of the program team decide."))
            return redirect("appeal", request.seat.slug, made.pk)
    return render(
        request,
        "partners/appeals/new.html",
        {"form": form, "placed": found, "until": appeal_until(decision)},
        status=422 if form.errors else 200,
    )


@partner_page(SEE_STANDING)
@require_safe
def appeal(request: Asked, appeal: int) -> HttpResponse:
    """One appeal or correction: the case, and how it was decided."""
    found = _found(request, appeal)
    owner = member_may(request.seat.role, APPEAL) and not request.seat.viewing
    context = {
        "shown": shown_case(found),
        "case": found,
        "may_withdraw": owner and found.is_open and not found.by_staff,
    }
    return render(request, "partners/appeals/appeal.html", context)


@partner_page(APPEAL)
@require_POST
def withdraw(request: Asked, appeal: int) -> HttpResponse:
    """Take an appeal back."""
    found = _found(request, appeal)
    if found.by_staff:
        raise Http404
    try:
        appeals.withdraw_appeal(appeal, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, str(refused.issues[0]))
    else:
        messages.success(request, gettext("It is taken back."))
    return redirect("appeal", request.seat.slug, appeal)


@partner_page(SEE_STANDING)
@require_safe
def file(request: Asked, appeal: int, file: int) -> HttpResponseBase:
    """Download a file of a case."""
    return streamed(case_file(appeal, file, partner_id=request.seat.partner_id))


def _found(request: Asked, number: int) -> Case:
    found = case_of(number, partner_id=request.seat.partner_id)
    if found is None:
        raise Http404
    return found

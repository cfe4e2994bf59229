"""Acts on reviews and their calendar: each is one job, and leads back to what it changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assay.core.issues import Refused
from assay.core.reviewing import cost_of
from assay.core.rights import CLOSE_REVIEWS, RUN_REVIEWS
from assay.jobs.reviews import open_review as openings
from assay.jobs.reviews import overrides as asked
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.pause_calendar import pause_calendar, resume_calendar
from assay.jobs.reviews.run_calendar import assess_now, run_calendar
from assay.portal.access import Asked, sensitive, staff_page
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.reviews import AnswerForm, OverrideForm, WhyForm
from assay.portal.views.staff.review_lists import shown
from assay.portal.views.staff.reviews import decision_page, tiers_to_grant
from assay.store.models import Override
from assay.store.queries.reviews.staff_reviews import decision_of, override_in, told_of


@staff_page(RUN_REVIEWS)
@require_POST
def run(request: Asked) -> HttpResponse:
    """Do what is due now, and not at the next full hour."""
    done = _tried(
        request,
        lambda: run_calendar(
            settings.INSTALLATION.ledger,
            at=request.now,
            settling_days=settings.REVIEW_SETTLING_DAYS,
            by=request.user,
        ),
    )
    if done is not None:
        messages.success(request, _("Done: %(count)s.") % {"count": len(done)})
    return redirect("staff_reviews")


@staff_page(RUN_REVIEWS)
@require_POST
def assess(request: Asked) -> HttpResponse:
    """Assess partners today."""
    ledger = settings.INSTALLATION.ledger
    try:
        found = assess_now(ledger, at=request.now, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused.issues[0]))
    else:
        words = _("Today is assessed already.") if found is None else f"{found.words}."
        messages.success(request, words)
    return redirect("staff_reviews")


@staff_page(RUN_REVIEWS)
@require_POST
def pause(request: Asked) -> HttpResponse:
    """Let the calendar do nothing by itself."""
    form = WhyForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    if _tried(request, lambda: pause_calendar(why=why, by=request.user, at=request.now)):
        messages.success(request, _("The calendar is paused."))
    return redirect("staff_reviews")


@staff_page(RUN_REVIEWS)
@require_POST
def resume(request: Asked) -> HttpResponse:
    """Let the calendar go on."""
    try:
        resume_calendar(by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, str(refused.issues[0]))
    else:
        messages.success(request, _("The calendar goes on; what it missed is caught up."))
    return redirect("staff_reviews")


@staff_page(RUN_REVIEWS)
@require_POST
def open_one(request: Asked) -> HttpResponse:
    """Open the review of a day."""
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        messages.error(request, _("Choose a day."))
        return redirect("staff_reviews")
    ledger = settings.INSTALLATION.ledger
    review = _tried(
        request, lambda: openings.open_review(ledger, on=on, at=request.now, by=request.user)
    )
    if review is None:
        return redirect("staff_reviews")
    messages.success(request, _("The review is open. Somebody else closes it."))
    return redirect("staff_review", review.pk)


@staff_page(RUN_REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
def abandon(request: Asked, number: int) -> HttpResponse:
    """Give a review up, with the reason."""
    found = shown(request, number)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        try:
            openings.abandon_review(number, why=why, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The review is given up. It may be opened anew."))
            return redirect("staff_review", number)
    return render(
        request,
        "staff/reviews/abandon.html",
        {"review": found.review, "form": form},
        status=422 if form.errors else 200,
    )


@staff_page(RUN_REVIEWS)
@require_POST
def ask_to_close(request: Asked, number: int) -> HttpResponse:
    """Ask for a second person to close a review."""
    shown(request, number)
    if _tried(request, lambda: openings.ask_to_close(number, by=request.user, at=request.now)):
        messages.success(request, _("Colleagues are asked to close the review."))
    return redirect("staff_review", number)


@staff_page(CLOSE_REVIEWS)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Asked, number: int) -> HttpResponse:
    """Close a review: its tiers are granted and partners are told."""
    found = shown(request, number)
    if request.method == "POST":
        days = settings.REVIEW_SETTLING_DAYS
        done = _tried(
            request,
            lambda: close_review(number, by=request.user, at=request.now, settling_days=days),
        )
        if done is not None:
            messages.success(request, _("The review is closed; its tiers are in effect."))
        return redirect("staff_review", number)
    told = told_of(number, found.review.on)
    return render(
        request,
        "staff/reviews/close.html",
        {
            "review": found.review,
            "told": told,
            "cost": cost_of(found.program, told.counts),
            "currency": found.program.currency,
        },
    )


@staff_page(RUN_REVIEWS)
@require_POST
def ask_override(request: Asked, number: int, decision: int) -> HttpResponse:
    """Ask to grant another tier than the computed one."""
    found = shown(request, number)
    held = decision_of(number, decision)
    if held is None:
        raise Http404
    form = OverrideForm(request.POST, tiers=tiers_to_grant(found, held[0]))
    if form.is_valid():
        try:
            asked.ask_override(decision, form.wish(), by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("A second person decides; colleagues are told."))
            return redirect("staff_review_decision", number, decision)
    return render(request, *decision_page(request, number, decision, form), status=422)


@staff_page(CLOSE_REVIEWS)
@require_POST
def decide_override(request: Asked, number: int, override: int) -> HttpResponse:
    """Approve or refuse an override, as a second person."""
    held = _override(number, override)
    form = AnswerForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    approve = request.POST.get("decision") == "approve"
    done = _tried(
        request,
        lambda: asked.decide_override(
            override, approve=approve, words=words, by=request.user, at=request.now
        ),
    )
    if done is not None:
        messages.success(request, _("It is approved.") if approve else _("It is refused."))
    return redirect("staff_review_decision", number, held.decision_id)


@staff_page(RUN_REVIEWS)
@require_POST
def withdraw_override(request: Asked, number: int, override: int) -> HttpResponse:
    """Take an override back."""
    held = _override(number, override)
    if _tried(request, lambda: asked.withdraw_override(override, by=request.user, at=request.now)):
        messages.success(request, _("It is taken back."))
    return redirect("staff_review_decision", number, held.decision_id)


def _override(number: int, override: int) -> Override:
    found = override_in(number, override)
    if found is None:
        raise Http404
    return found


def _tried(request: Asked, act: Callable[[], Any]) -> Any:
    """Return what an act gives; None where it refuses, and the reader is told why."""
    try:
        return act()
    except Refused as refused:
        for issue in refused.issues:
            said = f"{issue.file}: {issue.message}" + (f" — {issue.hint}" if issue.hint else "")
            messages.error(request, said[:1].upper() + said[1:])
        return None

"""Appeals and corrections: whose case waits, how does it end, and what do late facts change?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import DECIDE_APPEALS, SEE_STAFF, staff_may
from assay.jobs.appeals import decide_appeal
from assay.jobs.appeals.state_appeal import open_correction, withdraw_appeal
from assay.portal.access import Asked, sensitive, staff_page
from assay.portal.attached import streamed
from assay.portal.forms.appeals import ConfirmForm, CorrectionForm, ProposalForm
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import Day, Filters, List, Moment, list_page
from assay.portal.shown_appeals import STATES, program_of_review, shown_case, title_of
from assay.portal.views.staff.review_lists import shown
from assay.store.models import Review
from assay.store.queries.appeals.appeals import Case, case_file, case_of, cases, late_of
from assay.store.queries.reviews.staff_reviews import StaffReview, decision_of
from assay.words.standing import NO_TIER


class Cases(List):
    """A row a case, those that wait first."""

    partner = django_tables2.Column(
        verbose_name=_("Partner"), linkify=("staff_appeal", {"number": django_tables2.A("number")})
    )
    reviewed_on = Day(verbose_name=_("Review of"))
    by_staff = django_tables2.Column(verbose_name=_("Opened by"))
    state = django_tables2.Column(verbose_name=_("State"))
    stated_at = Moment(verbose_name=_("Stated"))
    decided_at = Moment(verbose_name=_("Decided"), default="—")
    caption = _("Appeals and corrections")
    empty_title = _("No case is like this")
    empty_hint = _("Owners appeal from their decision letter; staff correct late facts.")

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(STATES[value])

    def render_by_staff(self, value: object) -> str:
        """Say which side opened it."""
        return gettext("The program team") if value else gettext("The partner")


class CaseFilters(Filters):
    """Which cases are shown."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("waiting", _("All that wait")), *STATES.items()],
    )

    def narrow(self, rows: Any) -> Any:
        """Keep the cases in one state."""
        state = self.cleaned_data["state"]
        if state == "waiting":
            return [one for one in rows if one.is_open]
        return [one for one in rows if one.state == state] if state else rows


class LateRows(List):
    """A row a decision that late facts would change."""

    partner = django_tables2.Column(verbose_name=_("Partner"))
    tier = django_tables2.Column(verbose_name=_("Decided"))
    tier_now = django_tables2.Column(verbose_name=_("On today’s facts"))
    caption = _("Decisions that would differ")
    empty_title = _("No decision would differ")
    empty_hint = _("The worker looks again every hour, where facts have come.")

    def render_partner(self, value: str, record: Any) -> SafeString:
        """Lead to the decision."""
        pages = [self.request.resolver_match.kwargs["number"], record.decision_id]
        return format_html(
            '<a href="{}">{}</a>', reverse("staff_review_decision", args=pages), value
        )

    def value_partner(self, value: str) -> str:
        """Give the name to a file."""
        return value


@staff_page(SEE_STAFF)
@require_safe
def queue(request: Asked) -> HttpResponseBase:
    """Every case, those that wait first."""
    rows = cases()
    context = {"waiting": sum(one.is_open for one in rows)}
    return list_page(
        request,
        Cases,
        rows,
        "staff/appeals/appeals.html",
        context,
        filters=CaseFilters,
        file="appeals",
    )


@staff_page(SEE_STAFF)
@require_safe
def one(request: Asked, number: int) -> HttpResponse:
    """One case, and what may be done with it."""
    return _page(request, _found(number))


@staff_page(DECIDE_APPEALS)
@require_POST
def propose(request: Asked, number: int) -> HttpResponse:
    """Propose how a case ends."""
    found = _found(number)
    form = ProposalForm(request.POST, tiers=_tiers(found))
    if form.is_valid():
        proposal = decide_appeal.Proposal(tier=form.tier(), reason=form.cleaned_data["reason"])
        try:
            decide_appeal.propose(number, proposal, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Proposed. A second person confirms."))
            return redirect("staff_appeal", number)
    return _page(request, found, form)


@staff_page(DECIDE_APPEALS)
@sensitive
@require_POST
def confirm(request: Asked, number: int) -> HttpResponse:
    """Confirm a proposal as a second person, or send it back."""
    form = ConfirmForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    if request.POST.get("decision") == "back":
        return _done(
            request,
            number,
            lambda: decide_appeal.send_back(number, words=words, by=request.user, at=request.now),
            gettext("It is sent back."),
        )
    return _done(
        request,
        number,
        lambda: decide_appeal.confirm(number, by=request.user, at=request.now),
        gettext("Decided. The partner is told."),
    )


@staff_page(DECIDE_APPEALS)
@require_POST
def withdraw(request: Asked, number: int) -> HttpResponse:
    """Take back a correction that staff opened."""
    if not _found(number).by_staff:
        raise Http404
    return _done(
        request,
        number,
        lambda: withdraw_appeal(number, by=request.user, at=request.now),
        gettext("It is taken back."),
    )


@staff_page(SEE_STAFF)
@require_safe
def file(request: Asked, number: int, file: int) -> HttpResponseBase:  # noqa: ARG001
    """Download a file of a case."""
    return streamed(case_file(number, file))


@staff_page(SEE_STAFF)
@require_safe
def late(request: Asked, number: int) -> HttpResponseBase:
    """What facts that came after closing would change."""
    found = shown(request, number)
    look = late_of(number)
    rows = [
        replace(one, tier=found.title(one.tier), tier_now=found.title(one.tier_now))
        for one in (look.differing if look else ())
    ]
    return list_page(
        request,
        LateRows,
        rows,
        "staff/appeals/late.html",
        {"review": found.review, "late": look, "count": len(rows)},
        file=f"review-{found.review.on}-late",
    )


@staff_page(DECIDE_APPEALS)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Asked, number: int, decision: int) -> HttpResponse:
    """Open a correction of a decision."""
    found = shown(request, number)
    held = decision_of(number, decision)
    if held is None or not _is_closed_review(found.review):
        raise Http404
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = form.cleaned_data["case"]
        try:
            made = open_correction(decision, case, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("staff_appeal", made.pk)
    return render(
        request,
        "staff/appeals/correct.html",
        {"form": form, "review": found.review, "decision": held[0]},
        status=422 if form.errors else 200,
    )


def _is_closed_review(review: StaffReview) -> bool:
    return (review.kind, review.state) == (Review.Kind.REVIEW, Review.State.CLOSED)


def _found(number: int) -> Case:
    found = case_of(number)
    if found is None:
        raise Http404
    return found


def _tiers(case: Case) -> list[tuple[str, Any]]:
    """Return what may be granted: what today's facts give first, then the highest tier first."""
    program = program_of_review(case.program)
    names = [*reversed([*program.tiers]), NO_TIER]
    look = late_of(case.review)
    rows = () if look is None else look.differing
    on_facts = [
        (
            decide_appeal.ON_FACTS,
            gettext("Grant what today’s facts give: %(tier)s")
            % {"tier": title_of(row.tier_now, program)},
        )
        for row in rows
        if row.decision_id == case.decision_id
    ]
    grants = [
        (name, gettext("Grant %(tier)s") % {"tier": title_of(name, program)}) for name in names
    ]
    return [*on_facts, *grants]


def _page(request: Asked, case: Case, form: ProposalForm | None = None) -> HttpResponse:
    decides = staff_may(request.user.staff_role, DECIDE_APPEALS)
    waits = case.state == "proposed"
    context = {
        "shown": shown_case(case),
        "case": case,
        "form": form or ProposalForm(tiers=_tiers(case)),
        "confirm_form": ConfirmForm(),
        "may_propose": decides and case.state == "open",
        "may_confirm": decides and waits and case.proposed_by_id != request.user.pk,
        "is_first": waits and case.proposed_by_id == request.user.pk,
        "may_withdraw": decides and case.is_open and case.by_staff,
    }
    faulty = form is not None and form.errors
    return render(request, "staff/appeals/appeal.html", context, status=422 if faulty else 200)


def _done(request: Asked, number: int, act: Callable[[], object], words: str) -> HttpResponse:
    _found(number)
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused.issues[0]))
    else:
        messages.success(request, words)
    return redirect("staff_appeal", number)

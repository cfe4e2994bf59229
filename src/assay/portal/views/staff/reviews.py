"""Reviews: who changes tier, do I agree, and what comes next?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assay.core.calendar import FIRST_DAY, LAST_DAY, Act, ActKind, acts_between
from assay.core.issues import Refused
from assay.core.reviewing import Move, cost_of
from assay.core.rights import (
    CLOSE_REVIEWS,
    DECIDE_APPEALS,
    RUN_REVIEWS,
    SEE_AUDIT,
    SEE_STAFF,
    staff_may,
)
from assay.jobs.appeals.decide_appeal import redecision_of
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.rehearse_review import rehearse_review
from assay.jobs.reviews.run_calendar import due_acts
from assay.portal.access import Asked, staff_page
from assay.portal.days import today
from assay.portal.forms.reviews import AnswerForm, OverrideForm, WhyForm
from assay.portal.lists import list_page
from assay.portal.shown_appeals import shown_case
from assay.portal.shown_standing import matrix, target_of
from assay.portal.views.staff.review_lists import (
    KINDS,
    MOVES,
    OVERRIDE_STATES,
    STATES,
    MoveFilters,
    Moves,
    Overrides,
    ReviewFilters,
    Reviews,
    Shown,
    Unknowns,
    shown,
)
from assay.store.models import Decision, Override, Review
from assay.store.queries.appeals.appeals import cases_on, late_of
from assay.store.queries.reviews.staff_reviews import (
    Told,
    biggest_movers,
    calendar_state,
    decision_of,
    moves_of,
    nearest_misses,
    overrides_of,
    reviews_listed,
    runs_listed,
    told_of,
    unknown_in,
)
from assay.words.standing import NO_TIER

ACTS = {
    "begin": gettext_lazy("The calendar begins"),
    ActKind.ASSESS: gettext_lazy("Partners are assessed for the coming review"),
    ActKind.OPEN: gettext_lazy("The review opens on the facts known then"),
    ActKind.MAY_CLOSE: gettext_lazy("The review may be closed, and staff are told so"),
    ActKind.REMIND: gettext_lazy("Staff are reminded of a review that is still open"),
}
MOST_RUNS, NEAREST = 12, 5
AHEAD = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class TierCount:
    """How many hold a tier now and before, as the page shows it."""

    title: str
    now: int
    before: int | None
    address: str


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every review, and the calendar: what is next, what was done."""
    day = today(request)
    begun, paused, beat = calendar_state()
    context = {
        "begun": begun,
        "paused": paused,
        "beat": beat,
        "due": [(act, ACTS[act.kind]) for act in _due(begun, day)],
        "coming": [(act, ACTS[act.kind]) for act in _coming(day)],
        "runs": [(run, ACTS[run.kind]) for run in runs_listed(MOST_RUNS)],
        "may_run": staff_may(request.user.staff_role, RUN_REVIEWS),
        "why_form": WhyForm(),
        "openable": _openable(day),
    }
    return list_page(
        request,
        Reviews,
        reviews_listed(),
        "staff/reviews/reviews.html",
        context,
        filters=ReviewFilters,
        file="reviews",
    )


def _due(begun: date | None, day: date) -> tuple[Act, ...]:
    return () if begun is None else due_acts(begun, day, settings.REVIEW_SETTLING_DAYS)


def _coming(day: date) -> Iterator[Act]:
    """Yield the acts of the year ahead; reminders are told of as they come."""
    program = program_on(settings.PROGRAM, day)
    acts = acts_between(
        program.review,
        settling_days=settings.REVIEW_SETTLING_DAYS,
        since=day + timedelta(days=1),
        until=day + AHEAD,
    )
    return (act for act in acts if act.kind != ActKind.REMIND)


def _openable(day: date) -> tuple[date, ...]:
    """Return the newest review days that have come and have no review that stands."""
    month = program_on(settings.PROGRAM, day).review.month
    newest = date(day.year if date(day.year, month, 1) <= day else day.year - 1, month, 1)
    held = reviews_listed().exclude(state=Review.State.ABANDONED).order_by()
    taken = set(held.values_list("on", flat=True))
    found: list[date] = []
    while newest not in taken and len(found) < NEAREST:
        found.append(newest)
        newest = newest.replace(year=newest.year - 1)
    return tuple(found)


class RehearseForm(forms.Form):
    """The day of the review to rehearse."""

    on = forms.DateField(
        label=gettext_lazy("As if it were reviewed on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


@staff_page(SEE_STAFF)
@require_safe
def rehearse(request: Asked) -> HttpResponse:
    """What a review would come to on the facts of now, and who would move; nothing is kept."""
    day = today(request)
    form = RehearseForm(request.GET if "on" in request.GET else None, initial={"on": day})
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            found = rehearse_review(settings.INSTALLATION.ledger, on=on, at=request.now)
        except Refused as refused:
            context["trouble"] = refused.issues[:NEAREST]
        else:
            tiers = found.program.tiers
            context |= {
                "on": on,
                "program": found.program,
                "counts": [
                    (_tier_title(tiers, name), found.credited.get(name, 0), count)
                    for name, count in found.counts.items()
                ],
                "cost": cost_of(found.program, found.counts),
                "cost_now": cost_of(found.program, found.credited),
                "up": found.how_many(Move.UP),
                "down": found.how_many(Move.DOWN),
                "enter": found.how_many(Move.ENTERS),
                "moved": [
                    (
                        one,
                        MOVES[one.move],
                        _tier_title(tiers, one.was),
                        _tier_title(tiers, one.tier),
                    )
                    for one in found.moved
                ],
            }
    return render(request, "staff/reviews/rehearse.html", context)


def _tier_title(tiers: Any, name: str) -> str:
    return _("No tier") if name == NO_TIER else tiers[name].title


@staff_page(SEE_STAFF)
@require_safe
def one(request: Asked, number: int) -> HttpResponse:
    """One review: who moves, what it costs, what is open, and what may be done."""
    found = shown(request, number)
    review = found.review
    told = told_of(number, review.on)
    rows = moves_of(number, review.on)
    most, least = biggest_movers(rows)[:NEAREST], nearest_misses(rows)[:NEAREST]
    movers = Moves(most, request=request, exclude=("tier", "missed", "unknown"))
    near = Moves(least, request=request, exclude=("was", "move", "sales_before", "unknown"))
    return render(
        request,
        "staff/reviews/review.html",
        {
            "review": review,
            "state": STATES[Review.State(review.state)],
            "told": told,
            "moves": _moves(number, told),
            "tiers": list(_tiers(found, told)),
            "cost": cost_of(found.program, told.counts),
            "cost_before": None if told.before is None else cost_of(found.program, told.before),
            "currency": found.program.currency,
            "late": late_of(number),
            "may_see_record": review.state == Review.State.CLOSED
            and staff_may(request.user.staff_role, SEE_AUDIT),
            "movers": movers,
            "near": near,
            "may_close_on": review.on + timedelta(days=settings.REVIEW_SETTLING_DAYS),
            **_may(request, found),
        },
    )


def _moves(number: int, told: Told) -> list[tuple[str, int, str]]:
    words = {
        Move.ENTERS: _("Enter"),
        Move.UP: _("Move up"),
        Move.STAYS: _("Stay"),
        Move.DOWN: _("Move down"),
    }
    address = reverse("staff_review_decisions", args=[number])
    return [(words[move], told.moves[move.value], f"{address}?move={move.value}") for move in Move]


def _tiers(found: Shown, told: Told) -> Iterator[TierCount]:
    address = reverse("staff_review_decisions", args=[found.review.number])
    for name in (*reversed([*found.program.tiers]), NO_TIER):
        yield TierCount(
            title=found.title(name),
            now=told.counts.get(name, 0),
            before=None if told.before is None else told.before.get(name, 0),
            address=f"{address}?tier={name}",
        )


def _may(request: Asked, found: Shown) -> dict[str, Any]:
    """Say what the reader may do with the review now."""
    review, person = found.review, request.user
    is_open = review.state == Review.State.OPEN
    runs = staff_may(person.staff_role, RUN_REVIEWS)
    closes = staff_may(person.staff_role, CLOSE_REVIEWS)
    first = (review.opened_by_id, review.closing_asked_by_id)
    settled = today(request) >= review.on + timedelta(days=settings.REVIEW_SETTLING_DAYS)
    return {
        "is_open": is_open,
        "settled": settled,
        "may_run": is_open and runs,
        "may_ask": is_open and runs and settled and review.closing_asked_by_id is None,
        "may_close": is_open
        and closes
        and settled
        and not review.waiting
        and any(first)
        and person.pk not in first,
        "is_first": is_open and person.pk in first,
    }


@staff_page(SEE_STAFF)
@require_safe
def decisions(request: Asked, number: int) -> HttpResponseBase:
    """Every decision of a review, against the one before."""
    found = shown(request, number)
    return list_page(
        request,
        Moves,
        moves_of(number, found.review.on),
        "staff/reviews/decisions.html",
        {"review": found.review},
        filters=MoveFilters,
        file=f"review-{found.review.on}-decisions",
    )


@staff_page(SEE_STAFF)
@require_safe
def unknown(request: Asked, number: int) -> HttpResponseBase:
    """What is to be settled before closing: who, which requirement, which facts."""
    found = shown(request, number)
    return list_page(
        request,
        Unknowns,
        list(unknown_in(number)),
        "staff/reviews/unknown.html",
        {"review": found.review},
        file=f"review-{found.review.on}-unknown",
    )


@staff_page(SEE_STAFF)
@require_safe
def overrides(request: Asked, number: int) -> HttpResponseBase:
    """Every waiver and correction that was asked for in a review."""
    found = shown(request, number)
    return list_page(
        request,
        Overrides,
        overrides_of(number),
        "staff/reviews/overrides.html",
        {"review": found.review},
        file=f"review-{found.review.on}-waivers",
    )


@staff_page(SEE_STAFF)
@require_safe
def decision(request: Asked, number: int, decision: int) -> HttpResponse:
    """One decision: why this tier on this day, and what is granted instead."""
    return render(request, *decision_page(request, number, decision))


def decision_page(
    request: Asked, number: int, key: int, form: OverrideForm | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the template and context of a decision's page; raises Http404."""
    found = shown(request, number)
    held = decision_of(number, key)
    if held is None:
        raise Http404
    row, asked = held
    document = json.loads(row.explanation)
    may = _may(request, found)
    standing = next((one for one in asked if one.state in _STANDS), None)
    waits = standing is not None and standing.state == Override.State.ASKED
    late = redecision_of(row)
    context = {
        "review": found.review,
        "decision": row,
        "document": document,
        "computed": found.title(row.tier),
        "matrix": matrix(document, target_of(document, request.GET.get("target"), None), {}),
        "overrides": [
            (
                one,
                KINDS[Override.Kind(one.kind)],
                OVERRIDE_STATES[Override.State(one.state)],
                found.title(one.tier),
                one.until_on and one.until_on - timedelta(days=1),
            )
            for one in asked
        ],
        "standing": standing,
        "may_override": may["may_run"] and standing is None,
        "may_decide": waits
        and may["is_open"]
        and staff_may(request.user.staff_role, CLOSE_REVIEWS)
        and standing is not None
        and standing.asked_by_id != request.user.pk,
        "may_withdraw": standing is not None and may["may_run"],
        "form": form or OverrideForm(tiers=tiers_to_grant(found, row)),
        "answer_form": AnswerForm(),
        "cases": [shown_case(one) for one in cases_on(key)],
        "late_tier": late and found.title(late.tier),
        "may_correct": found.review.kind == Review.Kind.REVIEW
        and found.review.state == Review.State.CLOSED
        and staff_may(request.user.staff_role, DECIDE_APPEALS),
    }
    return "staff/reviews/decision.html", context


_STANDS = (Override.State.ASKED, Override.State.APPROVED)


def tiers_to_grant(found: Shown, row: Decision) -> list[tuple[str, str]]:
    """Return the tiers that may be granted instead of the computed one, the highest first."""
    names = (*reversed([*found.program.tiers]), NO_TIER)
    return [(name, found.title(name)) for name in names if name != row.tier]

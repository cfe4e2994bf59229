"""Requests: who asks for what, in which order, and what do I decide?"""

from __future__ import annotations

from collections.abc import Callable

import django_tables2
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import DECIDE_REQUESTS, SEE_STAFF, staff_may
from assay.jobs.programs.programs import program_of
from assay.jobs.requests import decide
from assay.jobs.requests.rounds import open_round
from assay.portal.access import Asked, staff_page
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.requests import RequestDecisionForm, RoundForm
from assay.portal.lists import Figure, List, Moment, list_page
from assay.portal.views.partners.requests import STATES
from assay.store.queries.requests.requests import (
    Ask,
    RoundLine,
    ask_of,
    asked_in,
    round_of,
    rounds,
)

ROUND_STATES = {"open": _("open"), "coming": _("coming"), "closed": _("closed")}


class Rounds(List):
    """Rounds, those open first."""

    title = django_tables2.Column(
        verbose_name=_("Round"), linkify=("staff_round", {"number": django_tables2.A("number")})
    )
    state = django_tables2.Column(verbose_name=_("State"))
    opens_at = Moment(verbose_name=_("Opens"))
    closes_at = Moment(verbose_name=_("Closes"))
    asked = Figure(verbose_name=_("Asked"))
    capacity = Figure(verbose_name=_("Places or tickets"))
    left = Figure(verbose_name=_("Left"))

    caption = _("Rounds")
    empty_title = _("No round yet")
    empty_hint = _("Open one for a benefit that partners ask for.")

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(ROUND_STATES[value])


class Asks(List):
    """Requests of a round, in the order in which they are decided."""

    place = Figure(verbose_name=_("Place"))
    partner = django_tables2.Column(
        verbose_name=_("Partner"),
        linkify=("staff_request", {"number": django_tables2.A("number")}),
    )
    rank_words = django_tables2.Column(verbose_name=_("Why in this place"))
    wanted = Figure(verbose_name=_("Wanted"))
    state = django_tables2.Column(verbose_name=_("State"))
    tickets = django_tables2.Column(verbose_name=_("Tickets"))

    caption = _("Requests")
    empty_title = _("Nobody has asked yet")
    empty_hint = _("Requests come here while the round is open.")

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(STATES[value])

    def render_tickets(self, value: tuple[int, ...]) -> str:
        """Write the numbers."""
        return ", ".join(map(str, value))


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every round."""
    lines = rounds(at=request.now)
    context = {
        "open": sum(line.state == "open" for line in lines),
        "may_decide": _may_decide(request),
    }
    template = "staff/requests/requests.html"
    return list_page(request, Rounds, lines, template, context, file="rounds")


@staff_page(DECIDE_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """Open a round."""
    program = program_of(settings.PROGRAM)
    form = RoundForm(program, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_round(form.plan(), program, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The round is made."))
            return redirect("staff_round", made.pk)
    status = 422 if form.errors else 200
    return render(request, "staff/requests/round_new.html", {"form": form}, status=status)


@staff_page(SEE_STAFF)
@require_safe
def one_round(request: Asked, number: int) -> HttpResponseBase:
    """A round, and who asked in it."""
    program = program_of(settings.PROGRAM)
    found = _round(request, number)
    context = {
        "round": found,
        "state": ROUND_STATES[found.state],
        "benefit": program.benefits.get(found.benefit),
        "quotas": [
            (tier.title, found.quotas[name])
            for name, tier in program.tiers.items()
            if name in found.quotas
        ],
        "may_allot": _may_decide(request)
        and found.gives_tickets
        and found.state == "closed"
        and found.allotted_at is None,
    }
    template = "staff/requests/round.html"
    return list_page(request, Asks, asked_in(number, program), template, context, file="requests")


@staff_page(DECIDE_REQUESTS)
@require_POST
def allot(request: Asked, number: int) -> HttpResponse:
    """Allot the tickets of a round that is closed."""
    _round(request, number)
    try:
        given = decide.allot_tickets(
            number, program_of(settings.PROGRAM), by=request.user, at=request.now
        )
    except Refused as refused:
        messages.error(request, str(refused.issues[0].message))
    else:
        messages.success(request, gettext("%(given)s tickets are allotted.") % {"given": given})
    return redirect("staff_round", number)


@staff_page(SEE_STAFF)
@require_safe
def one(request: Asked, number: int) -> HttpResponse:
    """One request, and the decision."""
    return _shown(request, _ask(number), RequestDecisionForm())


@staff_page(DECIDE_REQUESTS)
@require_POST
def grant(request: Asked, number: int) -> HttpResponse:
    """Grant, or put on the waiting list where no place is left."""
    return _decide(request, number, decide.grant)


@staff_page(DECIDE_REQUESTS)
@require_POST
def refuse(request: Asked, number: int) -> HttpResponse:
    """Refuse with a reason."""
    return _decide(request, number, decide.refuse)


def _decide(request: Asked, number: int, act: Callable[..., object]) -> HttpResponse:
    found, form = _ask(number), RequestDecisionForm(request.POST)
    if form.is_valid():
        try:
            act(
                number,
                program_of(settings.PROGRAM),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Decided; the partner is told."))
            return redirect("staff_round", found.round_number)
    return _shown(request, found, form, status=422)


def _shown(
    request: Asked, found: Ask, form: RequestDecisionForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "ask": found,
        "form": form,
        "state": STATES[found.state],
        "may_decide": _may_decide(request) and found.state in ("asked", "waiting"),
        "may_grant": not found.gives_tickets,
    }
    return render(request, "staff/requests/request.html", context, status=status)


def _round(request: Asked, number: int) -> RoundLine:
    found = round_of(number, at=request.now)
    if found is None:
        raise Http404
    return found


def _ask(number: int) -> Ask:
    found = ask_of(number, program_of(settings.PROGRAM))
    if found is None:
        raise Http404
    return found


def _may_decide(request: Asked) -> bool:
    return staff_may(request.user.staff_role, DECIDE_REQUESTS)

"""Requests: what can we ask for now, and where is what we asked for?"""

from __future__ import annotations

import django_tables2
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import ASK_BENEFITS, SEE_BENEFITS, member_may
from assay.jobs.programs.programs import program_of
from assay.jobs.requests import ask as asking
from assay.portal.access import Asked, partner_page
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.requests import AskForm
from assay.portal.lists import Figure, List, Moment, list_page
from assay.store.queries.benefits.benefits import held_by
from assay.store.queries.requests.requests import Ask, RoundLine, ask_of, asks_of, round_of, rounds

STATES = {
    "asked": _("waits for a decision"),
    "granted": _("granted"),
    "waiting": _("on the waiting list"),
    "refused": _("refused"),
    "withdrawn": _("taken back"),
}


class Own(List):
    """What the partner asked for."""

    round_title = django_tables2.Column(
        verbose_name=_("Round"),
        linkify=lambda record: reverse("request", args=[record.slug, record.number]),
    )
    benefit = django_tables2.Column(verbose_name=_("Benefit"), attrs={"td": {"class": "roomy"}})
    state = django_tables2.Column(verbose_name=_("State"))
    place = Figure(verbose_name=_("Place"))
    asked_at = Moment(verbose_name=_("Asked"))
    asked_by = django_tables2.Column(verbose_name=_("By"))

    caption = _("What you asked for")
    empty_title = _("You have not asked for anything yet")
    empty_hint = _("Rounds that are open stand above.")

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(STATES[value])


@partner_page(SEE_BENEFITS)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Rounds that are open or coming, and what the partner asked for."""
    program = program_of(settings.PROGRAM)
    held = held_by(request.seat.partner_id)
    own = asks_of(request.seat.partner_id, program)
    asked = {one.round_number for one in own if one.state != "withdrawn"}
    lines = [line for line in rounds(at=request.now) if line.state != "closed"]
    context = {
        "rounds": [
            {
                "round": line,
                "benefit": program.benefits.get(line.benefit),
                "level": held[line.benefit].value if line.benefit in held else "",
                "asked": line.number in asked,
            }
            for line in lines
        ],
        "may_ask": _may_ask(request),
        "open": sum(line.state == "open" for line in lines),
    }
    template = "partners/requests/requests.html"
    return list_page(request, Own, own, template, context, file="requests")


@partner_page(ASK_BENEFITS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Asked, number: int) -> HttpResponse:
    """Ask in a round."""
    found = _round(request, number)
    form = AskForm(request.POST or None, gives_tickets=found.gives_tickets)
    if request.method == "POST" and form.is_valid():
        try:
            made = asking.ask(
                number,
                request.seat.partner_id,
                text=form.cleaned_data["text"],
                wanted=form.cleaned_data.get("wanted", 1),
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Asked. You are told what becomes of it."))
            return redirect("request", request.seat.slug, made.pk)
    program = program_of(settings.PROGRAM)
    context = {"round": found, "form": form, "benefit": program.benefits.get(found.benefit)}
    status = 422 if form.errors else 200
    return render(request, "partners/requests/ask.html", context, status=status)


@partner_page(SEE_BENEFITS)
@require_safe
def one(request: Asked, number: int) -> HttpResponse:
    """One request: its place, why, and what became of it."""
    found = _ask(request, number)
    context = {
        "ask": found,
        "state": STATES[found.state],
        "may_withdraw": _may_ask(request) and found.state in ("asked", "waiting", "granted"),
    }
    return render(request, "partners/requests/request.html", context)


@partner_page(ASK_BENEFITS)
@require_POST
def withdraw(request: Asked, number: int) -> HttpResponse:
    """Take a request back."""
    found = _ask(request, number)
    try:
        asking.withdraw(found.number, program_of(settings.PROGRAM), by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, str(refused.issues[0].message))
    else:
        messages.success(request, gettext("Taken back."))
    return redirect("request", request.seat.slug, number)


def _round(request: Asked, number: int) -> RoundLine:
    found = round_of(number, at=request.now)
    if found is None or found.state == "coming":
        raise Http404
    return found


def _ask(request: Asked, number: int) -> Ask:
    found = ask_of(number, program_of(settings.PROGRAM))
    if found is None or found.partner_id != request.seat.partner_id:
        raise Http404
    return found


def _may_ask(request: Asked) -> bool:
    return member_may(request.seat.role, ASK_BENEFITS) and not request.seat.viewing

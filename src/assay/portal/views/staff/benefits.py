"""Benefits ledger: does every credit balance, and which orders wait?"""

from __future__ import annotations

from typing import Any

import django_tables2
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.credits import MINOR, year_of
from assay.core.issues import Refused
from assay.core.rights import DECIDE_CREDITS, SEE_STAFF, staff_may
from assay.jobs.benefits.show_benefits import show_benefits
from assay.jobs.credits import orders as deciding
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, staff_page
from assay.portal.columns import Money
from assay.portal.days import today
from assay.portal.forms.credits import CorrectionForm, DecisionForm
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import Day, Filters, List, Moment, list_page
from assay.portal.views.partners.benefits import STATES, Statement
from assay.portal.views.staff.named import named_in
from assay.store.queries.credits.credits import (
    Order,
    all_orders,
    balances,
    books,
    order_of,
    statement_of,
    waiting_orders,
)

KINDS = {
    "order": _("order"),
    "raise": _("correction: more"),
    "lower": _("correction: less"),
    "take_back": _("correction: given back"),
}


class Orders(List):
    """Orders and corrections; those that wait stand first."""

    what = django_tables2.Column(
        verbose_name=_("Order"), linkify=("staff_order", {"number": django_tables2.A("number")})
    )
    partner = django_tables2.Column(verbose_name=_("Partner"))
    kind = django_tables2.Column(verbose_name=_("Kind"))
    amount = Money(verbose_name=_("Amount"))
    state = django_tables2.Column(verbose_name=_("State"))
    placed_by = django_tables2.Column(verbose_name=_("Placed by"))
    placed_at = Moment(verbose_name=_("Placed"))

    caption = _("Orders and corrections")
    empty_title = _("No order yet")
    empty_hint = _("They come here when partners order for credits.")

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(STATES[value])

    def render_kind(self, value: str) -> str:
        """Say the kind in words."""
        return str(KINDS[value])


class OrderFilters(Filters):
    """Which orders are shown."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *STATES.items()]
    )
    partner = forms.CharField(label=_("Partner"), required=False, max_length=120)

    def narrow(self, rows: tuple[Order, ...]) -> tuple[Order, ...]:
        """Keep the orders in one state, of partners whose name holds a text."""
        state, name = self.cleaned_data["state"], self.cleaned_data["partner"].casefold()
        return tuple(
            row for row in rows if state in ("", row.state) and name in row.partner.casefold()
        )


class Balances(List):
    """What stands on each side, a row a partner and program year."""

    partner = django_tables2.Column(
        accessor="partner__name",
        verbose_name=_("Partner"),
        linkify=("staff_partner_benefits", {"slug": django_tables2.A("partner__slug")}),
    )
    year_from = Day(verbose_name=_("Program year from"))
    granted = Money(verbose_name=_("Granted"))
    available = Money(verbose_name=_("Available"))
    reserved = Money(verbose_name=_("Reserved"))
    spent = Money(verbose_name=_("Spent"))
    expired = Money(verbose_name=_("Expired"))

    caption = _("Balances")
    empty_title = _("No credits yet")
    empty_hint = _("They are granted when a review is closed.")


class BalanceFilters(Filters):
    """Which balances are shown."""

    partner = forms.CharField(label=_("Partner"), required=False, max_length=120)

    def narrow(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """Keep partners whose name holds a text."""
        return rows.filter(partner__name__icontains=self.cleaned_data["partner"])


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Whether the books add up, and every partner's balance."""
    context = {
        "books": books(),
        "waiting": waiting_orders().count(),
        "currency": program_of(settings.PROGRAM).currency,
    }
    template = "staff/benefits/benefits.html"
    rows = balances()
    return list_page(
        request, Balances, rows, template, context, filters=BalanceFilters, file="credits"
    )


@staff_page(SEE_STAFF)
@require_safe
def orders(request: Asked) -> HttpResponseBase:
    """Every order and correction."""
    template = "staff/benefits/orders.html"
    return list_page(
        request, Orders, all_orders(), template, filters=OrderFilters, file="credit-orders"
    )


@staff_page(SEE_STAFF)
@require_safe
def order(request: Asked, number: int) -> HttpResponse:
    """One order, and the decision."""
    return _shown(request, _order(number), DecisionForm())


@staff_page(DECIDE_CREDITS)
@require_POST
def approve(request: Asked, number: int) -> HttpResponse:
    """Approve; above the limit a second person has to."""
    found, form = _order(number), DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    try:
        made = deciding.approve_order(
            number,
            limit=settings.CREDIT_LIMIT * MINOR,
            by=request.user,
            at=request.now,
            reason=form.cleaned_data["reason"],
        )
    except Refused as refused:
        add_refusal(form, refused)
        return _shown(request, found, form, status=422)
    waits = made.state == deciding.State.APPROVED_ONCE
    said = gettext("Approved. A second person has to approve it too.") if waits else ""
    messages.success(request, said or gettext("Approved."))
    return redirect("staff_order", number)


@staff_page(DECIDE_CREDITS)
@require_POST
def refuse(request: Asked, number: int) -> HttpResponse:
    """Refuse with a reason; the credits are available again."""
    found, form = _order(number), DecisionForm(request.POST)
    if form.is_valid():
        try:
            deciding.refuse_order(
                number, reason=form.cleaned_data["reason"], by=request.user, at=request.now
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Refused with the reason."))
            return redirect("staff_orders")
    return _shown(request, found, form, status=422)


@staff_page(SEE_STAFF)
@require_safe
def partner(request: Asked, slug: str) -> HttpResponseBase:
    """One partner's benefits, and the statement of its running year."""
    context = _of_partner(request, slug)
    year = context["held"].years[0] if context["held"].years else None
    rows = statement_of(context["partner"].partner_id, year.year_from) if year else ()
    context["form"] = CorrectionForm()
    template = "staff/benefits/partner.html"
    return list_page(request, Statement, rows, template, context, file=f"credits-{slug}")


@staff_page(DECIDE_CREDITS)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Asked, slug: str) -> HttpResponse:
    """Ask for a correction, which a second person approves."""
    context = _of_partner(request, slug)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        program = program_of(settings.PROGRAM)
        try:
            made = deciding.place_order(
                context["partner"].partner_id,
                year_of(today(request), program.review.month),
                by=request.user,
                at=request.now,
                **form.cleaned_data,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The correction waits for a second person."))
            return redirect("staff_order", made.pk)
    status = 422 if form.errors else 200
    return render(request, "staff/benefits/correct.html", {**context, "form": form}, status=status)


def _of_partner(request: Asked, slug: str) -> dict[str, Any]:
    program = program_of(settings.PROGRAM)
    found = named_in(slug)
    return {
        "partner": found,
        "held": show_benefits(found.partner_id, program, on=today(request)),
        "currency": program.currency,
        "may_decide": staff_may(request.user.staff_role, DECIDE_CREDITS),
    }


def _order(number: int) -> Order:
    found = order_of(number)
    if found is None:
        raise Http404
    return found


def _shown(request: Asked, found: Order, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    person = request.user
    own = person.pk in (found.placed_by_id, found.first_approved_by_id)
    context = {
        "order": found,
        "form": form,
        "state": STATES[found.state],
        "kind": KINDS[found.kind],
        "limit": settings.CREDIT_LIMIT,
        "currency": program_of(settings.PROGRAM).currency,
        "may_decide": staff_may(person.staff_role, DECIDE_CREDITS) and found.open,
        "own": own,
    }
    return render(request, "staff/benefits/order.html", context, status=status)

"""Benefits and credits: what may I use, until when, what have I used?"""

from __future__ import annotations

import django_tables2
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.credits import year_of
from assay.core.issues import Refused
from assay.core.rights import SEE_BENEFITS, SPEND_CREDITS, member_may
from assay.jobs.benefits.show_benefits import show_benefits, show_years
from assay.jobs.credits.orders import cancel_order, place_order
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, partner_page
from assay.portal.columns import Money
from assay.portal.days import today
from assay.portal.forms.credits import OrderForm
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import Day, List, Moment, list_page
from assay.store.queries.benefits.benefits import changes_of
from assay.store.queries.credits.credits import Order, order_of, orders_of, statement_of
from assay.store.queries.partner_managers.assignments import manager_of


class Statement(List):
    """Every entry of a year."""

    at = Moment(verbose_name=_("When"))
    words = django_tables2.Column(verbose_name=_("What"))
    why = django_tables2.Column(verbose_name=_("Why"), attrs={"td": {"class": "roomy"}})
    by = django_tables2.Column(verbose_name=_("By"))
    change = Money(verbose_name=_("Change"))
    available = Money(verbose_name=_("Available"))

    caption = _("Statement")
    empty_title = _("Nothing has moved in this program year")
    empty_hint = _("Credits are granted when a review of the year is closed.")


class Orders(List):
    """Orders, the newest first."""

    what = django_tables2.Column(
        verbose_name=_("Order"),
        linkify=lambda record, table: table.address_of(record),
    )
    amount = Money(verbose_name=_("Amount"))
    state = django_tables2.Column(verbose_name=_("State"))
    placed_by = django_tables2.Column(verbose_name=_("Placed by"))
    placed_at = Moment(verbose_name=_("Placed"))
    decided_by = django_tables2.Column(verbose_name=_("Decided by"))

    caption = _("Orders")
    empty_title = _("No order yet")
    empty_hint = _("Owners and finance members order for credits.")

    def address_of(self, order: Order) -> str:
        """Return where an order is shown."""
        return f"/portal/{order.slug}/benefits/orders/{order.number}/"

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(STATES[value])


class Changes(List):
    """Changes of benefits, the newest first."""

    on = Day(verbose_name=_("From"))
    words = django_tables2.Column(
        verbose_name=_("What changed, and why"), attrs={"td": {"class": "roomy"}}
    )

    caption = _("Changes of benefits")
    empty_title = _("Nothing has changed yet")
    empty_hint = _("Benefits begin with the first tier that a review credits.")


STATES = {
    "placed": _("waits for approval"),
    "once": _("waits for a second approval"),
    "approved": _("approved"),
    "refused": _("refused"),
    "cancelled": _("cancelled"),
}


@partner_page(SEE_BENEFITS)
@require_safe
def show(request: Asked) -> HttpResponse:
    """What the partner has, what it has not, and its credits."""
    program = program_of(settings.PROGRAM)
    page = show_benefits(request.seat.partner_id, program, on=today(request))
    shown = {
        "held": page,
        "currency": program.currency,
        "may_order": _may_order(request) and page.running is not None,
        "open_orders": [one for one in orders_of(request.seat.partner_id) if one.open],
        "manager": manager_of(request.seat.partner_id),
    }
    return render(request, "partners/benefits/benefits.html", shown)


@partner_page(SEE_BENEFITS)
@require_safe
def history(request: Asked) -> HttpResponseBase:
    """Every change of a benefit."""
    rows = changes_of(request.seat.partner_id)
    return list_page(request, Changes, rows, "partners/benefits/history.html", file="benefits")


@partner_page(SEE_BENEFITS)
@require_safe
def statement(request: Asked) -> HttpResponseBase:
    """Every entry of one program year's credits."""
    program = program_of(settings.PROGRAM)
    years = show_years(request.seat.partner_id, program, on=today(request))
    asked = request.GET.get("year", "")
    shown = next((one for one in years if str(one.year_from.year) == asked), None)
    if asked and shown is None:
        raise Http404
    shown = shown or (years[0] if years else None)
    rows = statement_of(request.seat.partner_id, shown.year_from) if shown else ()
    context = {"years": years, "year": shown, "currency": program.currency}
    file = f"credits-{shown.year_from.year}" if shown else "credits"
    return list_page(
        request, Statement, rows, "partners/benefits/statement.html", context, file=file
    )


@partner_page(SEE_BENEFITS)
@require_safe
def orders(request: Asked) -> HttpResponseBase:
    """Every order of the partner."""
    rows = tuple(one for one in orders_of(request.seat.partner_id) if one.kind == "order")
    context = {"may_order": _may_order(request)}
    return list_page(
        request, Orders, rows, "partners/benefits/orders.html", context, file="credit-orders"
    )


@partner_page(SPEND_CREDITS)
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: Asked) -> HttpResponse:
    """Order for credits of the running year."""
    program = program_of(settings.PROGRAM)
    year = year_of(today(request), program.review.month)
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = place_order(
                request.seat.partner_id,
                year,
                by=request.user,
                at=request.now,
                **form.cleaned_data,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The order waits for approval."))
            return redirect("benefit_order", request.seat.slug, made.pk)
    years = show_years(request.seat.partner_id, program, on=today(request))
    context = {
        "form": form,
        "currency": program.currency,
        "running": next((one for one in years if one.running), None),
    }
    status = 422 if form.errors else 200
    return render(request, "partners/benefits/order_new.html", context, status=status)


@partner_page(SEE_BENEFITS)
@require_safe
def order(request: Asked, number: int) -> HttpResponse:
    """One order, and what became of it."""
    found = _order(request, number)
    context = {
        "order": found,
        "state": STATES[found.state],
        "currency": program_of(settings.PROGRAM).currency,
        "may_cancel": found.open and found.kind == "order" and _may_order(request),
    }
    return render(request, "partners/benefits/order.html", context)


@partner_page(SPEND_CREDITS)
@require_POST
def order_cancel(request: Asked, number: int) -> HttpResponse:
    """Cancel an order that is not decided."""
    found = _order(request, number)
    if found.kind != "order":
        raise Http404
    try:
        cancel_order(number, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, str(refused.issues[0].message))
    else:
        messages.success(request, gettext("Cancelled: the credits are available again."))
    return redirect("benefit_order", request.seat.slug, number)


def _order(request: Asked, number: int) -> Order:
    found = order_of(number, request.seat.partner_id)
    if found is None:
        raise Http404
    return found


def _may_order(request: Asked) -> bool:
    return member_may(request.seat.role, SPEND_CREDITS) and not request.seat.viewing

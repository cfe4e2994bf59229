"""Sales, and the rows behind every figure: which count, and why not this one?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assay.core.explanations import Standing
from assay.core.facts import Type
from assay.core.issues import Refused
from assay.core.program import Measure, Program
from assay.core.rights import SEE_SALES, SEE_STANDING
from assay.engine.rows_behind import Tally
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.show_rows import Sales, opened_rows, sales_measures, show_sales
from assay.portal.access import Asked, partner_page
from assay.portal.days import today
from assay.portal.lists import list_page
from assay.portal.row_lists import RowsBehindData, choosable, rows_filters, rows_table
from assay.portal.shown_standing import reviewed
from assay.portal.views.partners.home import apps_by_sales
from assay.store.queries.reviews.standing import Placed, placed, standing_of
from assay.words.conditions import stored_words
from assay.words.dates import MONTHS
from assay.words.evidence import STANDINGS
from assay.words.look import macros
from assay.words.plots import Plot
from assay.words.sales_plots import Month, lines_of, months_of, months_plot, running_plot
from assay.words.standing import tier_title

MOST_APPS = 50


@partner_page(SEE_SALES)
@require_safe
def sales(request: Asked) -> HttpResponseBase:
    """Sales month by month, by app, and row by row; `?measure=` says which count."""
    found = _placed(request)
    if found is None:
        return _none(request)
    program = program_of(settings.PROGRAM)
    whole, part = sales_measures(program)
    measure = part if request.GET.get("measure") == part.name else whole
    context: dict[str, Any] = {}
    if "download" not in request.GET:
        try:
            told = show_sales(reviewed(found, request.seat))
        except Refused:
            return _none(request)
        context = _drawn(told, found)
    choice = {one.name: one for one in (whole, part)}
    context["measures"] = [(one, name == measure.name) for name, one in choice.items()]
    return _rows(request, found, measure, "partners/sales.html", context)


@partner_page(SEE_STANDING)
@require_safe
def rows(request: Asked, measure: str) -> HttpResponseBase:
    """The rows behind one measure; those of sales are with the sales."""
    program = program_of(settings.PROGRAM)
    told = program.measures.get(measure)
    if not isinstance(told, Measure):
        raise Http404
    if told.source in {one.source for one in sales_measures(program)}:
        query = request.GET.copy()
        query["measure"] = measure
        return redirect(f"{reverse('sales', args=[request.seat.slug])}?{query.urlencode()}")
    found = _placed(request)
    if found is None:
        return _none(request)
    return _rows(request, found, told, "partners/rows.html", {})


def _placed(request: Asked) -> Placed | None:
    """Return the decision whose rows are asked for: `?decision=`, else the newest standing."""
    asked = request.GET.get("decision", "")
    if asked:
        found = placed(request.seat.partner_id, int(asked)) if asked.isdecimal() else None
        if found is None:
            raise Http404
        return found
    standing = standing_of(request.seat.partner_id, today(request))
    return standing.performing or standing.credited


def _none(request: Asked) -> HttpResponseBase:
    return render(request, "partners/standing_none.html")


def _rows(
    request: Asked, found: Placed, measure: Measure, template: str, context: dict[str, Any]
) -> HttpResponseBase:
    """Answer with the list of a measure's rows."""
    review = reviewed(found, request.seat)
    try:
        with opened_rows(review, measure.name) as opened:
            columns, names, digest = opened.rows.columns, opened.names, opened.digest
            outline = opened.rows.outline(choosable(columns))
            program = opened.program
    except Refused:
        return _none(request)
    document = found.document
    return list_page(
        request,
        rows_table(program, measure, columns, names),
        RowsBehindData(review, measure.name),
        template,
        {
            **context,
            "placed": found,
            "document": document,
            "measure": document["measures"].get(measure.name),
            "measure_name": measure.name,
            "tallies": [_tally(*one, program) for one in outline.tallies.items()],
            "newer": digest != document["facts_digest"],
            "currency": program.currency,
            "kept": list(_kept(request).items()),
            "everything": f"{request.path}?{urlencode(_kept(request))}",
        },
        filters=rows_filters(columns, names, outline),
        file=f"{request.seat.slug}-{measure.name}",
    )


def _kept(request: Asked) -> dict[str, str]:
    """Return what of the address says which rows are meant, whatever narrows them."""
    told = request.GET
    return {name: told[name] for name in ("measure", "decision") if told.get(name)}


def _tally(standing: Standing, tally: Tally, program: Program) -> dict[str, Any]:
    total = tally.total
    return {
        "standing": standing.value,
        "words": STANDINGS[standing],
        "count": tally.count,
        "total": None
        if total is None
        else stored_words(total, Type.MONEY, currency=program.currency),
    }


def _drawn(sales: Sales, found: Placed) -> dict[str, Any]:
    """Draw the sales, and tell the same as tables."""
    months = months_of(sales.months, until=found.cut_off)
    if not months:
        return {}
    document = found.document
    window = document["windows"].get(sales.whole.window or "", {})
    first = date.fromisoformat(window["from"]) if window.get("from") else months[0].first
    names = (_("cloud") if sales.part is not sales.whole else "", _("everything else"))
    program = sales.program
    length = program.windows[sales.whole.window].months if sales.whole.window else None
    told: dict[str, Any] = {
        "months_drawn": _draw(
            months_plot(months, names, program, window=(first, found.cut_off)),
            _("Sales by month, in two parts; the table below has the same."),
        ),
        "months": [_month(month, program) for month in reversed(months)],
        "window": window,
        "part": document["measures"][sales.part.name],
        "lines": [
            (tier_title(line.tier, program), _money(line.bound, program))
            for line in lines_of(sales.whole.name, program)
        ],
        "apps": apps_by_sales(sales.apps[:MOST_APPS], sales.names),
        "more_apps": len(sales.apps[MOST_APPS:]),
    }
    value = document["measures"][sales.whole.name]["at_least"]
    if length is not None and value is not None:
        now = (found.cut_off, int(Decimal(value) * 100))
        plot = running_plot(
            months, now, lines_of(sales.whole.name, program), program, length=length
        )
        label = _("What the last %(months)s months add up to, against what tiers ask.")
        told["running_drawn"] = _draw(plot, label % {"months": length})
    return told


def _draw(plot: Plot, label: str) -> Any:
    return macros("plot.html").drawing(plot, label)


def _month(month: Month, program: Program) -> dict[str, Any]:
    return {
        "key": f"{month.first:%Y-%m}",
        "words": f"{MONTHS[month.first.month - 1]} {month.first.year}",
        "part": _money(month.part, program),
        "rest": _money(month.rest, program),
        "whole": _money(month.whole, program),
        "rows": month.rows,
    }


def _money(cents: int, program: Program) -> str:
    return stored_words(cents, Type.MONEY, currency=program.currency)

"""Custom analytics: how do my apps do against others in their category?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import django_tables2
from babel.numbers import format_decimal, format_percent
from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assay.core.analytics import FIGURES, Kind
from assay.core.program import Program
from assay.core.rights import SEE_ANALYTICS
from assay.jobs.analytics.show_analytics import AnalyticsPage, Compared, show_analytics
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, partner_page
from assay.portal.lists import List, list_page
from assay.portal.reader import Reader
from assay.portal.templatetags.figures import money
from assay.words.analytics import Strip, figure_number, figure_words, strip_plot, verdict
from assay.words.look import macros


class Amount(django_tables2.Column):
    """A column of values of several kinds, as the reader writes them; a file has the number."""

    def __init__(self, **options: Any) -> None:
        figures = {"th": {"class": "figure"}, "td": {"class": "figure"}}
        super().__init__(orderable=False, attrs=figures, **options)

    def render(self, value: Fraction | Decimal, record: dict[str, Any], table: List) -> str:
        """Write the value in its row's unit."""
        return _written(value, record["kind"], table.request.reader)

    def value(self, value: Fraction | Decimal, record: dict[str, Any]) -> Decimal:
        """Give the number to a file: a share as a part of 1."""
        return figure_number(value, record["kind"])


class Figures(List):
    """A partner's figures beside those of a category, a row a figure."""

    title = django_tables2.Column(verbose_name=_("Figure"), orderable=False)
    unit = django_tables2.Column(verbose_name=_("Unit"), visible=False)
    own = Amount(verbose_name=_("Yours"))
    own_before = Amount(verbose_name=_("Yours, year before"))
    lower = Amount(verbose_name=_("Lower quartile"))
    median = Amount(verbose_name=_("Median"))
    upper = Amount(verbose_name=_("Upper quartile"))
    median_before = Amount(verbose_name=_("Median, year before"))

    caption = _("Figures against the category")


@partner_page(SEE_ANALYTICS)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """The partner's figures in one category (`?category=`), or what they would look like."""
    program = program_of(settings.PROGRAM)
    asked = request.GET.get("category", "")
    page = show_analytics(request.seat.partner_id, program, category=asked)
    if page is None:
        raise Http404
    rows = [_row(one, program) for one in page.rows]
    context = {
        "page": page,
        "drawn": _drawn(page, program),
        "answer": _answer(page.rows[0], page.category, program),
        "figures": [(gettext(one.title), gettext(one.meaning)) for one in FIGURES],
    }
    if page.is_example:
        shown = [_example_row(row, request.reader) for row in rows]
        return render(request, "partners/analytics/example.html", context | {"rows": shown})
    file = f"{request.seat.slug}-analytics-{slugify(page.category)}"
    return list_page(
        request, Figures, rows, "partners/analytics/analytics.html", context, file=file
    )


def _row(one: Compared, program: Program) -> dict[str, Any]:
    kind = one.figure.kind
    units = {Kind.MONEY: program.currency, Kind.HOURS: gettext("hours")}
    group = one.group
    return {
        "title": gettext(one.figure.title),
        "kind": kind,
        "unit": units.get(kind, gettext("part of 1") if kind is Kind.SHARE else gettext("number")),
        "own": one.own,
        "own_before": one.own_before,
        "lower": group.lower if group else None,
        "median": group.median if group else None,
        "upper": group.upper if group else None,
        "median_before": one.group_before.median if one.group_before else None,
    }


def _example_row(row: dict[str, Any], reader: Reader) -> dict[str, str]:
    names = ("own", "own_before", "lower", "median", "upper")
    told = {name: _written(row[name], row["kind"], reader) for name in names}
    return {"title": row["title"], **told}


def _written(value: Fraction | Decimal, kind: Kind, reader: Reader) -> str:
    number = figure_number(value, kind)
    if kind is Kind.MONEY:
        return money({"reader": reader}, number, program_of(settings.PROGRAM).currency)
    if kind is Kind.SHARE:
        return format_percent(number, format="#,##0.#%", locale=reader.locale)
    words = format_decimal(number, locale=reader.locale)
    return f"{words} h" if kind is Kind.HOURS else words


def _answer(first: Compared, category: str, program: Program) -> str:
    """Say in a sentence how the first figure stands; "" where it cannot be said."""
    if first.own is None or first.group is None or not category:
        return ""
    sentences = {
        "above": gettext("Your gross sales in %(category)s, %(own)s, are above the median."),
        "below": gettext("Your gross sales in %(category)s, %(own)s, are below the median."),
        "at": gettext("Your gross sales in %(category)s, %(own)s, are at the median."),
    }
    own = figure_words(first.own, first.figure.kind, currency=program.currency)
    return sentences[verdict(first.own, first.group.median)] % {"category": category, "own": own}


def _drawn(page: AnalyticsPage, program: Program) -> list[tuple[str, Any]]:
    """Draw each figure that there is, under its title."""
    found = []
    for one in page.rows:
        if one.own is None and one.group is None:
            continue
        group = one.group
        strip = Strip(
            kind=one.figure.kind,
            own=one.own,
            before=one.own_before,
            quartiles=(group.lower, group.median, group.upper) if group else None,
        )
        words = {"own_words": gettext("you"), "median_words": gettext("median")}
        plot = strip_plot(strip, currency=program.currency, **words)
        title = gettext(one.figure.title)
        label = gettext("%(figure)s against the category; the table below has the same.")
        drawing = macros("plot.html").drawing(plot, label % {"figure": title}, fits=True)
        found.append((title, drawing))
    return found

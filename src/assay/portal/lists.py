"""Lists: every table of rows is sorted, filtered, paged, shared by its address and downloaded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2
import xlsxwriter
from defusedcsv import csv
from django import forms
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django_tables2.config import RequestConfig

from assay.portal.access import Asked

PER_PAGE = 50
_NOT_FORMULAS = re.compile(r"[\t\r\n＝＋－＠]")  # leads that defusedcsv lets through  # noqa: RUF001


class List(django_tables2.Table):
    """A table of rows: a query set or plain values. The first column should be a link.

    `empty_title` and `empty_hint` say why there is nothing and what to do; `caption` names the
    table for those who do not see it.
    """

    caption: str | Promise = ""
    empty_title: str | Promise = "Nothing here yet"
    empty_hint: str | Promise = ""
    filtered = False

    class Meta:
        """How every list looks."""

        attrs = {"class": "plain"}  # noqa: RUF012 - django-tables2 reads it off the class


class Figure(django_tables2.Column):
    """A column of figures, aligned right."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("attrs", {"th": {"class": "figure"}, "td": {"class": "figure"}})
        super().__init__(*arguments, **options)


class Filters(forms.Form):
    """What narrows a list; its fields are read from the address and are never required."""

    def narrow(self, rows: Any) -> Any:
        """Return the rows that pass; the form is valid when this is asked."""
        return rows


def list_page(  # noqa: PLR0913 - what, of which rows, on which page, narrowed how
    request: Asked,
    table_class: type[List],
    rows: Any,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    filters: type[Filters] | None = None,
    file: str = "list",
) -> HttpResponseBase:
    """Answer with a page of a list, or with all of its rows as a file.

    The address says how it is filtered (`filters`' fields), sorted (`sort`), which `page` of 50
    is shown, or in which format all filtered rows are downloaded (`download`: csv or xlsx). The
    template gets `table` (`{% render_table table %}` of django_tables2 shows it), `filters` (None
    without; include assay/filters.html) and `filtered`, whether anything narrows.
    """
    form = None
    filtered = False
    if filters is not None:
        form = filters(request.GET)
        if form.is_valid():
            filtered = any(
                value not in (None, "", [], False) for value in form.cleaned_data.values()
            )
            rows = form.narrow(rows)
    table = table_class(rows, request=request)
    table.filtered = filtered
    download = request.GET.get("download")
    RequestConfig(
        request, paginate=False if download else {"per_page": PER_PAGE, "silent": True}
    ).configure(table)
    if download in ("csv", "xlsx"):
        return downloaded(table, file, download)
    shown = {**(context or {}), "table": table, "filters": form, "filtered": filtered}
    return render(request, template, shown)


def downloaded(table: List, file: str, kind: str) -> HttpResponseBase:
    """Answer with all rows of a table as CSV or XLSX; no cell is a formula."""
    rows = _cells(table)
    if kind == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(_csv(rows), content_type="text/csv")
    else:
        answer = HttpResponse(
            _workbook(rows),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    answer["Content-Disposition"] = f'attachment; filename="{file}.{kind}"'
    return answer


def _cells(table: List) -> Iterator[list[Any]]:
    """Yield the heads, then each row's plain values; a column `exclude_from_export` is left out."""
    hidden = [name for name, column in table.base_columns.items() if column.exclude_from_export]
    for row in table.as_values(exclude_columns=hidden):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (bool, int, float, Decimal, date)):
        return value
    return str(value)


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow(
            [f"'{v}" if isinstance(v, str) and _NOT_FORMULAS.match(v) else v for v in row]
        )


def _workbook(rows: Iterable[list[Any]]) -> bytes:
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(held, options) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, day)
                elif isinstance(value, (int, float, Decimal)):
                    sheet.write(number, place, value)
                else:
                    sheet.write_string(number, place, value[:32_767])
    return held.getvalue()

"""Lists: every table of rows is sorted, filtered, paged, shared by its address and downloaded."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2
import xlsxwriter
from defusedcsv import csv
from django import forms
from django.db.models import Model
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django_tables2.columns.base import BoundColumn
from django_tables2.config import RequestConfig
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

from assay.portal.access import Asked
from assay.portal.templatetags.figures import day, moment, number

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

    def body(self) -> SafeString:
        """Draw the rows of the page that is shown; a column's attributes are those of every row."""
        columns = [(_opening(column), _cells_of(column)) for column in self.columns]
        plain = Context()
        rows = (
            [f"{td}{render_value_in_context(cell(row), plain)}</td>" for td, cell in columns]
            for row in self.paginated_rows
        )
        return SafeString("".join(f"<tr>{''.join(cells)}</tr>\n" for cells in rows))


def _opening(column: BoundColumn) -> str:
    attributes = column.attrs["td"].as_html()
    return f"<td {attributes}>" if attributes else "<td>"


def _cells_of(column: BoundColumn) -> Callable[[BoundRow], Any]:
    """Return what `BoundRow.get_cell` returns; what `render` asks for is looked up once."""
    wanted, rest = signature(column.render)

    def cell(row: BoundRow) -> Any:
        if rest or isinstance(row.record, Model):
            return row.get_cell(column.name)
        value = column.accessor.resolve(row.record, quiet=True)
        if value in column.column.empty_values:
            return column.default
        told = {
            "value": value,
            "record": row.record,
            "column": column.column,
            "bound_column": column,
            "bound_row": row,
            "table": row.table,
        }
        content = column.render(**{name: told[name] for name in wanted})
        return column.link(content, **told) if column.link else content

    return cell


class Figure(django_tables2.Column):
    """A column of figures, aligned right, with the reader's separators; a file has them plain."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("attrs", {"th": {"class": "figure"}, "td": {"class": "figure"}})
        super().__init__(*arguments, **options)

    def render(self, value: Any, table: List) -> Any:
        """Write a number; whatever else stands for one, as it is."""
        if isinstance(value, (int, Decimal)):
            return number({"reader": table.request.reader}, value)
        return value

    def value(self, value: Any) -> Any:
        """Give the number itself to a file."""
        return value


class _Dated(django_tables2.Column):
    """A column that keeps each date in one line, and gives it to a file as it is."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("attrs", {"td": {"class": "still"}})
        super().__init__(*arguments, **options)

    def value(self, value: date) -> date:
        """Give the day or moment itself to a file."""
        return value


class Day(_Dated):
    """A column of days, as the reader writes them; a file has them as days."""

    def render(self, value: date, table: List) -> str:
        """Write the day."""
        return day({"reader": table.request.reader}, value)


class Moment(_Dated):
    """A column of moments, in the reader's zone; a file has them with theirs."""

    def render(self, value: datetime, table: List) -> str:
        """Write the moment."""
        return moment({"reader": table.request.reader}, value)


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
    template gets `table` (include assay/table.html), `filters` (None without; include
    assay/filters.html) and `filtered`, whether anything narrows.
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
    table = table_class(rows)
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

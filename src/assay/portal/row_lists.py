"""Lists of the rows behind a figure: read a page at a time from the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import django_tables2
from babel.numbers import format_currency
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django_tables2.data import TableData

from assay.core.explanations import Standing
from assay.core.facts import UNITS, Type
from assay.core.program import Measure, Program
from assay.engine.compile import rows_of
from assay.engine.rows_behind import REASON, STANDING, Outline, Wanted
from assay.jobs.reviews.show_rows import Reviewed, opened_rows
from assay.portal.lists import Figure, Filters, List
from assay.portal.templatetags.figures import day, known, moment, number
from assay.words.conditions import stored_words
from assay.words.dates import MONTHS, moment_of
from assay.words.evidence import STANDINGS, cell_words, spaced

_FIGURES = (Type.MONEY, Type.INTEGER, Type.HOURS)
_CHOSEN = (Type.CHOICE, Type.BOOLEAN)
_APP = "app_id"


class RowsBehindData(TableData):
    """The rows behind a measure as a table's rows; each page is one question to the ledger."""

    def __init__(self, review: Reviewed, measure: str, wanted: Wanted | None = None) -> None:
        """Name the rows; they are read when they are asked for."""
        super().__init__(())
        self.review = review
        self.measure = measure
        self.wanted = wanted or Wanted(order=())
        self._count: int | None = None

    def narrowed(self, **narrower: Any) -> RowsBehindData:
        """Return only some of the rows."""
        return RowsBehindData(self.review, self.measure, replace(self.wanted, **narrower))

    def __len__(self) -> int:
        """Count the rows that are wanted."""
        if self._count is None:
            with opened_rows(self.review, self.measure) as opened:
                self._count = opened.rows.count(self.wanted)
        return self._count

    def __getitem__(self, key: slice) -> list[dict[str, Any]]:
        """Return some of the rows."""
        first = key.start or 0
        many = None if key.stop is None else max(key.stop - first, 0)
        with opened_rows(self.review, self.measure) as opened:
            return opened.rows.rows(self.wanted, first=first, many=many)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield all the rows that are wanted."""
        return iter(self[0:])

    def order_by(self, aliases: Any) -> None:
        """Sort by columns of the table."""
        columns = {STANDING: STANDING, "standing": STANDING, "reason": REASON}
        order = []
        for alias in aliases:
            name = str(alias).lstrip("-")
            order.append(f"{'-' if str(alias).startswith('-') else ''}{columns.get(name, name)}")
        self.wanted = replace(self.wanted, order=tuple(order))


def rows_table(
    program: Program, measure: Measure, columns: Mapping[str, Type], names: Mapping[str, str]
) -> type[List]:
    """Make the table of a source's rows: what became of each and why, then its cells."""
    subject = program.vocabulary.tables[program.vocabulary.subject].key[0]
    shown: dict[str, Any] = {}
    for name, kind in columns.items():
        if name == subject or kind is Type.CURRENCY:
            continue
        column = _Cell if kind not in _FIGURES else _FigureCell
        shown[name] = column(
            kind=kind,
            program=program,
            names=names if name == _APP else {},
            verbose_name=_("app") if name == _APP else spaced(name),
        )
    shown["standing"] = _StandingCell(accessor=STANDING, verbose_name=_("counts?"))
    shown["reason"] = django_tables2.Column(  # in files; the page says it with the standing
        accessor=REASON, verbose_name=_("why not"), default="", visible=False
    )
    caption = _("Rows behind: %(measure)s") % {"measure": measure.title}
    dated = rows_of(program.vocabulary, measure.source).dated
    told = {"order_by": (f"-{dated}",)} if dated else {}
    return type(
        "Rows",
        (List,),
        {
            **shown,
            "Meta": type("Meta", (), {"attrs": {"class": "plain close"}, **told}),
            "caption": caption,
            "empty_title": _("No rows"),
            "empty_hint": _("No facts of this kind have come about you."),
        },
    )


def rows_filters(
    columns: Mapping[str, Type], names: Mapping[str, str], outline: Outline
) -> type[Filters]:
    """Make the form that narrows a source's rows."""
    choices = outline.choices
    fields: dict[str, Any] = {
        "q": forms.CharField(label=_("Search by id"), max_length=120, required=False)
    }
    if len(choices.get(_APP, ())) > 1:
        fields[_APP] = _choice(_("App"), [(one, names.get(one, one)) for one in choices[_APP]])
    if outline.months:
        told = [(f"{one:%Y-%m}", f"{MONTHS[one.month - 1]} {one.year}") for one in outline.months]
        fields["month"] = _choice(_("Month"), told)
    for name in choosable(columns):
        values = choices.get(name, [])
        if name != _APP and (len(values) > 1 or columns[name] is Type.CHOICE):
            words = {"true": _("yes"), "false": _("no")}
            told = [(one, words.get(one, spaced(one))) for one in values]
            fields[name] = _choice(spaced(name).capitalize(), told)
    standings = [(one.value, _(STANDINGS[one]).capitalize()) for one in Standing]
    fields["counts"] = _choice(_("Counts?"), standings)
    return type("RowFilters", (_RowFilters,), {**fields, "chosen": tuple(choosable(columns))})


def choosable(columns: Mapping[str, Type]) -> list[str]:
    """Name the columns whose values a reader chooses among."""
    return [name for name, kind in columns.items() if name == _APP or kind in _CHOSEN]


class _RowFilters(Filters):
    chosen: tuple[str, ...] = ()

    def narrow(self, rows: RowsBehindData) -> RowsBehindData:
        """Return the rows that pass."""
        told = self.cleaned_data
        month = told.get("month")
        return rows.narrowed(
            equal={name: told[name] for name in self.chosen if told.get(name)},
            month=date.fromisoformat(f"{month}-01") if month else None,
            standing=Standing(told["counts"]) if told.get("counts") else None,
            search=told.get("q", "").strip(),
        )


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("All")), *choices])


_WRITTEN: Mapping[Type, Callable[[dict[str, Any], Any], str]] = {
    Type.DATE: day,
    Type.INSTANT: lambda reading, value: moment(reading, moment_of(value)),
    Type.INTEGER: number,
}


class _Cell(django_tables2.Column):
    """A cell in stored type: in words on the page, as its value in a file."""

    def __init__(
        self, *, kind: Type, program: Program, names: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(default="–", **options)
        self.kind, self.program, self.names = kind, program, names

    def __deepcopy__(self, memo: dict[int, Any]) -> _Cell:
        """Copy the column for one table; the program is the same."""
        del memo
        return copy(self)

    def render(self, value: Any, table: List) -> str:
        """Say the cell as the reader writes it."""
        if self.names:
            return self.names.get(value, str(value))
        if self.kind is Type.CHOICE:
            return spaced(value)
        reading = {"reader": table.request.reader}
        if self.kind is Type.MONEY:
            amount = Decimal(value) / UNITS[Type.MONEY]
            locale = known(table.request.reader.locale)
            return str(format_currency(amount, self.program.currency, locale=locale))
        write = _WRITTEN.get(self.kind)
        return write(reading, value) if write else cell_words(value, self.kind, self.program)

    def value(self, value: Any) -> Any:
        """Give the cell to a file: amounts as numbers, moments in UTC."""
        if value is None or value == "–":
            return None
        if self.kind is Type.MONEY:
            return Decimal(value) / UNITS[Type.MONEY]
        if self.kind is Type.INSTANT:
            return datetime.fromtimestamp(value / 1_000_000, UTC)
        if self.kind is Type.HOURS:
            return stored_words(value, self.kind, currency=self.program.currency)
        return value


class _FigureCell(_Cell, Figure):
    """The same, aligned right."""


class _StandingCell(django_tables2.Column):
    """What became of a row, in a word, and why."""

    def render(self, value: str, record: Mapping[str, Any]) -> str:
        """Say what became of the row."""
        words, why = _(STANDINGS[Standing(value)]), record[REASON]
        return format_html('{} <span class="why">{}</span>', words, why) if why else words

    def value(self, value: str) -> str:
        """Say the same in a file."""
        return STANDINGS[Standing(value)]

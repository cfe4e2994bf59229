"""Vocabularies: fact tables, calendars and derived relations, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from assay.core.facts import Calendar, Column, Relation, Table, Type, Vocabulary
from assay.core.issues import Issue, Refused
from assay.documents.hints import known
from assay.documents.selects import CUT_OFF, CUT_OFF_AT, check_select
from assay.documents.values import check_name, whole
from assay.documents.yaml import Form, read_yaml

_LAST_DAY_OF_WEEK = 7
_TAKEN = ("subjects", "measures", "judgements", "judged", "texts")  # names in compiled programs
Thing = TypeVar("Thing", Table, Calendar, Relation)


@cache
def load_vocabulary(name: str) -> Vocabulary:
    """Load the shipped vocabulary `name`, e.g. `marketplace-1`, once; raises Refused."""
    return read_vocabulary(vocabulary_file(name))


def vocabulary_file(name: str) -> Path:
    """Return the file of the shipped vocabulary `name`; raises Refused."""
    shipped = {
        path.stem: path for path in Path(str(files("assay") / "vocabularies")).glob("*.yaml")
    }
    if name not in shipped:
        message = f"no vocabulary `{name}` is shipped"
        raise Refused(Issue(file=name, message=message, hint=known(name, sorted(shipped))))
    return shipped[name]


def read_vocabulary(path: Path) -> Vocabulary:
    """Read the vocabulary in a file; raises Refused with every fault."""
    fields, issues = read_yaml(path, name=path.name)
    form = Form(fields, file=path.name, what="vocabulary", issues=issues)
    vocabulary = extend(
        Vocabulary(
            name=form.text("vocabulary"),
            version=whole(form, "version", low=1, high=999, hint="e.g. 1") or 0,
            subject=form.text("subject"),
            tables=MappingProxyType({}),
            relations=MappingProxyType({}),
            calendars=MappingProxyType({}),
        ),
        form,
    )
    form.close()
    if issues:
        raise Refused(*issues)
    return vocabulary


def extend(vocabulary: Vocabulary, form: Form) -> Vocabulary:
    """Add the `facts`, `calendars` and `relations` of a document to a vocabulary.

    A name that is there already is a fault: a program adds to its vocabulary, it changes nothing.
    """
    tables = dict(vocabulary.tables)
    for name, table_form in form.forms("facts", what="fact table", needed=False):
        _add(tables, name, _table(name, table_form), table_form)
    _check_references(form, tables, {n: t for n, t in tables.items() if n not in vocabulary.tables})
    calendars = dict(vocabulary.calendars)
    for name, calendar_form in form.forms("calendars", what="calendar", needed=False):
        _add(calendars, name, _calendar(name, calendar_form, tables), calendar_form)
    relations = dict(vocabulary.relations)
    for name, relation_form in form.forms("relations", what="relation", needed=False):
        relation = _relation(name, relation_form)
        so_far = Vocabulary(
            name=vocabulary.name,
            version=vocabulary.version,
            subject=vocabulary.subject,
            tables=tables,
            relations=relations,
            calendars=calendars,
        )
        checked = check_select(relation, so_far, relation_form)
        if name in tables or name in calendars:
            relation_form.fault(f"`{name}` is the name of another table", "choose another name")
        _add(relations, name, checked, relation_form)
    return Vocabulary(
        name=vocabulary.name,
        version=vocabulary.version,
        subject=vocabulary.subject,
        tables=MappingProxyType(tables),
        relations=MappingProxyType(relations),
        calendars=MappingProxyType(calendars),
    )


def _add(things: dict[str, Thing], name: str, thing: Thing, form: Form) -> None:
    check_name(form, name, reserved=_TAKEN)
    if name in things:
        form.fault(f"{form.what} is declared already", "choose another name")
    things[name] = thing


def _table(name: str, form: Form) -> Table:
    columns = {n: _column(n, f) for n, f in form.forms("columns", what=f"{name} column")}
    key = form.texts("key")
    dated = form.text("dated", default="") or None
    totals = form.form("totals", needed=False)
    table = Table(
        name=name,
        title=form.text("title"),
        columns=MappingProxyType(columns),
        key=key,
        dated=dated,
        totals_by=totals.texts("by") if totals else (),
        totals_of=totals.texts("of") if totals else (),
    )
    if totals is not None:
        totals.close()
    named = (*key, *((dated,) if dated else ()), *table.totals_by, *table.totals_of)
    _check_columns(form, columns, named=named, dated=dated)
    for column in columns.values():
        if column.type is Type.HOURS:
            form.fault(
                f"{form.what}: `{column.name}` cannot be hours", "facts are dated: derive it"
            )
    if not key:
        form.fault(f"{form.what}: `key` is missing", "name the columns that tell rows apart")
    form.close()
    return table


def _check_columns(
    form: Form, columns: Mapping[str, Column], *, named: tuple[str, ...], dated: str | None
) -> None:
    """Note columns that are named and not there, and a date that is none."""
    before = (column.not_before for column in columns.values())
    for name in (*named, *(name for name in before if name is not None)):
        if name not in columns:
            hint = known(name, columns, what="columns")
            form.fault(f"{form.what}: no column `{name}`", hint)
    if (
        dated is not None
        and dated in columns
        and columns[dated].type not in (Type.DATE, Type.INSTANT)
    ):
        hint = "name a column of dates or instants"
        form.fault(f"{form.what}: `{dated}` is no date", hint, key="dated")


def _check_references(form: Form, tables: Mapping[str, Table], own: Mapping[str, Table]) -> None:
    """Note references to tables that are not there."""
    for table in own.values():
        for column in table.columns.values():
            if column.references is not None and column.references not in tables:
                hint = known(column.references, tables, what="tables")
                form.fault(
                    f"{table.name} column `{column.name}`: no table `{column.references}`",
                    hint,
                    key="facts",
                )


def _column(name: str, form: Form) -> Column:
    written = form.text("type")
    kinds = {kind.value: kind for kind in Type}
    if written not in kinds:
        hint = known(written, kinds, what="types")
        form.fault(f"{form.what}: `{written}` is no type", hint, key="type")
    check_name(form, name, reserved=(CUT_OFF, CUT_OFF_AT))
    column = Column(
        name=name,
        type=kinds.get(written, Type.TEXT),
        optional=_flag(form, "optional"),
        values=form.texts("values"),
        spellings=MappingProxyType(form.scalars("spellings")),
        may_be_negative=_flag(form, "may_be_negative"),
        not_before=form.text("not_before", default="") or None,
        references=form.text("references", default="") or None,
    )
    if column.type is Type.CHOICE and not column.values:
        form.fault(f"{form.what}: a choice needs `values`", "write `values: [a, b]`")
    form.close()
    return column


def _flag(form: Form, key: str) -> bool:
    written = form.text(key, default="false")
    if written not in ("true", "false"):
        form.fault(f"{form.what}: `{key}` must be true or false", "write true or false", key=key)
    return written == "true"


def _calendar(name: str, form: Form, tables: dict[str, Table]) -> Calendar:
    days = form.texts("days")
    if not set(days) <= {str(number) for number in range(1, _LAST_DAY_OF_WEEK + 1)}:
        form.fault(f"{form.what}: days run from 1 (Monday) to 7", "e.g. [6, 7]", key="days")
        days = ()
    zones = form.text("zones")
    table, _, column = zones.partition(".")
    found = tables[table].columns.get(column) if table in tables else None
    if found is None or found.type is not Type.TIME_ZONE:
        hint = "name a column of time zones as TABLE.COLUMN"
        form.fault(f"{form.what}: no column `{zones}` of time zones", hint, key="zones")
    form.text("title")
    form.close()
    return Calendar(name=name, days=tuple(int(day) for day in days), zones=zones)


def _relation(name: str, form: Form) -> Relation:
    columns = {n: _column(n, f) for n, f in form.forms("columns", what=f"{name} column")}
    dated = form.text("dated", default="") or None
    subject = form.text("subject")
    named = tuple(name for name in (subject, dated) if name)
    _check_columns(form, columns, named=named, dated=dated)
    relation = Relation(
        name=name,
        title=form.text("title"),
        columns=MappingProxyType(columns),
        sql=form.text("sql"),
        subject=subject,
        dated=dated,
        left_out=form.text("left_out", default="") or None,
    )
    form.close()
    return relation

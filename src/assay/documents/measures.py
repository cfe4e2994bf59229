"""Measures of a program file: aggregates over rows, and shares of one measure in another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlglot import exp

from assay.core.facts import Column, Relation, Table, Type, Vocabulary
from assay.core.program import Aggregate, Amounts, Measure, RowExpression, Share, Window
from assay.documents.expressions import (
    RowReader,
    Unreadable,
    conjuncts,
    note,
    parse,
    read_each,
    stored_number,
)
from assay.documents.hints import known
from assay.documents.values import check_name, day
from assay.documents.yaml import Form

_NUMBERS = (Type.INTEGER, Type.MONEY, Type.HOURS)
_FUNCTIONS: dict[type[exp.Expr], Aggregate] = {
    exp.Count: Aggregate.COUNT,
    exp.Sum: Aggregate.SUM,
    exp.Max: Aggregate.MAX,
    exp.Min: Aggregate.MIN,
}
_USAGE = "count(*), count(distinct x), sum(x), max(x) or min(x)"


def read_measure(
    name: str,
    form: Form,
    vocabulary: Vocabulary,
    windows: Mapping[str, Window],
    amounts: Mapping[str, Amounts],
    earlier: Mapping[str, Measure | Share],
) -> Measure | Share:
    """Read one measure; faults are noted on `form`."""
    subject = vocabulary.tables.get(vocabulary.subject)
    check_name(form, name, reserved=("subject", "tier", *(subject.key if subject else ())))
    since = day(form, "since")
    if form.has("share"):
        return _share(name, form, earlier, since)
    source = form.text("from")
    table = vocabulary.tables.get(source) or vocabulary.relations.get(source)
    if table is None and source:
        hint = known(source, (*vocabulary.tables, *vocabulary.relations), what="tables")
        form.fault(f"{form.what}: no table `{source}`", hint, key="from")
    columns: Mapping[str, Column] = {} if table is None else table.columns
    _check_subject(form, source, vocabulary)
    reader = RowReader(columns, where=f"`{source}`", amounts=amounts)
    aggregate, value = _aggregate(form, reader if table is not None else None)
    kind = _type(aggregate, value)
    return Measure(
        name=name,
        title=form.text("title"),
        clause=form.text("clause"),
        since=since,
        source=source,
        aggregate=aggregate,
        value=value,
        where=_where(form, reader if table is not None else None),
        window=_window(form, table, windows),
        type=kind,
        unit=form.text("unit"),
        none=_none(form, aggregate, kind),
        phrase=_phrase(form),
    )


def _share(name: str, form: Form, earlier: Mapping[str, Measure | Share], since: date) -> Share:
    part, whole = form.text("share"), form.text("of")
    for key, written in (("share", part), ("of", whole)):
        found = earlier.get(written)
        if written and not (isinstance(found, Measure) and found.type in _NUMBERS):
            names = (n for n, m in earlier.items() if isinstance(m, Measure))
            hint = known(written, names, what="measures")
            form.fault(f"{form.what}: no measure `{written}` above", hint, key=key)
    outcome = form.text("when_not_positive")
    if outcome not in ("met", "not_met") and outcome:
        form.fault(
            f"{form.what}: `when_not_positive` is met or not_met",
            "say what holds where the whole is zero or less",
            key="when_not_positive",
        )
    return Share(
        name=name,
        title=form.text("title"),
        clause=form.text("clause"),
        since=since,
        part=part,
        whole=whole,
        when_not_positive=outcome == "met",
        phrase=_phrase(form),
    )


def _check_subject(form: Form, source: str, vocabulary: Vocabulary) -> None:
    """A measure needs rows that say whose they are."""
    subject = vocabulary.tables.get(vocabulary.subject)
    if subject is None:
        return
    key = subject.key[0]
    table, relation = vocabulary.tables.get(source), vocabulary.relations.get(source)
    if (table is not None and key not in table.columns) or (
        relation is not None and relation.subject != key
    ):
        form.fault(f"{form.what}: `{source}` has no `{key}`", "derive a relation", key="from")


def _aggregate(form: Form, reader: RowReader | None) -> tuple[Aggregate, RowExpression | None]:
    written = form.text("value")
    try:
        tree = parse(written) if written else None
        function = _FUNCTIONS.get(type(tree)) if tree is not None else None
        if tree is None or reader is None:
            return function or Aggregate.COUNT, None
        return _value(tree, function, reader)
    except Unreadable as fault:
        note(fault, form, "value", what=f"{form.what}, `value`")
        form.value("none")  # whether it belongs here cannot be told
        return Aggregate.COUNT, None


def _value(
    tree: exp.Expr, function: Aggregate | None, reader: RowReader
) -> tuple[Aggregate, RowExpression | None]:
    more = any(part for key, part in tree.args.items() if key not in ("this", "big_int"))
    if function is None or more:
        raise Unreadable(f"`{tree.sql(dialect='duckdb')}` is no aggregate", f"write {_USAGE}")
    inner = tree.this
    if function is Aggregate.COUNT:
        if isinstance(inner, exp.Star):
            return function, None
        if isinstance(inner, exp.Distinct) and len(inner.expressions) == 1:
            return Aggregate.COUNT_DISTINCT, reader.value(inner.expressions[0])
        raise Unreadable(f"`{tree.sql()}` is not read", f"write {_USAGE}")
    value = reader.value(inner)
    if value.type not in _NUMBERS:
        raise Unreadable(f"`{tree.sql()}`: {value.type} is no number", f"write {_USAGE}")
    return function, value


def _type(aggregate: Aggregate, value: RowExpression | None) -> Type:
    if aggregate in (Aggregate.COUNT, Aggregate.COUNT_DISTINCT) or value is None:
        return Type.INTEGER
    return value.type


def _where(form: Form, reader: RowReader | None) -> tuple[RowExpression, ...]:
    written = form.text("where", default="")
    if not written or reader is None:
        return ()
    try:
        return tuple(read_each(reader.condition, conjuncts(parse(written))))
    except Unreadable as fault:
        note(fault, form, "where", what=f"{form.what}, `where`")
        return ()


def _window(
    form: Form, source: Table | Relation | None, windows: Mapping[str, Window]
) -> str | None:
    written = form.text("window", default="")
    if written and written not in windows:
        hint = known(written, windows, what="windows")
        form.fault(f"{form.what}: no window `{written}`", hint, key="window")
    if written and source is not None and source.dated is None:
        form.fault(f"{form.what}: its rows have no date for a window", "drop it", key="window")
    if not written and source is not None and source.dated is not None:
        hint = f"windows: {', '.join(windows)}"
        form.fault(f"{form.what}: `window` is missing; its rows are dated", hint)
    return written or None


def _none(form: Form, aggregate: Aggregate, kind: Type) -> Decimal:
    if aggregate in (Aggregate.COUNT, Aggregate.COUNT_DISTINCT, Aggregate.SUM):
        return Decimal(0)
    written = form.text("none") or "0"
    try:
        stored_number(written, kind)
        return Decimal(written)
    except Unreadable as fault:
        note(fault, form, "none", what=f"{form.what}, `none`")
        return Decimal(0)


def _phrase(form: Form) -> str:
    """Take the optional phrase: one `{}` for the amount, and [ ] around what 1 leaves out."""
    written = form.text("phrase", default="")
    plain = re.sub(r"\[[^\[\]{}]*\]", "", written).replace("{}", "", 1)
    if written and ("{}" not in written or set(plain) & set("[]{}")):
        hint = "e.g. {} paid app[s]"
        form.fault(f"{form.what}: `phrase` has one {{}} and whole brackets", hint, key="phrase")
        return ""
    return written

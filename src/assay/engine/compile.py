"""A program and a review day, compiled to one SELECT: a row a subject, with every judgement.

The SELECT reads tables and calendars by their names and has these columns:

- the subject's key, and `tier`;
- for each measure its bounds `NAME` and `NAME__high` (whole numbers in stored units: a number
  that a missing fact leaves open lies between them; `±INFINITE` means no bound), and
  `NAME__none`: whether no row counted (for max and min);
- for each requirement and tier `REQUIREMENT__TIER`: TRUE met, FALSE not met, NULL unknown;
- for each base tier `base__TIER`;
- where one subject is judged, for each part of a condition `REQUIREMENT__TIER__N`, the parts
  numbered in the order they are written, groups before what is in them.

The text is DuckDB SQL; SQLGlot writes it for other engines. A share is tested by
cross-multiplication; nothing is divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import sqlglot
from sqlglot import exp

from assay.core.facts import Relation, Table, Type, Vocabulary
from assay.core.program import Aggregate, Condition, Measure, Program, Window, parts_of
from assay.engine.aggregates import bounds_of, marks_of
from assay.engine.judgements import condition_sql, stored_units
from assay.tables.duck import named, quoted

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """The SELECT, and the tables, monthly totals and calendars that it reads by name."""

    sql: str
    tables: tuple[str, ...]
    totals: tuple[str, ...]
    calendars: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A review day, its cut-off and the first moment of the cut-off (microseconds since 1970)."""

    on: date
    cut_off: date
    cut_off_at: int

    @classmethod
    def of(cls, program: Program, on: date) -> Moment:
        """Read the cut-off of a review on `on` from the program's calendar."""
        cut_off = program.review.cut_off(on)
        return cls(on=on, cut_off=cut_off, cut_off_at=instant(cut_off, program.time_zone))


def instant(day: date, zone: str) -> int:
    """Return the first moment of `day` in `zone`, in microseconds since 1970-01-01T00:00Z."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (midnight - _EPOCH) // _MICROSECOND


def window_start(window: Window, cut_off: date) -> date | None:
    """Return the first day of a window that ends before `cut_off`; None: no first day."""
    if window.months is None:
        return None
    months = cut_off.year * 12 + cut_off.month - 1 - window.months
    year, month = divmod(months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(cut_off.day, last))


def compile_review(
    program: Program,
    on: date,
    *,
    totals: Iterable[str] = (),
    subject: str | None = None,
    parts: bool = False,
) -> Compiled:
    """Compile a review on day `on`; `totals` names the tables whose monthly totals are kept.

    With `subject` only that subject is judged, and every part of every condition with it; with
    `parts` the parts of all subjects are.
    """
    moment = Moment.of(program, on)
    groups = _groups(program, moment, frozenset(totals))
    relations = needed_relations(program.vocabulary, [group.source for group in groups])
    clauses = [
        f"{named(name)} AS ({relation_sql(program.vocabulary, name, moment)})" for name in relations
    ]
    clauses += [
        f"{group.name} AS ({_group_sql(program, group, moment, subject)})" for group in groups
    ]
    measures = _measures_sql(program, groups, subject)
    sql = judged_sql(program, measures, before=clauses, parts=parts or subject is not None)
    vocabulary = program.vocabulary
    read = {vocabulary.subject, *(_rows_name(group) for group in groups)}
    read.update(*(_read_names(vocabulary.relations[name].sql) for name in relations))
    return Compiled(
        sql=sql,
        tables=tuple(name for name in vocabulary.tables if name in read),
        totals=tuple(t for t in vocabulary.tables if totals_name(t) in read),
        calendars=tuple(name for name in vocabulary.calendars if name in read),
    )


def judged_sql(
    program: Program, measures: str, *, before: Iterable[str] = (), parts: bool = False
) -> str:
    """Write the SELECT that judges and places subjects by a SELECT of their measures.

    `measures` has the column `subject` and those of `judged_columns` that are of measures;
    `before` are the common tables that it reads.
    """
    clauses = [
        *before,
        f"measures AS ({measures})",
        f"judgements AS ({_judgements_sql(program, parts=parts)})",
    ]
    return f"WITH {', '.join(clauses)} {_placed_sql(program, parts=parts)}"


def relation_sql(vocabulary: Vocabulary, name: str, moment: Moment) -> str:
    """Write a relation's SELECT as of a moment."""
    return select_sql(vocabulary.relations[name].sql, moment)


def select_sql(sql: str, moment: Moment) -> str:
    """Write a declared SELECT with the moment's cut-off in place."""

    def with_moment(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column) and not node.table:
            if node.name == "cut_off":
                return exp.cast(exp.Literal.string(moment.cut_off.isoformat()), "DATE")
            if node.name == "cut_off_at":
                return exp.cast(exp.Literal.number(moment.cut_off_at), "BIGINT")
        return node

    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return str(tree.transform(with_moment).sql(dialect="duckdb"))


def totals_name(table: str) -> str:
    """Return the name under which a table's monthly totals are read."""
    return f"{table}__by_month"


def rows_of(vocabulary: Vocabulary, source: str) -> Table | Relation:
    """Return the fact table or relation named `source`."""
    return vocabulary.tables.get(source) or vocabulary.relations[source]


def window_sql(program: Program, window: str, moment: Moment, *, kind: Type, column: str) -> str:
    """Write the condition that `column`, a date or an instant, lies in a window."""
    start = window_start(program.windows[window], moment.cut_off)
    if kind is Type.INSTANT:
        low = None if start is None else str(instant(start, program.time_zone))
        high = str(moment.cut_off_at)
    else:
        low = None if start is None else f"DATE '{start}'"
        high = f"DATE '{moment.cut_off}'"
    ends = f"{named(column)} < {high}"
    return ends if low is None else f"{named(column)} >= {low} AND {ends}"


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Measures that one pass over one source computes; `counted` is what they count once each."""

    name: str
    source: str
    window: str | None
    by_month: bool
    counted: str | None
    measures: tuple[Measure, ...]


def _groups(program: Program, moment: Moment, totals: frozenset[str]) -> tuple[_Group, ...]:
    found: dict[tuple[str, str | None, bool, str | None], list[Measure]] = {}
    for measure in program.measures.values():
        if isinstance(measure, Measure):
            by_month = measure.source in totals and _fits_totals(program, measure, moment)
            distinct = measure.aggregate is Aggregate.COUNT_DISTINCT
            counted = measure.value.sql if distinct and measure.value is not None else None
            key = (measure.source, measure.window, by_month, counted)
            found.setdefault(key, []).append(measure)
    return tuple(
        _Group(
            name=f"group_{number}",
            source=source,
            window=window,
            by_month=by_month,
            counted=counted,
            measures=tuple(measures),
        )
        for number, ((source, window, by_month, counted), measures) in enumerate(
            found.items(), start=1
        )
    )


def _fits_totals(program: Program, measure: Measure, moment: Moment) -> bool:
    """Whether a measure can be read from monthly totals: a sum or count over whole months."""
    table = program.vocabulary.tables[measure.source]
    used = frozenset[str]().union(*(part.columns for part in measure.where))
    summed = measure.value is not None and measure.value.sql.strip('"') in table.totals_of
    linear = (measure.aggregate == "sum" and summed) or measure.aggregate == "count"
    whole_months = moment.cut_off.day == 1
    return linear and whole_months and used <= set(table.totals_by)


def needed_relations(vocabulary: Vocabulary, sources: Iterable[str]) -> list[str]:
    """Name the relations that reading `sources` needs, each after those it reads."""
    needed: set[str] = set()
    waiting = [source for source in sources if source in vocabulary.relations]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            read = _read_names(vocabulary.relations[name].sql)
            waiting.extend(read & set(vocabulary.relations))
    return [name for name in vocabulary.relations if name in needed]


@cache
def _read_names(sql: str) -> frozenset[str]:
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return frozenset(table.name for table in tree.find_all(exp.Table))


def _rows_name(group: _Group) -> str:
    return totals_name(group.source) if group.by_month else group.source


def _group_sql(program: Program, group: _Group, moment: Moment, subject: str | None) -> str:
    key = named(_subject_key(program))
    columns = _listed(bounds_of(measure, by_month=group.by_month) for measure in group.measures)
    rows = named(_rows_name(group))
    conditions = _group_conditions(program, group, moment, subject)
    if conditions:
        rows += f" WHERE {' AND '.join(conditions)}"
    if group.counted is not None:
        marks = _listed(marks_of(measure) for measure in group.measures)
        rows = f"(SELECT {key}, {marks} FROM {rows} GROUP BY {key}, {group.counted}) AS marked"
    return f"SELECT {key} AS subject, {columns} FROM {rows} GROUP BY {key}"


def _group_conditions(
    program: Program, group: _Group, moment: Moment, subject: str | None
) -> list[str]:
    """Write the conditions on the rows that a group reads."""
    rows = rows_of(program.vocabulary, group.source)
    conditions = []
    if rows.dated is not None and group.window is not None:
        kind = Type.DATE if group.by_month else rows.columns[rows.dated].type
        column = "month" if group.by_month else rows.dated
        conditions.append(window_sql(program, group.window, moment, kind=kind, column=column))
    if subject is not None:
        conditions.append(f"{named(_subject_key(program))} = {quoted(subject)}")
    if group.counted is not None:
        conditions.append(f"{group.counted} IS NOT NULL")
    return conditions


def _listed(columns: Iterable[Mapping[str, str]]) -> str:
    """Write a select list: each expression under the name of its column."""
    return ", ".join(f"{sql} AS {named(name)}" for some in columns for name, sql in some.items())


def _subject_key(program: Program) -> str:
    return program.vocabulary.tables[program.vocabulary.subject].key[0]


def _measures_sql(program: Program, groups: tuple[_Group, ...], subject: str | None) -> str:
    """Join the groups to the subjects; where a subject has no rows, `none` stands."""
    key = _subject_key(program)
    columns = [f"subjects.{named(key)} AS subject"]
    joins = []
    for group in groups:
        joins.append(f"LEFT JOIN {group.name} ON {group.name}.subject = subjects.{named(key)}")
        for measure in group.measures:
            columns.extend(_joined(measure, group.name))
    where = "" if subject is None else f" WHERE subjects.{named(key)} = {quoted(subject)}"
    return (
        f"SELECT {', '.join(columns)} FROM {named(program.vocabulary.subject)} AS subjects "
        f"{' '.join(joins)}{where}"
    )


def _joined(measure: Measure, group: str) -> Iterable[str]:
    none = stored(measure)
    for column in bounds_of(measure, by_month=False):
        yield f"coalesce({group}.{named(column)}, {none}) AS {named(column)}"
    if measure.aggregate in ("max", "min"):
        last = list(bounds_of(measure, by_month=False))[-1]
        yield f"{group}.{named(last)} IS NULL AS {named(measure.name + '__none')}"


def stored(measure: Measure) -> int:
    """Return the measure's number for "no rows", in stored units."""
    return stored_units(measure.none, measure.type)


def part_columns(program: Program) -> Mapping[str, Condition]:
    """Name the column of every part of every requirement's conditions."""
    return {
        f"{requirement.key}__{tier}__{number}": part
        for requirement in program.requirements.values()
        for tier, condition in requirement.by_tier.items()
        for number, part in enumerate(parts_of(condition))
    }


def _judgements_sql(program: Program, *, parts: bool) -> str:
    columns = [
        f"{condition_sql(condition, program.measures)} AS {named(f'{requirement.key}__{tier}')}"
        for requirement in program.requirements.values()
        for tier, condition in requirement.by_tier.items()
    ]
    columns += [
        f"{condition_sql(tier.base, program.measures)} AS {named(f'base__{tier.name}')}"
        for tier in program.tiers.values()
        if tier.base is not None
    ]
    if parts:
        columns += [
            f"{condition_sql(part, program.measures)} AS {named(name)}"
            for name, part in part_columns(program).items()
        ]
    return f"SELECT measures.*, {', '.join(columns)} FROM measures"


def _placed_sql(program: Program, *, parts: bool) -> str:
    """Place each subject: the highest tier whose own requirements all hold, else the base."""
    branches = []
    for tier in reversed(program.ranked_tiers):
        asked = [
            named(f"{requirement.key}__{tier}")
            for requirement in program.requirements.values()
            if tier in requirement.by_tier
        ]
        if asked:
            branches.append(f"WHEN {' AND '.join(asked)} THEN {quoted(tier)}")
    branches += [
        f"WHEN {named(f'base__{tier}')} THEN {quoted(tier)}"
        for tier in reversed(program.base_tiers)
    ]
    key = _subject_key(program)
    columns = [*judged_columns(program), *(part_columns(program) if parts else ())]
    return (
        f"SELECT judgements.subject AS {named(key)}, CASE {' '.join(branches)} ELSE 'none' END "
        f"AS tier, {', '.join(named(column) for column in columns)} FROM judgements"
    )


def judged_columns(program: Program) -> Mapping[str, Measure | None]:
    """Name every column after the key and the tier; bounds map to their measure."""
    columns: dict[str, Measure | None] = {}
    for measure in program.measures.values():
        if isinstance(measure, Measure):
            columns.update(dict.fromkeys(bounds_of(measure, by_month=False), measure))
            if measure.aggregate in ("max", "min"):
                columns[f"{measure.name}__none"] = None
    for requirement in program.requirements.values():
        columns.update(dict.fromkeys(f"{requirement.key}__{tier}" for tier in requirement.by_tier))
    columns.update(dict.fromkeys(f"base__{tier}" for tier in program.base_tiers))
    return columns

"""What requirements rest on: followed from their measures through relations to columns of facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import sqlglot
from sqlglot import exp

from assay.core.facts import Vocabulary
from assay.core.program import Measure, Program, Requirement
from assay.core.security import RestsOn

Columns = frozenset[tuple[str, str]]  # names of a fact table and of one of its columns


def rests_on(program: Program) -> Program:
    """Return a program whose requirements name what they rest on."""
    told = {
        key: replace(row, rests_on=_of(row, program)) for key, row in program.requirements.items()
    }
    return replace(program, requirements=MappingProxyType(told))


def _of(row: Requirement, program: Program) -> RestsOn:
    measures = {m.name: m for c in row.by_tier.values() for m in program.measures_of(c)}
    columns = frozenset[tuple[str, str]]().union(
        *(_behind(measure, program.vocabulary) for measure in measures.values())
    )
    tables = {table for table, _ in columns}
    amounts = [name for name in program.amounts if _looks_up(name, measures.values())]
    return RestsOn(
        security_programs=tuple(
            one.key
            for one in program.security_programs.values()
            if one.columns() & columns
            or (
                one.awards is not None
                and (one.awards.table in tables or one.awards.minimum in amounts)
            )
        ),
        amounts=tuple(amounts),
        tables=tuple(name for name in program.vocabulary.tables if name in tables),
    )


def _looks_up(amounts: str, measures: Iterable[Measure]) -> bool:
    return any(
        call.name == amounts
        for measure in measures
        for part in measure.where
        for call in sqlglot.parse_one(part.text, dialect="duckdb").find_all(exp.Anonymous)
    )


def _behind(measure: Measure, vocabulary: Vocabulary) -> Columns:
    """Return the columns of facts behind a measure: those it names, and those they come from."""
    parts = (*measure.where, *(() if measure.value is None else (measure.value,)))
    named = frozenset[str]().union(*(part.columns for part in parts))
    return frozenset(_columns(measure.source, named, vocabulary))


def _columns(
    source: str, named: Iterable[str], vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    """Yield the columns of facts behind some columns of a table or relation.

    A column of a relation comes from the tables and relations that its expression names; of a
    relation, everything that it selects and tests.
    """
    relation = vocabulary.relations.get(source)
    if relation is None:
        yield from ((source, name) for name in named if source in vocabulary.tables)
        return
    wanted = set(named)
    for select in _selects(relation.sql):
        names = {table.alias_or_name: table.name for table in select.find_all(exp.Table)}
        tests = [select.args[part] for part in ("where", "having") if select.args.get(part)]
        asked = [one for one in select.expressions if one.alias_or_name in wanted]
        for column in (c for part in (*asked, *tests) for c in part.find_all(exp.Column)):
            table = names.get(column.table, "")
            inner = vocabulary.relations.get(table)
            yield from _columns(table, inner.columns if inner else [column.name], vocabulary)


@lru_cache(maxsize=64)
def _selects(sql: str) -> tuple[exp.Select, ...]:
    """Parse a relation's SELECTs, once for all measures that come from it; only to be read."""
    return tuple(sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Select))

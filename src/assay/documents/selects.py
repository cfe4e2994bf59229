"""The SELECT of a derived relation: an allow-list of expressions over declared tables, checked."""

from __future__ import annotations

from typing import cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from assay.core.facts import Column, Relation, Table, Type, Vocabulary
from assay.documents.expressions import Unreadable, check_nesting, note
from assay.documents.hints import known
from assay.documents.yaml import Form

MOST_CHARACTERS = 10_000
_MOST_NESTING = 24

_SHAPES: tuple[type[exp.Expr], ...] = (
    exp.Select,
    exp.Union,
    exp.Subquery,
    exp.From,
    exp.Join,
    exp.Where,
    exp.Group,
    exp.Having,
    exp.Distinct,
    exp.Table,
    exp.TableAlias,
    exp.Alias,
    exp.Identifier,
    exp.Column,
    exp.Star,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Neg,
    exp.Paren,
    exp.Tuple,
    exp.And,
    exp.Or,
    exp.Not,
    exp.Is,
    exp.In,
    exp.Between,
    exp.EQ,
    exp.NEQ,
    exp.LT,
    exp.LTE,
    exp.GT,
    exp.GTE,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Case,
    exp.If,
    exp.Coalesce,
    exp.Least,
    exp.Greatest,
    exp.Sum,
    exp.Count,
    exp.Min,
    exp.Max,
    exp.ArgMax,
    exp.ArgMin,
    exp.Exists,
)
_JOINS = {"", "INNER", "LEFT"}
_TYPES = {
    "VARCHAR": exp.DataType.TEXT_TYPES,
    "BOOLEAN": {exp.DataType.Type.BOOLEAN},
    "DATE": {exp.DataType.Type.DATE},
    "BIGINT": {
        *exp.DataType.INTEGER_TYPES,
        exp.DataType.Type.DECIMAL,
        exp.DataType.Type.UNKNOWN,
    },
}
CUT_OFF, CUT_OFF_AT = "cut_off", "cut_off_at"


def check_select(relation: Relation, vocabulary: Vocabulary, form: Form) -> Relation:
    """Note what is wrong with the relation's SELECT; return it with its SQL normalised."""
    try:
        tree = _parsed(relation.sql)
        _check_shapes(tree)
        _check_tables(tree, vocabulary)
        _check_columns(tree, relation, vocabulary)
        if relation.left_out is not None:
            _check_left_out(relation.left_out, relation, vocabulary)
    except Unreadable as fault:
        note(fault, form, "sql", what=form.what)
    return relation


def _check_left_out(sql: str, relation: Relation, vocabulary: Vocabulary) -> None:
    tree = _parsed(sql)
    _check_shapes(tree)
    _check_tables(tree, vocabulary)
    given = [column.alias_or_name for column in _typed(tree, vocabulary).selects]
    if relation.subject not in given or "reason" not in given:
        raise Unreadable(
            f"`left_out` selects {', '.join(given)}",
            f"select `{relation.subject}` and a `reason` among them",
        )


def _parsed(sql: str) -> exp.Expr:
    if len(sql) > MOST_CHARACTERS:
        raise Unreadable("the SELECT is too long", f"at most {MOST_CHARACTERS} characters")
    try:
        trees = sqlglot.parse(sql, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        problem = str(error).splitlines()[0]
        raise Unreadable(f"not a SELECT that can be read: {problem}", "check it") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.Union):
        raise Unreadable("one SELECT is expected", "begin with select")
    check_nesting(trees[0], most=_MOST_NESTING)
    return trees[0]


def _check_shapes(tree: exp.Expr) -> None:
    for node in tree.walk():
        if type(node) not in _SHAPES:
            raise Unreadable(
                f"`{node.sql(dialect='duckdb')}` is not allowed in a relation",
                "select, join, where, group by, union, case, coalesce, least, greatest, "
                "sum, count, min, max, max_by, min_by",
            )
        if isinstance(node, exp.Join) and (
            node.side not in _JOINS
            or node.kind not in _JOINS
            or node.method
            or not (node.args.get("on") or node.args.get("using"))
        ):
            hint = "write join … on …, or left join … on …"
            raise Unreadable(f"`{node.sql()}`: only join and left join are read", hint)
        if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
            raise Unreadable("`*` is not allowed", "name the columns")


def _check_tables(tree: exp.Expr, vocabulary: Vocabulary) -> None:
    names = (*vocabulary.tables, *vocabulary.relations, *vocabulary.calendars)
    for table in tree.find_all(exp.Table):
        plain = isinstance(table.this, exp.Identifier) and not table.db and not table.catalog
        if not plain or table.name not in names:
            text = table.sql(dialect="duckdb")
            hint = known(text, names)
            raise Unreadable(f"`{text}` is no declared table or relation", hint)


def _check_columns(tree: exp.Expr, relation: Relation, vocabulary: Vocabulary) -> None:
    given = {column.alias_or_name: column for column in _typed(tree, vocabulary).selects}
    if list(given) != list(relation.columns):
        raise Unreadable(
            f"it selects {', '.join(given)}; declared are {', '.join(relation.columns)}",
            "make them the same, in the same order",
        )
    for column in relation.columns.values():
        _check_type(column, given[column.name])


def _typed(tree: exp.Expr, vocabulary: Vocabulary) -> exp.Query:
    prepared = tree.transform(_without_parameters, copy=False)
    schema = MappingSchema(schema_of(vocabulary), dialect="duckdb", normalize=False)
    try:
        qualified = qualify(prepared, schema=schema, dialect="duckdb")
        typed = annotate_types(qualified, schema=schema, dialect="duckdb")
    except SqlglotError as error:
        raise Unreadable(str(error).splitlines()[0], "check the names of columns") from None
    return cast(exp.Query, typed)


def _check_type(column: Column, given: exp.Expr) -> None:
    kind = given.type.this if given.type is not None else exp.DataType.Type.UNKNOWN
    if kind not in (exp.DataType.Type.UNKNOWN, *_TYPES[column.type.sql]):
        raise Unreadable(
            f"`{column.name}` is declared {column.type} and selected as {kind.value.lower()}",
            "declare the type that it has",
        )


def _without_parameters(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Column) and not node.table:
        if node.name == CUT_OFF:
            return exp.cast(exp.Literal.string("2000-01-01"), "DATE")
        if node.name == CUT_OFF_AT:
            return exp.cast(exp.Literal.number(0), "BIGINT")
    return node


def schema_of(vocabulary: Vocabulary) -> dict[str, object]:
    """Name the SQL type of every column of every table, relation and calendar."""
    things: tuple[Table | Relation, ...] = (
        *vocabulary.tables.values(),
        *vocabulary.relations.values(),
    )
    schema: dict[str, object] = {
        thing.name: {column.name: column.type.sql for column in thing.columns.values()}
        for thing in things
    }
    for calendar in vocabulary.calendars.values():
        schema[calendar.name] = {
            "time_zone": Type.TIME_ZONE.sql,
            "starts_at": Type.INSTANT.sql,
            "ends_at": Type.INSTANT.sql,
        }
    return schema

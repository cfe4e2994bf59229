"""From judged rows to decisions and findings: the same text, whatever engine judged.

`measured` is JSON: counts as numbers, money as text with two decimals, hours as text h:mm:ss, null
where no row counted (of a greatest or least value), and `{"at_least": …, "at_most": …}` where a
missing fact leaves the number open (null: no bound).
"""

from __future__ import annotations

from assay.core.facts import Type
from assay.core.program import Aggregate, Measure, Program
from assay.engine.aggregates import INFINITE
from assay.engine.judgements import bounds
from assay.tables.duck import named, quoted


def decisions_sql(program: Program) -> str:
    """Write the SELECT of decisions from `judged`: key and tier, in the order of keys."""
    key = named(program.vocabulary.tables[program.vocabulary.subject].key[0])
    return f"SELECT {key}, tier FROM judged ORDER BY {key}"


def findings_sql(program: Program) -> str:
    """Write the SELECT of findings from `judged`: a row a subject, tier and requirement."""
    key = named(program.vocabulary.tables[program.vocabulary.subject].key[0])
    measured = {
        measure.name: measured_sql(measure)
        for measure in program.measures.values()
        if isinstance(measure, Measure)
    }
    texts = ", ".join(f"{sql} AS {named(name)}" for name, sql in measured.items())
    cells = [
        (
            quoted(tier),
            quoted(requirement.key),
            _outcome(named(f"{requirement.key}__{tier}")),
            _object(program.measures_of(requirement.by_tier[tier])),
        )
        for tier in program.ranked_tiers
        for requirement in program.requirements.values()
        if tier in requirement.by_tier
    ]
    columns = ("tier", "requirement", "outcome", "measured")
    lists = ", ".join(
        f"unnest([{', '.join(column)}]) AS {name}"
        for name, column in zip(columns, zip(*cells, strict=True), strict=True)
    )
    outcomes = ", ".join(
        named(f"{requirement.key}__{tier}")
        for requirement in program.requirements.values()
        for tier in requirement.by_tier
    )
    return (
        f"SELECT {key}, {lists} FROM (SELECT {key}, {texts}, {outcomes} FROM judged ORDER BY {key})"
    )


def _outcome(column: str) -> str:
    return f"CASE {column} WHEN TRUE THEN 'met' WHEN FALSE THEN 'not_met' ELSE 'unknown' END"


def _object(measures: tuple[Measure, ...]) -> str:
    fields = [quoted(f'"{m.name}": ') + " || " + named(m.name) for m in measures]
    return "'{' || " + " || ', ' || ".join(fields) + " || '}'" if fields else "'{}'"


def measured_sql(measure: Measure) -> str:
    """Write a measure's value as JSON text."""
    found = bounds(measure)
    text = _text(found.low, measure.type)
    if not found.exact:
        text = (
            f"CASE WHEN {found.low} = {found.high} THEN {text} ELSE "
            f"'{{\"at_least\": ' || {_bound(found.low, measure.type)} || ', \"at_most\": ' || "
            f"{_bound(found.high, measure.type)} || '}}' END"
        )
    if measure.aggregate in (Aggregate.MAX, Aggregate.MIN):
        text = f"CASE WHEN {named(measure.name + '__none')} THEN 'null' ELSE {text} END"
    return text


def _bound(column: str, kind: Type) -> str:
    unbounded = f"{column} IN ({INFINITE}, -{INFINITE})"
    return f"CASE WHEN {unbounded} THEN 'null' ELSE {_text(column, kind)} END"


def _text(column: str, kind: Type) -> str:
    """Write a stored number as JSON text; exact, with whole and decimal arithmetic only."""
    if kind is Type.MONEY:
        return f"'\"' || ({column}::DECIMAL(36, 0) * 0.01::DECIMAL(2, 2))::VARCHAR || '\"'"
    if kind is Type.HOURS:
        number = f"{column}::HUGEINT"
        sign = f"CASE WHEN {column} < 0 THEN '-' ELSE '' END"
        second, minute, hour = 1_000_000, 60_000_000, 3_600_000_000
        two = "lpad((abs({n}) // {unit} % 60)::VARCHAR, 2, '0')"
        fraction = (
            f"CASE WHEN {number} % {second} = 0 THEN '' ELSE "
            f"'.' || lpad((abs({number}) % {second})::VARCHAR, 6, '0') END"
        )
        return (
            f"'\"' || {sign} || (abs({number}) // {hour})::VARCHAR || ':' || "
            f"{two.format(n=number, unit=minute)} || ':' || "
            f"{two.format(n=number, unit=second)} || {fraction} || '\"'"
        )
    return f"{column}::VARCHAR"

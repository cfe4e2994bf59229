"""What changed between two versions of a program, in words, old and new side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from textwrap import wrap

from assay.core.facts import Column, Relation, Table, Type
from assay.core.program import Amounts, Benefit, BenefitKind, Program
from assay.core.security import SecurityProgram
from assay.words.conditions import amount_words, condition_words
from assay.words.dates import day_words
from assay.words.definitions import (
    acting_words,
    assessment_words,
    calendar_words,
    cell_words,
    measure_words,
    placement_words,
    tier_words,
    valid_words,
    window_words,
)

NOTHING = "Nothing changed."


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that changed: `kind` is added, removed or changed.

    `facets` maps what changed of it to its words before and after, "" where it was not or is no
    longer there.
    """

    section: str
    label: str
    kind: str
    facets: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class _Thing:
    label: str
    facets: Mapping[str, str]


def program_changes(old: Program, new: Program) -> tuple[Change, ...]:
    """List what `new` changes of `old`, section by section; names and versions do not count."""
    before, after = _sections(old), _sections(new)
    return tuple(
        change
        for section, things in after.items()
        for change in _section_changes(section, before[section], things)
    )


def changes_text(changes: Iterable[Change], *, width: int) -> str:
    """Write changes as text, lines at most `width` characters long."""
    lines: list[str] = []
    for section, group in groupby(changes, key=lambda change: change.section):
        lines += ["", section, "-" * len(section)]
        for change in group:
            lines += _wrapped(f"{change.label}: {change.kind}", width, "- ")
            for facet, (was, now) in change.facets.items():
                lines += _facet_lines(facet, was, now, width)
    return "\n".join(lines or ["", NOTHING]).lstrip("\n") + "\n"


def _facet_lines(facet: str, was: str, now: str, width: int) -> list[str]:
    """Write a facet on one line where it fits, else old and new below each other."""
    if not was:
        return _wrapped(f"{facet}: {now}", width, "    ")
    line = f"    {facet}: {was} → {now or '—'}"
    if len(line) <= width:
        return [line]
    old, new = f"from  {was}", f"to    {now or '—'}"
    return [
        f"    {facet}:",
        *(row for text in (old, new) for row in _wrapped(text, width, " " * 6)),
    ]


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent.replace("-", " ") + "  ",
        break_on_hyphens=False,
    )


def _section_changes(
    section: str, before: Mapping[str, _Thing], after: Mapping[str, _Thing]
) -> Iterator[Change]:
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        old_facets = {} if was is None else was.facets
        new_facets = {} if now is None else now.facets
        facets = {
            facet: (old_facets.get(facet, ""), new_facets.get(facet, ""))
            for facet in dict.fromkeys((*new_facets, *old_facets))
            if old_facets.get(facet, "") != new_facets.get(facet, "")
        }
        if was is None or now is None or facets:
            kind = "added" if was is None else "removed" if now is None else "changed"
            label = (now or was or _Thing(key, {})).label
            yield Change(section=section, label=label, kind=kind, facets=facets)


def _sections(program: Program) -> Mapping[str, Mapping[str, _Thing]]:
    vocabulary = program.vocabulary
    return {
        "Program": _header(program),
        "Tiers": _tiers(program),
        "Requirements": _requirements(program),
        "Benefits": _benefits(program),
        "Security programs": {
            one.key: _thing(one.clause, one.key, one.since, _security_facets(one))
            for one in program.security_programs.values()
        },
        "Amounts": {a.name: _amounts(a, program) for a in program.amounts.values()},
        "Windows": {
            w.name: _thing(w.clause, w.name, w.since, {"rows": window_words(w)})
            for w in program.windows.values()
        },
        "Measures": {
            m.name: _thing(
                m.clause,
                m.name,
                m.since,
                {"title": m.title, "is": measure_words(m, program), "in words": m.phrase},
            )
            for m in program.measures.values()
        },
        "Settings": {name: _Thing(name, {"is": value}) for name, value in program.settings.items()},
        "Notes": {note: _Thing(note, {}) for note in program.notes},
        "Facts": {t.name: _table(t) for t in vocabulary.tables.values()},
        "Relations": {r.name: _table(r) for r in vocabulary.relations.values()},
    }


def _thing(clause: str, name: str, since: date, facets: Mapping[str, str]) -> _Thing:
    return _Thing(f"{clause} {name}", {"clause": clause, "since": day_words(since), **facets})


def _header(program: Program) -> Mapping[str, _Thing]:
    review = program.review
    facets = {
        "title": program.title,
        "source": program.source,
        "currency": program.currency,
        "time zone": program.time_zone,
        "placement": placement_words(program.placement),
        "vocabulary": f"{program.vocabulary.name}-{program.vocabulary.version}",
    }
    things = {
        "program": _Thing("the program", facets),
        "review": _thing(
            review.clause, "the review", review.since, {"takes place": calendar_words(review)}
        ),
    }
    if (held := review.assessments) is not None:
        days = {"take place": assessment_words(review)}
        things["assessments"] = _thing(held.clause, "assessments", held.since, days)
    return things


def _tiers(program: Program) -> Mapping[str, _Thing]:
    found: dict[str, _Thing] = {}
    below = "nothing"
    for tier in program.tiers.values():
        facets = {"title": tier.title, "given": tier_words(tier, program), "stands above": below}
        found[tier.name] = _thing(tier.clause, tier.name, tier.since, facets)
        below = tier.title
    return found


def _requirements(program: Program) -> Mapping[str, _Thing]:
    return {
        row.key: _thing(
            row.clause,
            row.key,
            row.since,
            {
                "title": row.title,
                **{
                    program.tiers[tier].title: condition_words(condition, program)
                    for tier, condition in row.by_tier.items()
                },
                "remedy": row.remedy,
                "who acts": acting_words(row),
            },
        )
        for row in program.requirements.values()
    }


def _benefits(program: Program) -> Mapping[str, _Thing]:
    return {
        row.key: _thing(
            row.clause,
            row.key,
            row.since,
            {
                "title": row.title,
                "kind": str(row.kind),
                **_amount_rules(row),
                **{program.tiers[t].title: cell_words(row, t, program) for t in row.by_tier},
            },
        )
        for row in program.benefits.values()
    }


def _amount_rules(row: Benefit) -> Mapping[str, str]:
    if row.kind is not BenefitKind.MONEY:
        return {}
    return {"what is left at the year's end": str(row.unspent), "a lower tier": str(row.lowered)}


def _security_facets(one: SecurityProgram) -> Mapping[str, str]:
    return {
        "title": one.title,
        "attests": one.attests,
        "ends": "" if one.until is None else day_words(one.until),
        "joins": one.joins.words,
        "evidence": ", ".join(f"{asked.title} ({asked.kind})" for asked in one.evidence),
        "valid": valid_words(one),
        "badge": f"{one.label}: {one.sentence}",
    }


def _amounts(amounts: Amounts, program: Program) -> _Thing:
    cells = {
        f"{value} since {day_words(first)}": _money(amount, program)
        for first, row in sorted(amounts.since.items())
        for value, amount in row.items()
    }
    facets = {"clause": amounts.clause, "title": amounts.title, "by": amounts.by, **cells}
    return _Thing(f"{amounts.clause} {amounts.name}", facets)


def _money(amount: Decimal, program: Program) -> str:
    return amount_words(amount, Type.MONEY, currency=program.currency)


def _table(table: Table | Relation) -> _Thing:
    columns = {f"column {column.name}": _column_words(column) for column in table.columns.values()}
    rest = (
        {"select": " ".join(table.sql.split()), "subject": table.subject}
        if isinstance(table, Relation)
        else {"key": ", ".join(table.key)}
    )
    dated = {"dated by": table.dated} if table.dated is not None else {}
    return _Thing(table.name, {"title": table.title, **columns, **rest, **dated})


def _column_words(column: Column) -> str:
    optional = ", may be empty" if column.optional else ""
    values = f" ({', '.join(column.values)})" if column.values else ""
    return f"{column.type}{values}{optional}"

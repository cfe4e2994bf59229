"""Explain: one subject's decision, down to the parts of each condition and the rows behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from assay.core.distances import distance_to, distance_to_share
from assay.core.explanations import (
    Distance,
    Evidence,
    Explanation,
    Finding,
    Judged,
    JudgedComparison,
    JudgedGroup,
    Measured,
    Outcome,
)
from assay.core.issues import Issue, Refused
from assay.core.program import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Measure,
    Operator,
    Program,
    Share,
)
from assay.engine.aggregates import INFINITE
from assay.engine.compile import Moment, compile_review, window_start
from assay.engine.duck import Session
from assay.engine.evidence import evidence_of
from assay.engine.judgements import bounds, stored_units
from assay.tables.duck import named
from assay.tables.held import Facts

MOST_ROWS = 1_000
SUBJECTS_AT_ONCE = 500


def explain(  # noqa: PLR0913 - whom, in what, when, and how much of it
    program: Program,
    facts: Facts,
    subject: str,
    *,
    on: date,
    rows: bool = False,
    most_rows: int = MOST_ROWS,
    scratch: Path,
) -> Explanation:
    """Explain the decision on `subject` in a review on day `on`.

    With `rows` the evidence of every measure is given, else only of those that a missing fact
    leaves open; at most `most_rows` of each standing (the counts are always complete). Raises
    Refused where there is no such subject.
    """
    moment = Moment.of(program, on)
    compiled = compile_review(program, on, totals=facts.totals, subject=subject)
    with Session.open(facts, program.vocabulary, scratch=scratch) as session:
        name = _name(session, program, subject)
        session.judge(compiled, moment)
        (judged,) = session.rows("SELECT * FROM judged").to_pylist()
        told = _Told(program, session, moment, on, rows=rows, most_rows=most_rows)
        (explanation,) = told.explanations([(subject, name, judged)])
        return explanation


def explain_all(
    program: Program,
    facts: Facts,
    *,
    on: date,
    most_rows: int = MOST_ROWS,
    scratch: Path,
) -> Iterator[Explanation]:
    """Yield the explanation of every subject in a review on day `on`, by key.

    Each is what `explain` gives without `rows`; all are judged in one pass over the facts.
    """
    moment = Moment.of(program, on)
    compiled = compile_review(program, on, totals=facts.totals, parts=True)
    with Session.open(facts, program.vocabulary, scratch=scratch) as session:
        session.judge(compiled, moment)
        yield from explain_judged(session, program, moment, most_rows=most_rows)


def explain_judged(
    session: Session, program: Program, moment: Moment, *, most_rows: int = MOST_ROWS
) -> Iterator[Explanation]:
    """Yield the explanation of every subject in the table `judged`, by key.

    `judged` has every part of every condition (`compile_review` with `parts`).
    """
    key, label = _columns(program)
    told = _Told(program, session, moment, moment.on, rows=False, most_rows=most_rows)
    judged = session.rows(
        f"SELECT subjects.{named(label)} AS named, judged.* FROM judged "
        f"JOIN {named(program.vocabulary.subject)} AS subjects "
        f"ON subjects.{named(key)} = judged.{named(key)} ORDER BY judged.{named(key)}"
    )
    for batch in judged.to_batches(max_chunksize=SUBJECTS_AT_ONCE):
        yield from told.explanations(
            (str(row[key]), None if row["named"] is None else str(row["named"]), row)
            for row in batch.to_pylist()
        )


class _Told:
    """What the explanations of one review share."""

    def __init__(
        self,
        program: Program,
        session: Session,
        moment: Moment,
        on: date,
        *,
        rows: bool,
        most_rows: int,
    ) -> None:
        self.program = program
        self.session = session
        self.moment = moment
        self.on = on
        self.rows = rows
        self.most_rows = most_rows
        self.windows = {
            window.name: window_start(window, moment.cut_off) for window in program.windows.values()
        }

    def explanations(
        self, judged: Iterable[tuple[str, str | None, Mapping[str, Any]]]
    ) -> Iterator[Explanation]:
        """Yield the explanation of each subject: its key, its name, its judged row."""
        rows = [(*one, measured_of(self.program, one[2])) for one in judged]
        asked: dict[str, list[str]] = {}
        for subject, _, _, measured in rows:
            for name, value in measured.items():
                if self.rows or not value.exact:
                    asked.setdefault(name, []).append(subject)
        told = (
            evidence_of(self.session, self.program, self.moment, asked, most_rows=self.most_rows)
            if asked
            else {}
        )
        for subject, label, row, measured in rows:
            yield self._explanation(subject, label, row, measured, told.get(subject, {}))

    def _explanation(
        self,
        subject: str,
        name: str | None,
        judged: Mapping[str, Any],
        measured: Mapping[str, Measured],
        evidence: Mapping[str, Evidence],
    ) -> Explanation:
        program = self.program
        return Explanation(
            program=program.label,
            program_digest=program.digest,
            facts_digest=self.session.facts.digest,
            subject=subject,
            name=name,
            on=self.on,
            cut_off=self.moment.cut_off,
            windows=self.windows,
            tier=str(judged["tier"]),
            measured=measured,
            findings=tuple(findings_of(program, judged, measured, tiers=program.ranked_tiers)),
            evidence={name: evidence[name] for name in measured if name in evidence},
        )


def _columns(program: Program) -> tuple[str, str]:
    """Return the subject's key column, and the column that names it (the key where none does)."""
    table = program.vocabulary.tables[program.vocabulary.subject]
    return table.key[0], "name" if "name" in table.columns else table.key[0]


def _name(session: Session, program: Program, subject: str) -> str | None:
    """Return the subject's name, None where it has none; raises Refused where it is not known."""
    table = program.vocabulary.tables[program.vocabulary.subject]
    key, label = _columns(program)
    found = session.connection.execute(
        f"SELECT {named(label)} FROM {named(table.name)} WHERE {named(key)} = ?", [subject]
    ).fetchone()
    if found is not None:
        return None if found[0] is None else str(found[0])
    rows = session.connection.execute(f"SELECT {named(key)} FROM {named(table.name)}").fetchall()
    close = get_close_matches(subject, [str(row[0]) for row in rows], n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"{len(rows)} are known"
    raise Refused(Issue(file=table.name, column=key, value=subject, message="not known", hint=hint))


def measured_of(program: Program, judged: Mapping[str, Any]) -> dict[str, Measured]:
    """Return the measured values of one judged row, by measure."""
    found = {}
    for measure in program.measures.values():
        if isinstance(measure, Measure):
            low, high = (judged[column.strip('"')] for column in bounds(measure))
            found[measure.name] = Measured(
                measure=measure.name,
                type=measure.type,
                low=None if abs(low) == INFINITE else int(low),
                high=None if abs(high) == INFINITE else int(high),
                none=bool(judged.get(f"{measure.name}__none", False)),
            )
    return found


def findings_of(
    program: Program,
    judged: Mapping[str, Any],
    measured: Mapping[str, Measured],
    *,
    tiers: Iterable[str],
) -> Iterator[Finding]:
    """Yield the findings on `tiers` of one judged row, which has the columns of every part."""
    for tier in tiers:
        for requirement in program.requirements.values():
            if tier not in requirement.by_tier:
                continue
            condition = requirement.by_tier[tier]
            name = f"{requirement.key}__{tier}"
            parts = _Parts(program, judged, measured, name)
            yield Finding(
                tier=tier,
                requirement=requirement.key,
                clause=requirement.clause,
                outcome=Outcome.of(judged[name]),
                text=requirement.texts[tier],
                judged=parts.judge(condition),
                measures=tuple(measure.name for measure in program.measures_of(condition)),
            )


class _Parts:
    """Walks a condition in the order in which its parts are numbered."""

    def __init__(
        self,
        program: Program,
        judged: Mapping[str, Any],
        measured: Mapping[str, Measured],
        name: str,
    ) -> None:
        self.program = program
        self.judged = judged
        self.measured = measured
        self.name = name
        self.number = 0

    def judge(self, condition: Condition) -> Judged:
        outcome = Outcome.of(self.judged[f"{self.name}__{self.number}"])
        self.number += 1
        match condition:
            case Comparison():
                distance = None if outcome is Outcome.UNKNOWN else self._distance(condition)
                return JudgedComparison(comparison=condition, outcome=outcome, distance=distance)
            case AllOf(parts):
                kind = "all"
            case AnyOf(parts):
                kind = "any"
            case _:
                kind, parts = "not", (condition.part,)
        inner = tuple(self.judge(part) for part in parts)
        return JudgedGroup(kind=kind, outcome=outcome, parts=inner)

    def _distance(self, comparison: Comparison) -> Distance | None:
        measure = self.program.measures[comparison.measure]
        if isinstance(measure, Share):
            rising = comparison.operator in (Operator.GE, Operator.GT)
            if isinstance(comparison.bound, str) or not rising:
                return None  # no more of the part would bring it there
            part, whole = self.measured[measure.part], self.measured[measure.whole]
            return distance_to_share(part, whole, comparison.bound)
        if isinstance(comparison.bound, str):
            other = self.measured[comparison.bound]
            if not other.exact or other.low is None:
                return None
            bound = other.low
        else:
            bound = stored_units(comparison.bound, measure.type)
        return distance_to(self.measured[measure.name], comparison.operator, bound)

"""The record of a closed review: what it decided on every partner and what that rests on.

It is one document of plain values in one spelling (`core.canonical`), signed as a whole. Its
fields are stable: `FORMAT` changes with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.core.canonical import canonical, sha256

FORMAT = "assay-review-record/1"
KIND = "assay-review-record"
OUTCOMES = ("met", "not_met", "unknown")

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The first thing in which two sets of decisions differ; `requirement` may be empty."""

    partner: str
    requirement: str
    recorded: str
    computed: str

    def __str__(self) -> str:
        """Say it in one line."""
        where = f"{self.partner}, {self.requirement}" if self.requirement else self.partner
        return f"{where}: recorded {self.recorded}, computed {self.computed}"


def findings_told(explanation: Mapping[str, Any]) -> list[Document]:
    """Return the findings of an explanation's document (`assay explain --json`), in its order.

    `measured` is what `assay review` writes of a finding: the values it was judged on.
    """
    return [
        finding(
            tier=tier["tier"],
            requirement=asked["requirement"],
            clause=asked["clause"],
            outcome=asked["outcome"],
            measured={
                name: _measured(explanation["measures"][name])
                for name in _measures(asked["judged"], explanation["shares"])
            },
        )
        for tier in explanation["tiers"]
        for asked in tier["requirements"]
    ]


def finding(
    *, tier: str, requirement: str, clause: str, outcome: str, measured: Mapping[str, Any]
) -> Document:
    """Return a finding as a record has it."""
    return {
        "tier": tier,
        "requirement": requirement,
        "clause": clause,
        "outcome": outcome,
        "measured": dict(measured),
    }


def _measures(judged: Mapping[str, Any], shares: Mapping[str, Any]) -> Iterator[str]:
    """Yield the measures that a judged condition rests on, shares by their two parts."""
    if judged["kind"] == "comparison":
        for name in (judged["measure"], judged["bound"]):
            if name in shares:
                yield shares[name]["whole"]
                yield shares[name]["part"]
            elif name == judged["measure"] or not _is_number(name):
                yield name
    for part in judged.get("parts", ()):
        yield from _measures(part, shares)


def _is_number(bound: str) -> bool:
    return bound.lstrip("-")[:1].isdigit()


def _measured(measure: Mapping[str, Any]) -> object:
    low, high = measure["at_least"], measure["at_most"]
    if measure["no_rows"]:
        return None
    return low if low == high else {"at_least": low, "at_most": high}


def findings_digest(findings: Sequence[Document]) -> str:
    """Return the SHA-256 of a decision's findings in their one spelling."""
    return sha256(canonical(findings))


def program_digest(program: str, vocabulary: str) -> str:
    """Return the digest of a rule by its two texts, as `documents.programs` names it."""
    return hashlib.sha256(f"{program}\0{vocabulary}".encode()).hexdigest()


def granted_on(decision: Document, day: str) -> str:
    """Return the tier that a decision's grants give on a day, `none` where there is none."""
    held = "none"
    for grant in decision["grants"]:
        if grant["since_on"] <= day and (grant["until_on"] is None or day < grant["until_on"]):
            held = grant["tier"]
    return held


def counts_of(decisions: Sequence[Document], tiers: Sequence[str], day: str) -> Document:
    """Count partners by computed tier, and by the tier granted on a day; lowest tier first."""
    computed, granted = dict.fromkeys(tiers, 0), dict.fromkeys(tiers, 0)
    for decision in decisions:
        computed[decision["tier"]] += 1
        granted[granted_on(decision, day)] += 1
    return {"computed": computed, "granted": granted}


def faults(record: Document) -> Iterator[str]:
    """Yield what in a record does not go together; raises KeyError or TypeError for no record."""
    if record["format"] != FORMAT:
        yield f"its format is {record['format']!r:.60}, not {FORMAT}"
        return
    program, decisions = record["program"], record["decisions"]
    if program_digest(program["text"], program["vocabulary"]) != program["digest"]:
        yield "the program's text is not the one that its digest names"
    partners = [decision["partner"] for decision in decisions]
    if partners != sorted(set(partners)):
        yield "partners are not in order, or stand there twice"
    for decision in decisions:
        if findings_digest(decision["findings"]) != decision["digest"]:
            yield f"{decision['partner']}: the findings are not those that their digest names"
        if {found["outcome"] for found in decision["findings"]} - {*OUTCOMES}:
            yield f"{decision['partner']}: an outcome is none of {', '.join(OUTCOMES)}"
    if counts_of(decisions, record["tiers"], record["effective_on"]) != record["counts"]:
        yield "the counts are not those of its decisions"


def first_difference(
    recorded: Sequence[Document], computed: Sequence[Document]
) -> Difference | None:
    """Return the first difference of partner, tier or finding; None where all bytes are equal."""
    others = {decision["partner"]: decision for decision in computed}
    for decision in recorded:
        other = others.pop(decision["partner"], None)
        if other is None:
            return _difference(decision, "", "a decision", "none")
        found = _differing(decision, other)
        if found is not None:
            return found
    return next((_difference(other, "", "none", "a decision") for other in others.values()), None)


def _differing(decision: Document, other: Document) -> Difference | None:
    if decision["tier"] != other["tier"]:
        return _difference(decision, "", decision["tier"], other["tier"])
    ours, theirs = decision["findings"], other["findings"]
    for one, two in zip(ours, theirs, strict=False):
        if canonical(one) != canonical(two):
            named = f"{one['requirement']} for {one['tier']}"
            return _difference(decision, named, _spelt(one), _spelt(two))
    if len(ours) != len(theirs):
        return _difference(decision, "", f"{len(ours)} findings", f"{len(theirs)} findings")
    return None


def _difference(decision: Document, requirement: str, recorded: str, computed: str) -> Difference:
    return Difference(
        partner=decision["partner"], requirement=requirement, recorded=recorded, computed=computed
    )


def _spelt(found: Document) -> str:
    return canonical(found).decode()

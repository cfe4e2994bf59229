"""The credited tier beside the performing one: is it safe, what changed, what comes next.

Both are documents of explanations (`words.explanation_document`); nothing is computed here but
what stands in one and not in the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assay.core.program import Program
from assay.words.dates import day_words
from assay.words.findings import OUTCOMES
from assay.words.standing import NO_TIER

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer to "am I safe?": `state` is safe, rising, at_risk, none or unknown."""

    state: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is otherwise than it was: a requirement's outcome for a tier, or a measured value."""

    title: str
    clause: str
    before: str
    after: str
    outcome: str = ""
    measure: str = ""


def verdict(credited: Document | None, performing: Document | None) -> Verdict:
    """Say whether the credited tier is safe on the facts that performing rests on."""
    if performing is None:
        return _without_performing(credited)
    seen = f"on the facts up to {_last_day(performing)}"
    held = performing["tier_title"]
    if credited is None:
        first = "No review has placed you yet."
        if performing["tier"] == NO_TIER:
            return Verdict(state="none", words=f"{first} {_upper(seen)} you would hold no tier.")
        return Verdict(state="none", words=f"{first} {_upper(seen)} you would hold {held}.")
    return _between(credited, performing, seen)


def _without_performing(credited: Document | None) -> Verdict:
    if credited is None:
        words = "No review has placed you yet, and no facts about you have come."
        return Verdict(state="unknown", words=words)
    words = f"{_holds(credited)} Where you stand since then is not computed yet."
    return Verdict(state="unknown", words=words)


def _between(credited: Document, performing: Document, seen: str) -> Verdict:
    was, now = _rank(credited), _rank(performing)
    if now < was:
        lost = _tier(performing, credited["tier"])
        words = f"{_holds(credited)} It is at risk: {seen} you would hold "
        words += "no tier." if performing["tier"] == NO_TIER else f"{performing['tier_title']}."
        return Verdict(state="at_risk", words=f"{words} {lost['sentence']}" if lost else words)
    if now > was:
        words = f"{_holds(credited)} {_upper(seen)} you would rise to {performing['tier_title']}."
        return Verdict(state="rising", words=words)
    if performing["tier"] == NO_TIER:
        words = f"{_holds(credited)} {_upper(seen)} that is so still."
        return Verdict(state="none", words=words)
    room = (_tier(performing, performing["tier"]) or {}).get("narrowest")
    words = f"{_holds(credited)} {_upper(seen)} you would keep it"
    return Verdict(state="safe", words=f"{words}: {room}." if room else f"{words}.")


def changes(before: Document, after: Document) -> Iterator[Change]:
    """Yield what is otherwise in `after`: outcomes by tier and requirement, then values."""
    old = {tier["tier"]: tier for tier in before["tiers"]}
    for tier in after["tiers"]:
        told = {one["requirement"]: one for one in old.get(tier["tier"], tier)["requirements"]}
        for one in tier["requirements"]:
            was = told.get(one["requirement"], one)["outcome"]
            if was != one["outcome"]:
                yield Change(
                    title=f"{tier['title']}: {one['title']}",
                    clause=one["clause"],
                    before=_OUTCOMES[was],
                    after=_OUTCOMES[one["outcome"]],
                    outcome=one["outcome"],
                )
    for name, measure in after["measures"].items():
        was = before["measures"].get(name, measure)["words"]
        if was != measure["words"]:
            yield Change(
                title=measure["title"],
                clause=measure["clause"],
                before=was,
                after=measure["words"],
                measure=name,
            )


def missing_sentence(explanation: str, program: Program, tier: str) -> str:
    """Say what is missing for a tier, as its page does; of a tier without requirements, all.

    `explanation` is the text of a document.
    """
    document = json.loads(explanation)
    for standing in document["tiers"]:
        if standing["tier"] == tier and tier in program.ranked_tiers:
            return str(standing["sentence"])
    return str(document["answer"])


_OUTCOMES = {outcome.value: words for outcome, words in OUTCOMES.items()}


def _holds(document: Document) -> str:
    if document["tier"] == NO_TIER:
        return "You hold no tier."
    return f"You hold {document['tier_title']}."


def _rank(document: Document) -> int:
    """Place a tier in its program: how many tiers are below it."""
    titles = [NO_TIER, *document["order"]]
    return titles.index(document["tier"])


def _tier(document: Document, name: str) -> Mapping[str, Any] | None:
    return next((tier for tier in document["tiers"] if tier["tier"] == name), None)


def _last_day(document: Document) -> str:
    return day_words(date.fromordinal(date.fromisoformat(document["cut_off"]).toordinal() - 1))


def _upper(words: str) -> str:
    return words[0].upper() + words[1:]

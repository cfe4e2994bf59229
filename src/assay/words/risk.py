"""A partner's risk in words: what fails now, what would at each pace, and the least that cures it.

The documents are those of explanations (`words.explanation_document`): of today's evidence, and of
what the coming review would find at each pace. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assay.core.program import Program
from assay.core.risk import Level
from assay.words.dates import day_words
from assay.words.standing import tier_title

Document = Mapping[str, Any]
_LEAST = {"short": "more", "too much": "less", "too many": "fewer", "too slow": "faster"}


def fails(document: Document, tier: str) -> bool:
    """Tell whether a document finds a tier's own requirements not all met."""
    return any(one["outcome"] != "met" for one in _requirements(document, tier))


def risk_document(
    now: Document, paces: Mapping[int, Document], *, tier: str, level: Level
) -> dict[str, Any]:
    """Return why a tier is at this level: each requirement that fails somewhere, and its cures.

    A requirement has its title, clause and rule, what is found now and at each pace of months,
    `cures`: the least by each alternative, and the `remedy`.
    """
    asked = {one["requirement"]: one for one in _requirements(now, tier)}
    at_pace = {
        months: {one["requirement"]: one for one in _requirements(document, tier)}
        for months, document in paces.items()
    }
    rows = []
    for key, one in asked.items():
        there = {months: found[key] for months, found in at_pace.items() if key in found}
        if one["outcome"] == "met" and all(o["outcome"] == "met" for o in there.values()):
            continue
        worst = max((one, *there.values()), key=lambda o: o["outcome"] != "met")
        rows.append(
            {
                "requirement": key,
                "title": one["title"],
                "clause": one["clause"],
                "rule": one["words"],
                "now": _found(one),
                "paces": {str(months): _found(found) for months, found in there.items()},
                "cures": list(_cures(worst["parts"])),
                "remedy": one["remedy"] or "",
                "missing_facts": one["missing_facts"] or "",
            }
        )
    return {
        "tier": tier,
        "level": level.value,
        "requirements": rows,
        "paces": {
            str(months): {"tier": document["tier"], "tier_title": document["tier_title"]}
            for months, document in paces.items()
        },
        "as_of": now["as_of"],
    }


def risk_sentence(level: Level, tier: str, review_on: date, program: Program) -> str:
    """Say the level in a sentence."""
    title, day = tier_title(tier, program), day_words(review_on)
    return {
        Level.FINE: f"You would keep {title} at the review of {day}, now and at your pace.",
        Level.WATCH: f"You would keep {title} now, but at one of two paces not at the review of "
        f"{day}.",
        Level.AT_RISK: f"{title} is at risk for the review of {day}.",
        Level.WILL_LOSE: f"You will lose {title} at the review of {day} unless something changes.",
    }[level]


def risk_body(document: Document, sentence: str, person: str) -> str:
    """Write the letter to a partner: each requirement, its figures, the least that cures it."""
    parts = [sentence]
    for row in document["requirements"]:
        lines = [f"{row['title']} ({row['clause']}): {row['rule']}."]
        lines.append(f"Now: {row['now']['words']}.")
        lines += [
            f"At the pace of the last {months} months: {found['words']}."
            for months, found in row["paces"].items()
        ]
        if row["cures"]:
            lines.append(f"The least that cures it: {'; or '.join(row['cures'])}.")
        if row["missing_facts"]:
            lines.append(f"Not known: {row['missing_facts']}.")
        if row["remedy"]:
            lines.append(f"Next step: {row['remedy']}")
        parts.append(" ".join(lines))
    parts.append(f"Talk to {person}.")
    return "\n\n".join(parts)


def _requirements(document: Document, tier: str) -> list[Document]:
    for standing in document["tiers"]:
        if standing["tier"] == tier:
            found: list[Document] = standing["requirements"]
            return found
    return []


def _found(one: Document) -> dict[str, str]:
    words = _line_words(one["parts"]) or one["words"]
    return {"outcome": one["outcome"], "words": words, "distance": one["distance"]}


def _line_words(line: Document) -> str:
    if line["kind"] == "comparison":
        return str(line["found"])
    return ", ".join(dict.fromkeys(filter(None, (_line_words(part) for part in line["parts"]))))


def _cures(line: Document) -> list[str]:
    """Name what is missing: for alternatives, of each; of parts that must all hold, together."""
    if line["outcome"] == "met":
        return []
    if line["kind"] == "comparison":
        return [_least(line["distance"])] if line["distance"] else []
    told = [_cures(part) for part in line["parts"]]
    if line["kind"] == "any":
        return [words for some in told for words in some]
    together = " and ".join(" or ".join(some) for some in told if some)
    return [together] if together else []


def _least(distance: str) -> str:
    """Say what is missing (`words.findings`) as what there has to be."""
    for missing, least in _LEAST.items():
        if distance.endswith(f" {missing}"):
            return f"{distance.removesuffix(missing)}{least}"
    return distance

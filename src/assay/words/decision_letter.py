"""A decision letter: what a review decided on a partner, why, what follows, how to appeal.

It is written once from values that are kept, and kept itself as JSON; page, mail and PDF show it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assay.core.appeals import Period
from assay.core.benefits import changes, entitled
from assay.core.program import Program
from assay.words.benefits import change_words
from assay.words.dates import day_words
from assay.words.standing import NO_TIER, tier_title


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a letter: its title, paragraphs, and the lines of a list after them."""

    title: str
    paragraphs: tuple[str, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DecisionLetter:
    """A letter to a partner; `opening` says the decision, the sections all else."""

    partner: str
    subject: str
    day: str
    opening: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What was granted: by which cause, from when, until which day it is not (None: no end).

    `held` is the tier before, which is `spared` where the program's grace keeps it until
    `since_on`; `computed` is what the engine decided. `reason` is what the program team says.
    """

    tier: str
    computed: str
    held: str
    cause: str
    since_on: date
    until_on: date | None
    spared: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who to talk to: the partner's own manager or the program team, and how they are reached."""

    name: str
    email: str
    reach: str = ""
    manages: bool = False


def decision_letter(  # noqa: PLR0913 - of what, to whom, by which rules
    document: Mapping[str, Any],
    granted: Granted,
    program: Program,
    *,
    reviewed_on: date,
    written_on: date,
    appeal: Period | None,
    contact: Contact,
) -> DecisionLetter:
    """Write the letter of a decision; `document` is its explanation, `appeal` None after one."""
    name = document["name"] or document["subject"]
    title = tier_title(granted.tier, program)
    sections = (
        Section(title="Your tier", paragraphs=tuple(_tiers(granted, program))),
        _findings(document),
        _benefits(granted, program),
        Section(title="The next review", paragraphs=(_next_review(reviewed_on, program),)),
        Section(title="If you disagree", paragraphs=(_appeal(appeal, written_on),)),
        Section(title="Who to talk to", paragraphs=(_contact(contact),)),
    )
    return DecisionLetter(
        partner=str(name),
        subject=f"{_cause(granted)} of {day_words(reviewed_on)}: {title}",
        day=day_words(written_on),
        opening=_opening(str(name), granted, title, reviewed_on),
        sections=sections,
    )


def letter_as_text(letter: DecisionLetter) -> str:
    """Write a letter as the paragraphs of a mail, parted by empty lines."""
    parts = [letter.opening]
    for section in letter.sections:
        parts.append("\n".join([f"{section.title}.", *section.paragraphs]))
        if section.lines:
            parts.append("\n".join(f"- {line}" for line in section.lines))
    return "\n\n".join(parts)


def letter_to_json(letter: DecisionLetter) -> str:
    """Return a letter as the text that is kept."""
    return json.dumps(asdict(letter), ensure_ascii=False, separators=(",", ":"))


def letter_from_json(text: str) -> DecisionLetter:
    """Read a letter as it was kept."""
    found = json.loads(text)
    sections = tuple(
        Section(title=one["title"], paragraphs=tuple(one["paragraphs"]), lines=tuple(one["lines"]))
        for one in found.pop("sections")
    )
    return DecisionLetter(**found, sections=sections)


def _cause(granted: Granted) -> str:
    return "Appeal in the review" if granted.cause == "appeal" else "Review"


def _opening(name: str, granted: Granted, title: str, reviewed_on: date) -> str:
    by = "After an appeal, the" if granted.cause == "appeal" else "The"
    from_day = day_words(granted.since_on)
    tier = "no tier" if granted.tier == NO_TIER else f"the tier {title}"
    return (
        f"{by} review of {day_words(reviewed_on)} credits {name} with {tier}, from {from_day} on."
    )


def _tiers(granted: Granted, program: Program) -> Iterator[str]:
    title, held = tier_title(granted.tier, program), _held_title(granted, program)
    yield f"Now: {title}. Before: {held}."
    if granted.spared:
        yield (
            f"You keep {held} until {day_words(_before(granted.since_on))}; {title} takes effect "
            f"on {day_words(granted.since_on)}."
        )
    elif _is_lower(granted, program):
        yield (
            f"It takes effect on {day_words(granted.since_on)}: the program sets no grace for "
            "a lower tier."
        )
    if granted.until_on is not None:
        last = day_words(_before(granted.until_on))
        yield f"{title} is granted until {last}; then the computed tier counts."
    if granted.cause in _BY:
        computed = tier_title(granted.computed, program)
        yield f"The facts give: {computed}. Granted by {_BY[granted.cause]}: {title}."
    if granted.reason:
        yield f"The reason: {granted.reason}"


def _held_title(granted: Granted, program: Program) -> str:
    """Name the tier before, which may be one of an earlier version that the program has no more."""
    if granted.held in (NO_TIER, *program.tiers):
        return tier_title(granted.held, program)
    return granted.held.capitalize()


_BY = {
    "waiver": "a waiver of the program team",
    "correction": "a correction of the program team",
    "appeal": "the decision on an appeal",
}


def _is_lower(granted: Granted, program: Program) -> bool:
    order = [NO_TIER, *program.tiers]
    return granted.held in order and order.index(granted.tier) < order.index(granted.held)


def _before(day: date) -> date:
    return day.fromordinal(day.toordinal() - 1)


def _findings(document: Mapping[str, Any]) -> Section:
    """Say what was found, in the sentences of the explanation."""
    lines = [
        f"{one['title']} ({one['clause']}): {_OUTCOMES[one['outcome']]}. {_upper(one['words'])}."
        + (f" {_upper(one['distance'])}." if one["distance"] else "")
        for tier in document["tiers"]
        if tier["tier"] == (document["next_tier"] or document["tier"])
        for one in tier["requirements"]
    ]
    asked = next(
        (t["title"] for t in document["tiers"] if t["tier"] == document["next_tier"]),
        document["tier_title"],
    )
    paragraphs = [document["answer"], document["as_of"]]
    if lines:
        paragraphs.append(f"What {asked} asks, and what was found:")
    return Section(title="What was found", paragraphs=tuple(paragraphs), lines=tuple(lines))


_OUTCOMES = {"met": "met", "not_met": "not met", "unknown": "not known, facts are missing"}


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _benefits(granted: Granted, program: Program) -> Section:
    """Say what changes in benefits by the program's file; nothing where nothing does."""
    held = entitled(program.benefits, granted.held)
    found = changes(held, entitled(program.benefits, granted.tier))
    lines = tuple(
        change_words(one, program, tier=granted.tier, on=granted.since_on) for one in found
    )
    words = "What your tier gives changes:" if lines else "What your tier gives stays as it is."
    return Section(title="Your benefits", paragraphs=(words,), lines=lines)


def _next_review(reviewed_on: date, program: Program) -> str:
    cut_off = program.review.next_cut_off(reviewed_on)
    last = day_words(_before(cut_off))
    return f"The next review is on {day_words(cut_off)}. It counts facts up to {last}."


def _appeal(appeal: Period | None, written_on: date) -> str:
    if appeal is None:
        return "This decides the appeal; it stands until the next review."
    rule = (
        "as the program says"
        if appeal.by_program
        else f"the program sets no period, the program team gives {appeal.days} days"
    )
    return (
        f"An owner of yours can appeal until {day_words(appeal.last_day(written_on))} ({rule}): "
        "open the decision in the portal, state your case and attach what shows it. Two people of "
        "the program team decide, and you are told with a reason."
    )


def _contact(contact: Contact) -> str:
    who = "Your technical partner manager" if contact.manages else "The program team"
    reach = f" {contact.reach}" if contact.reach else ""
    return f"{who}: {contact.name}, {contact.email}.{reach}"

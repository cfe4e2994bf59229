"""Where a subject stands: the answer in a sentence, and every requirement of every tier."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assay.core.explanations import Explanation, Finding, Outcome
from assay.core.nearness import room_of, scale_of, way_to
from assay.core.program import Program
from assay.words.conditions import condition_words, lower_first
from assay.words.dates import day_words, last_day, window_words
from assay.words.definitions import acting_words
from assay.words.evidence import missing_words
from assay.words.findings import (
    Line,
    distance_words,
    distances_of,
    finding_line,
    value_words,
)

NO_TIER = "none"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A requirement as one tier asks it.

    `who` names whose work cures it; `missing` says which facts leave it open, or is "".
    """

    key: str
    title: str
    clause: str
    remedy: str
    who: str
    text: str
    line: Line
    missing: str


@dataclass(frozen=True, kw_only=True)
class TierStanding:
    """One tier placed by requirements: whether it is held, is the next above, and what it asks.

    `steps` are the requirements that are not met, the nearest to it first, those not known last.
    `narrowest` is what the tier would be lost by first ("" where it has no room to tell of).
    """

    tier: str
    title: str
    held: bool
    is_next: bool
    asked: tuple[Asked, ...]
    steps: tuple[str, ...]
    narrowest: str

    @property
    def unmet(self) -> tuple[Asked, ...]:
        """The requirements that are not met, or not known to be."""
        return tuple(asked for asked in self.asked if asked.line.outcome is not Outcome.MET)

    @property
    def sentence(self) -> str:
        """Say what is missing for the tier, or that nothing is."""
        if not self.asked:
            return f"{self.title} asks for nothing, so nobody is placed there."
        return _missing_sentence(self) if self.unmet else f"All that {self.title} asks for is met."


def tier_title(tier: str | None, program: Program) -> str:
    """Return the title of a tier; `none` has none."""
    return "No tier" if tier in (NO_TIER, None) else program.tiers[str(tier)].title


def subject_words(subject: str, name: str | None) -> str:
    """Name a subject: `Acme (P1)`, or its key alone."""
    return f"{name} ({subject})" if name else subject


def standings(explanation: Explanation, program: Program) -> tuple[TierStanding, ...]:
    """Return every tier that is placed by requirements, lowest first."""
    following = program.next_tier(explanation.tier)
    return tuple(
        TierStanding(
            tier=tier,
            title=program.tiers[tier].title,
            held=tier == explanation.tier,
            is_next=tier == following,
            asked=tuple(_asked(finding, explanation, program) for finding in of_tier),
            steps=_steps(of_tier, explanation, program),
            narrowest=_narrowest(of_tier, explanation, program),
        )
        for tier in program.ranked_tiers
        for of_tier in [[found for found in explanation.findings if found.tier == tier]]
    )


def _steps(findings: list[Finding], explanation: Explanation, program: Program) -> tuple[str, ...]:
    """Order the requirements that are not met by how far they are from it."""
    ways: dict[str, tuple[bool, Fraction]] = {}
    for found in findings:
        if found.outcome is not Outcome.MET:
            condition = program.requirements[found.requirement].by_tier[found.tier]
            scale = scale_of(condition, program)
            way = way_to(found.judged, explanation.measured, program, scale=scale)
            unknown = found.outcome is Outcome.UNKNOWN
            ways[found.requirement] = unknown, way or Fraction(0)
    return tuple(sorted(ways, key=lambda key: ways[key]))


def _narrowest(findings: list[Finding], explanation: Explanation, program: Program) -> str:
    """Say the room of a tier whose requirements are all met: the least of them."""
    if not findings or any(found.outcome is not Outcome.MET for found in findings):
        return ""
    measured = explanation.measured
    rooms = [room for f in findings if (room := room_of(f.judged, measured, program))]
    if not rooms:
        return ""
    _, judged = min(rooms, key=lambda room: room[0])
    words = distance_words(judged, measured, program)
    title = lower_first(program.measures[judged.comparison.measure].title)
    return f"{title}, {words}" if words else ""


def answer(
    explanation: Explanation, program: Program, told: tuple[TierStanding, ...] | None = None
) -> tuple[str, ...]:
    """Answer in sentences: the tier, what is missing for the next one, what it is as of.

    `told` are the standings of the explanation, where somebody has them already.
    """
    subject = subject_words(explanation.subject, explanation.name)
    day = day_words(explanation.on)
    if explanation.tier == NO_TIER:
        held = f"{subject} holds no tier as of {day}."
    else:
        held = f"{subject} holds {tier_title(explanation.tier, program)} as of {day}."
    sentences = [held, *_base_sentences(explanation, program)]
    told = standings(explanation, program) if told is None else told
    sentences += [_missing_sentence(standing) for standing in told if standing.is_next]
    if explanation.tier in program.tiers and program.next_tier(explanation.tier) is None:
        sentences.append("There is no higher tier.")
    return tuple(sentences)


def as_of(explanation: Explanation, program: Program) -> str:
    """Say which facts the answer rests on: the last day that counts, and the windows."""
    last = day_words(last_day(explanation.cut_off))
    windows = "; ".join(
        window_words(name, first, explanation.cut_off, program)
        for name, first in explanation.windows.items()
    )
    return f"Facts up to {last} count" + (f": {windows}." if windows else ".")


def next_review_words(explanation: Explanation, program: Program) -> str:
    """Say how long facts can still change the next review: the last day that counts in it."""
    cut_off = program.review.next_cut_off(explanation.on)
    days = (cut_off - explanation.on).days
    return (
        f"The next review counts facts up to {day_words(last_day(cut_off))}: "
        f"{days} day{'' if days == 1 else 's'} left"
    )


def _base_sentences(explanation: Explanation, program: Program) -> list[str]:
    """Say what the lowest tier asks of a subject that holds none."""
    if explanation.tier != NO_TIER:
        return []
    lowest = next(iter(program.tiers.values()))
    if lowest.base is None:
        return []
    found = "; ".join(
        f"{lower_first(measure.title)}: {value_words(explanation.measured[measure.name], program)}"
        for measure in program.measures_of(lowest.base)
    )
    return [f"{lowest.title} asks for {condition_words(lowest.base, program)} ({found})."]


def _missing_sentence(standing: TierStanding) -> str:
    unmet = [a for a in standing.unmet if a.line.outcome is Outcome.NOT_MET]
    unknown = [a for a in standing.unmet if a.line.outcome is Outcome.UNKNOWN]
    asked = len(standing.asked)
    said: list[str] = []
    for outcome, found in (("not met", unmet), ("unknown", unknown)):
        if found:
            of = f" of {asked} requirement{'' if asked == 1 else 's'}" if not said else ""
            is_are = "is" if len(found) == 1 else "are"
            said.append(f"{len(found)}{of} {is_are} {outcome}: {'; '.join(map(_named, found))}")
    return f"For {standing.title}, {', and '.join(said)}."


def _named(asked: Asked) -> str:
    distance = asked.missing or distances_of(asked.line)
    return f"{lower_first(asked.title)}" + (f" ({distance})" if distance else "")


def _asked(finding: Finding, explanation: Explanation, program: Program) -> Asked:
    requirement = program.requirements[finding.requirement]
    line = finding_line(finding, explanation.measured, program)
    unknown = finding.outcome is Outcome.UNKNOWN
    return Asked(
        key=finding.requirement,
        title=requirement.title,
        clause=finding.clause,
        remedy=requirement.remedy,
        who=acting_words(requirement),
        text=finding.text,
        line=line,
        missing=missing_words(finding, explanation, program) if unknown else "",
    )

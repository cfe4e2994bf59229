"""Where a subject stands: the answer in a sentence, and every requirement of every tier."""

from __future__ import annotations

from dataclasses import dataclass

from assay.core.explanations import Explanation, Finding, Outcome
from assay.core.program import Program
from assay.words.conditions import condition_words, lower_first
from assay.words.dates import day_words, last_day, window_words
from assay.words.evidence import missing_words
from assay.words.findings import Line, distances_of, finding_line, value_words

NO_TIER = "none"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A requirement as one tier asks it. `missing` says which facts leave it open, or is ""."""

    key: str
    title: str
    clause: str
    remedy: str
    text: str
    line: Line
    missing: str


@dataclass(frozen=True, kw_only=True)
class TierStanding:
    """One tier placed by requirements: whether it is held, is the next above, and what it asks."""

    tier: str
    title: str
    held: bool
    is_next: bool
    asked: tuple[Asked, ...]

    @property
    def unmet(self) -> tuple[Asked, ...]:
        """The requirements that are not met, or not known to be."""
        return tuple(asked for asked in self.asked if asked.line.outcome is not Outcome.MET)


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
            asked=tuple(
                _asked(finding, explanation, program)
                for finding in explanation.findings
                if finding.tier == tier
            ),
        )
        for tier in program.ranked_tiers
    )


def answer(explanation: Explanation, program: Program) -> tuple[str, ...]:
    """Answer in sentences: the tier, what is missing for the next one, what it is as of."""
    subject = subject_words(explanation.subject, explanation.name)
    day = day_words(explanation.on)
    if explanation.tier == NO_TIER:
        held = f"{subject} holds no tier as of {day}."
    else:
        held = f"{subject} holds {tier_title(explanation.tier, program)} as of {day}."
    sentences = [held, *_base_sentences(explanation, program)]
    sentences += [_missing_sentence(s) for s in standings(explanation, program) if s.is_next]
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
        text=finding.text,
        line=line,
        missing=missing_words(finding, explanation, program) if unknown else "",
    )

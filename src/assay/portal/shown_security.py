"""Security programs as pages show them: badges, evidence, awards, in words of the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assay.core.facts import Type
from assay.core.security import EvidenceKind, SecurityProgram
from assay.jobs.security.enrolment_rows import rules
from assay.store.queries.security.badges import Badge
from assay.store.queries.security.enrolments import EnrolmentPage, ShownFile
from assay.words.conditions import stored_words


@dataclass(frozen=True, kw_only=True)
class ShownBadge:
    """A badge with what it says and attests, and since when."""

    label: str
    title: str
    sentence: str
    attests: str
    since: date


def shown_badges(badges: Iterable[Badge]) -> list[ShownBadge]:
    """Return badges in the program's words; one whose security program is gone does not show."""
    known = rules().security_programs
    return [
        ShownBadge(
            label=known[badge.program].label,
            title=known[badge.program].title,
            sentence=known[badge.program].sentence,
            attests=known[badge.program].attests,
            since=badge.since,
        )
        for badge in badges
        if badge.program in known
    ]


@dataclass(frozen=True, kw_only=True)
class ShownEvidence:
    """A piece of evidence: what was asked, its kind, and what was shown ("" for nothing)."""

    title: str
    kind: str
    value: Any
    file: ShownFile | None


def shown_evidence(page: EnrolmentPage, program: SecurityProgram) -> Iterator[ShownEvidence]:
    """Yield what was shown last, in the order in which it is asked."""
    for asked in program.evidence:
        value = page.evidence.get(asked.key)
        file = page.files.get(value) if asked.kind is EvidenceKind.FILE and value else None
        shown = date.fromisoformat(value) if asked.kind is EvidenceKind.DATE and value else value
        yield ShownEvidence(title=asked.title, kind=str(asked.kind), value=shown, file=file)


def program_titles() -> Mapping[str, str]:
    """Map security programs to their titles."""
    return {key: one.title for key, one in rules().security_programs.items()}


def cents_words(cents: int | None) -> str:
    """Say an amount in whole minor units; "" for none."""
    if cents is None:
        return ""
    return stored_words(cents, Type.MONEY, currency=rules().currency)

"""Appeals as pages show them: states in words, tiers by their titles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assay.core.issues import Refused
from assay.core.program import Program
from assay.jobs.programs.program_versions import program_labelled
from assay.jobs.programs.programs import program_of
from assay.store.queries.appeals.appeals import Case
from assay.words.standing import NO_TIER, tier_title

STATES: dict[str, Any] = {
    "open": _("Open"),
    "proposed": _("Waits for a second person"),
    "granted": _("Granted"),
    "refused": _("Refused"),
    "withdrawn": _("Taken back"),
}


@dataclass(frozen=True, kw_only=True)
class ShownCase:
    """A case with its state in words, and the tiers by their titles."""

    case: Case
    state: Any
    computed: str
    tier: str


def shown_case(case: Case) -> ShownCase:
    """Return a case as pages show it."""
    program = program_of_review(case.program)
    return ShownCase(
        case=case,
        state=STATES[case.state],
        computed=title_of(case.computed, program),
        tier=title_of(case.tier, program) if case.tier else "",
    )


def program_of_review(label: str) -> Program:
    """Return the program version of a review, the one in force where it is gone."""
    try:
        return program_labelled(settings.PROGRAM, label)
    except Refused:
        return program_of(settings.PROGRAM)


def title_of(tier: str, program: Program) -> str:
    """Name a tier, one that the program has no more by its key."""
    known = tier in (NO_TIER, *program.tiers)
    return tier_title(tier, program) if known else tier.capitalize()

"""Who may read a post, in words: for staff who choose it, and for members who wonder why."""

from __future__ import annotations

from collections.abc import Sequence

from assay.core.content import NO_TIER, Audience, precedence, tiers_of
from assay.core.program import BenefitKind, Program
from assay.core.rights import role_title
from assay.words.standing import tier_title


def listed(words: Sequence[str]) -> str:
    """Say a list: `A`, `A and B`, `A, B and C`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def audience_words(audience: Audience, program: Program) -> str:
    """Say who reads it: `Gold and Platinum, owners`."""
    if audience.public:
        return "Everybody, in public"
    tiers = _tiers(audience, program)
    return f"{tiers}; {_roles(audience)} only" if audience.roles else tiers


def why_words(audience: Audience, tier: str, program: Program) -> str:
    """Say in a sentence or two why a member of a partner at `tier` reads it, and who else does."""
    if audience.public:
        return "Everybody can read this; it is public."
    if audience.benefit:
        benefit = program.benefits[audience.benefit]
        level = benefit.by_tier[tier] if benefit.kind is BenefitKind.LEVEL else ""
        levels = f" at the level “{level}”" if level else ""
        why = (
            f"You can read this because {_title(tier, program)} has the benefit “{benefit.title}”"
            f" ({benefit.clause}){levels}. It is for {_tiers(audience, program)}."
        )
    elif audience.tiers:
        others = _tiers(audience, program)
        why = f"You can read this because your tier is {_title(tier, program)}. It is for {others}."
    else:
        why = "Every partner can read this."
    if audience.roles:
        why += f" In your team it is for these roles: {_roles(audience)}."
    return why


def turn_words(audience: Audience, program: Program) -> str:
    """Say to whom free places go first, "" where to those who asked first."""
    turns: dict[int, list[str]] = {}
    for tier in tiers_of(audience, program):
        turn = precedence(audience, tier, program)
        turns.setdefault(turn, []).append(tier_title(tier, program))
    first, *others = [listed(turns[turn]) for turn in sorted(turns)] or [""]
    if not others:
        return ""
    return f"Places that become free go to {first} first, then to {', then to '.join(others)}."


def _title(tier: str, program: Program) -> str:
    """Return a tier's title; of one that this version of the program does not have, its name."""
    return tier_title(tier, program) if tier in (NO_TIER, *program.tiers) else tier


def _roles(audience: Audience) -> str:
    return listed([role_title(role).lower() for role in audience.roles])


def _tiers(audience: Audience, program: Program) -> str:
    tiers = tiers_of(audience, program)
    if not audience.benefit and not audience.tiers:
        return "every partner"
    if not tiers:
        return "nobody: the program no longer gives this benefit"
    titles = [tier_title(tier, program) for tier in tiers if tier != NO_TIER]
    titles += ["partners without a tier"] if NO_TIER in tiers else []
    return listed(titles)

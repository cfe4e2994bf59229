"""Badges in words: what one attests, and why one was revoked."""

from __future__ import annotations

from datetime import date

from assay.core.program import Program
from assay.words.dates import day_words
from assay.words.definitions import tier_words


def badge_name(words: str, since_on: date) -> str:
    """Name a badge with its year."""
    return f"{words} {since_on.year}"


def description_words(program: Program, tier: str) -> str:
    """Say what a tier's badge stands for, in a sentence."""
    title = program.tiers[tier].title
    return (
        f"Given to partners that hold {title} in the {program.title}, by the rules of "
        f"{program.version}, as the platform's review found."
    )


def criteria_words(program: Program, tier: str) -> str:
    """List what a tier asks, each row with its clause, in Markdown; no figure of a partner."""
    held = program.tiers[tier]
    if held.base is not None:
        return f"{held.title} asks:\n\n- {tier_words(held, program)} ({held.clause})"
    rows = [row for row in program.requirements.values() if tier in row.by_tier]
    told = "\n".join(f"- {row.title} ({row.clause})" for row in rows)
    return f"{held.title} asks, each as the program's rules have it for this tier:\n\n{told}"


def revoked_words(
    program: Program, tier: str, now: str, *, since_on: date | None, reviewed_on: date | None
) -> str:
    """Say why the badge of a tier was revoked; `now` is the tier that the partner holds instead.

    `since_on` is from when, `reviewed_on` by which review; None where no grant is in force.
    """
    was = program.tiers[tier].title
    if since_on is None or reviewed_on is None:
        return f"{was} is over, and no tier was given after it."
    tiers = ("none", *program.tiers)
    given = f"since {day_words(since_on)}, by the review of {day_words(reviewed_on)}"
    clause = program.review.clause
    if now not in program.tiers:
        return f"No tier instead of {was} {given} ({clause})."
    title = program.tiers[now].title
    if tiers.index(now) > tiers.index(tier):
        return f"Replaced: {title} instead of {was} {given} ({clause})."
    return f"Demoted: {title} instead of {was} {given} ({clause})."

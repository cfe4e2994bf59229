"""Rehearse a review: who would move, on the facts of now; nothing is kept and nobody is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from assay.core.program import Program
from assay.core.reviewing import Move, move_of
from assay.jobs.programs.program_versions import reference_of
from assay.jobs.programs.programs import file_of, program_on
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts
from assay.jobs.reviews.run_calendar import day_of
from assay.store.models import Partner
from assay.store.queries.reviews.credited import Held, credited_on
from assay.words.standing import NO_TIER

_NONE = Held(tier=NO_TIER, rank=0)


@dataclass(frozen=True, kw_only=True)
class WouldMove:
    """A partner whose tier would be another; `slug` is "" where the portal does not know it yet."""

    partner: str
    slug: str
    was: str
    tier: str
    move: Move


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What a review would come to: partners by tier, and by the tier credited today; who moves."""

    program: Program
    counts: Mapping[str, int]
    credited: Mapping[str, int]
    moved: tuple[WouldMove, ...]

    def how_many(self, move: Move) -> int:
        """Count who would move one way."""
        return sum(one.move is move for one in self.moved)


def rehearse_review(ledger: Path, *, on: date, at: datetime) -> Rehearsed:
    """Decide as a review of the day would; raises Refused as reviewing does.

    Moves are against what is credited at `at`: those who fall first, then by name.
    """
    program = program_on(settings.PROGRAM, on)
    file = file_of(reference_of(settings.PROGRAM, program.label))
    done = review_facts(str(file), Source(ledger=ledger, known_at=at), on=on).done
    held = credited_on(day_of(at))
    partners = {one.key: one for one in Partner.objects.only("pk", "key", "name", "slug")}
    ranks = {name: place for place, name in enumerate((NO_TIER, *program.tiers))}
    keys, tiers = (column.to_pylist() for column in done.decisions.columns[:2])
    moved = []
    for key, tier in zip(keys, tiers, strict=True):
        known = partners.get(key)
        was = held.get(known.pk, _NONE) if known else _NONE
        move = move_of(was.rank, ranks[tier])
        if move is not Move.STAYS:
            one = WouldMove(
                partner=known.name if known else key,
                slug=known.slug if known else "",
                was=was.tier,
                tier=tier,
                move=move,
            )
            moved.append(one)
    order = [Move.DOWN, Move.UP, Move.ENTERS]
    return Rehearsed(
        program=program,
        counts=done.counts,
        credited=Counter(one.tier for one in held.values()),
        moved=tuple(sorted(moved, key=lambda one: (order.index(one.move), one.partner))),
    )

"""Draft the announcement of who moved up in a review, of those who consent; staff publish it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction

from assay.core.content import Audience, PostContent, PostKind
from assay.core.program import Program
from assay.jobs.content.write_post import draft_post
from assay.jobs.programs.program_versions import program_labelled
from assay.store.models import Advancement, Post, Review
from assay.store.queries.public.public import newest_review
from assay.store.queries.public.public_posts import Move, moves_up
from assay.words.dates import MONTHS, day_words
from assay.words.standing import NO_TIER, tier_title


def draft_advancements(number: int, *, at: datetime) -> Post | None:
    """Draft the announcement of a closed review, once; None where it is there or nobody moved.

    It is of the newest review only, and holds those who had consented when it was drafted.
    """
    with transaction.atomic():
        review = Review.objects.select_for_update(of=("self",)).get(pk=number)
        if Advancement.objects.filter(review=review).exists() or review != newest_review():
            return None
        program = program_labelled(settings.PROGRAM, review.program)
        moved = moves_up(tuple(program.tiers), review.effective_on or review.on)
        post = None
        if moved:
            content = PostContent(
                kind=PostKind.ANNOUNCEMENT,
                title=f"Who moved up in {MONTHS[review.on.month - 1]} {review.on.year}",
                body=moves_text(moved, program, review.on),
                audience=Audience(public=True),
            )
            post = draft_post(content, by=None, at=at)
        Advancement.objects.create(review=review, post=post, moved=len(moved), drafted_at=at)
    return post


def moves_text(moves: Iterable[Move], program: Program, review: date) -> str:
    """Write who moved up, by the tier that was reached, as Markdown."""
    risen = tuple(moves)
    count = "one partner holds" if len(risen) == 1 else f"{len(risen)} partners hold"
    lines = [f"Since the review of {day_words(review)}, {count} a higher tier than a year before."]
    for tier, group in groupby(risen, key=lambda move: move.tier):
        lines += ["", f"## {_plain(tier_title(tier, program))}", ""]
        for move in group:
            before = f"before: {_plain(tier_title(move.before, program))}"
            told = "its first tier" if move.before == NO_TIER else before
            lines.append(f"- [{_plain(move.name)}](/partners/{move.slug}/), {told}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Escape what Markdown would take for a mark."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~&-])", r"\\\1", text)

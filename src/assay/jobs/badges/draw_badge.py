"""Draw a badge with its credential baked in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from assay.core.badges import BadgeState, state_of
from assay.documents.badges import bake_png, bake_svg
from assay.jobs.badges.attest import begins_at
from assay.jobs.programs.program_versions import program_labelled
from assay.store.queries.badges.badges import Shown
from assay.words.badges import Design, Form, Ground, badge_png, badge_svg
from assay.words.hallmarks import hallmark

HOLDING = (BadgeState.VALID, BadgeState.COMING)


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a badge is to look."""

    form: Form = Form.TILE
    ground: Ground = Ground.LIGHT


def badge_state(badge: Shown, *, at: datetime) -> BadgeState:
    """Return where a badge stands at a moment."""
    program = program_labelled(settings.PROGRAM, badge.program)
    return state_of(
        begins_at=begins_at(badge.since_on, program),
        ends_at=begins_at(badge.until_on, program),
        revoked_at=badge.revoked_at,
        suspended_at=badge.suspended_at,
        at=at,
    )


def draw_svg(badge: Shown, look: Look, *, at: datetime) -> str:
    """Draw a badge as SVG; one that does not hold is struck through."""
    return bake_svg(badge_svg(_design(badge, look, at)), badge.token)


def draw_png(badge: Shown, look: Look, size: int, *, at: datetime) -> bytes:
    """Draw a badge as PNG, `size` pixels across; one that does not hold is struck through."""
    return bake_png(badge_png(_design(badge, look, at), size), badge.token)


def _design(badge: Shown, look: Look, at: datetime) -> Design:
    program = program_labelled(settings.PROGRAM, badge.program)
    return Design(
        mark=hallmark(badge.tier, program, badge.since_on.year),
        title=program.tiers[badge.tier].title,
        words=badge.words,
        holds=badge_state(badge, at=at) in HOLDING,
        form=look.form,
        ground=look.ground,
    )

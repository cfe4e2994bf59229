"""The badge that stands on a partner's public profile and on its listings."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from assay.core.badges import stands_on_profile
from assay.jobs.programs.program_versions import program_labelled
from assay.store.queries.badges.badges import Shown, current_badge


def profile_badge(partner_slug: str, *, on: date) -> Shown | None:
    """Return the badge that a partner's pages show on a day, by the benefits of its tier."""
    found = current_badge(partner_slug, on=on)
    if found is None:
        return None
    program = program_labelled(settings.PROGRAM, found.program)
    return found if stands_on_profile(program, found.tier) else None

"""Which free tools a partner has, by the program in force and the tier that it holds.

The tier is the credited one; who has none and has an app paid via the platform has the base tier,
which one condition alone gives. Somebody must have access to the partner.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings

from assay.core.program import Benefit, Program
from assay.core.tools import FREE_TOOLS
from assay.jobs.programs.programs import program_on
from assay.store.models import Membership
from assay.store.queries.access.conditions import has_paid_app
from assay.store.queries.reviews.credited import grant_of


def tools_on(on: date) -> Mapping[str, Benefit]:
    """Return the free tools of the program in force on a day, by key."""
    benefits = program_on(settings.PROGRAM, on).benefits
    return {key: benefits[key] for key in FREE_TOOLS if key in benefits}


def tools_of(partner_id: int, on: date) -> frozenset[str]:
    """Return the keys of the tools that a partner is entitled to on a day."""
    if not Membership.objects.filter(partner=partner_id).exists():
        return frozenset()
    tier = tier_of(partner_id, on)
    return frozenset(key for key, tool in tools_on(on).items() if tier in tool.by_tier)


def tier_of(partner_id: int, on: date) -> str:
    """Return the tier by which a partner has tools on a day, "" for none."""
    program = program_on(settings.PROGRAM, on)
    grant = grant_of(partner_id, on)
    if grant is not None and grant.tier in program.tiers:
        return grant.tier
    return _base(program) if has_paid_app(partner_id) else ""


def _base(program: Program) -> str:
    return next((name for name, tier in program.tiers.items() if tier.base is not None), "")

"""Settle benefits: give every partner what its credited tier gets by the program, and no more.

What a partner has is compared with what it is entitled to on a day; the difference is appended,
each change dated and explained. Run again, there is no difference and nothing is appended.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from assay.core.benefits import changes, entitled
from assay.core.credits import in_minor, year_of
from assay.core.notices.benefits import BENEFITS_CHANGED
from assay.core.program import Lowered, Program
from assay.jobs.credits.grant_credits import grant_credits
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.programs.programs import program_on
from assay.store.models import BenefitChange, Grant, Partner
from assay.store.queries.benefits.benefits import held_by, values_of_all
from assay.store.queries.credits.credits import granted_of_all
from assay.store.queries.reviews.credited import grant_of, in_force
from assay.words.benefits import change_words
from assay.words.dates import day_words
from assay.words.standing import tier_title


def settle_benefits(reference: str, *, on: date, at: datetime) -> int:
    """Settle every partner's benefits as of a day; returns how many changes were appended.

    Benefits are those of the program in force; a partner whose grant has run out gets nothing.
    """
    program = program_on(reference, on)
    held, granted = values_of_all(), granted_of_all()
    grants = {one.partner_id: one for one in in_force(on)}
    moved = (
        partner
        for partner in sorted({*grants, *held})
        if changes(held.get(partner, {}), _entitled(program, grants.get(partner)))
        or _credits_differ(program, grants.get(partner), granted)
    )
    return sum(_settle(partner, program, on=on, at=at) for partner in moved)


def _entitled(program: Program, grant: Grant | None) -> Mapping[str, str]:
    return entitled(program.benefits, grant.tier if grant else "")


def _settle(partner_id: int, program: Program, *, on: date, at: datetime) -> int:
    """Settle one partner, alone at it: what others settled meanwhile is no difference any more."""
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        grant = grant_of(partner_id, on)
        held = {key: one.value for key, one in held_by(partner_id).items()}
        found = changes(held, _entitled(program, grant))
        tier, since = (grant.tier, grant.since_on) if grant else ("", on)
        rows = [
            BenefitChange(
                partner=partner,
                benefit=change.key,
                act=change.act,
                before=change.before,
                after=change.after,
                on=since,
                program=program.label,
                grant=grant,
                words=change_words(change, program, tier=tier, on=since)[:600],
                made_at=at,
            )
            for change in found
        ]
        BenefitChange.objects.bulk_create(rows)
        if grant is not None:
            _grant_credits(program, grant, at=at)
        if rows:
            _tell(partner, rows, at=at)
    return len(rows)


def _credits_differ(
    program: Program, grant: Grant | None, granted: Mapping[tuple[int, date], int]
) -> bool:
    """Tell whether a partner's credits of the review's year are not those of its tier."""
    if grant is None:
        return False
    year = year_of(grant.reviewed_on, program.review.month)
    return _credits(program, grant.tier) != granted.get((grant.partner_id, year), 0)


def _credits(program: Program, tier: str) -> int:
    """Return a tier's credits of a year, in minor units."""
    return sum(in_minor(Decimal(row.by_tier.get(tier, "0"))) for row in program.amounts_given)


def _grant_credits(program: Program, grant: Grant, *, at: datetime) -> None:
    """Make credits those of the tier, in the year that its review opens, as the program says."""
    amount = _credits(program, grant.tier)
    year = year_of(grant.reviewed_on, program.review.month)
    why = f"{tier_title(grant.tier, program)}, by the review of {day_words(grant.reviewed_on)}"
    claws_back = any(row.lowered is Lowered.CLAWED_BACK for row in program.amounts_given)
    if amount or claws_back:
        grant_credits(grant.partner_id, year, amount, why=why, at=at, claws_back=claws_back)


def _tell(partner: Partner, rows: list[BenefitChange], *, at: datetime) -> None:
    record(
        "benefits_changed",
        f"Benefits of {partner} changed: {len(rows)}",
        at=at,
        partner=partner,
        changes=[row.words for row in rows],
    )
    tell(
        BENEFITS_CHANGED,
        occasion=f"{partner.pk}:{rows[-1].on}:{rows[-1].grant_id}:{rows[-1].program}",
        subject=f"{partner}: what your tier gives has changed",
        body="\n\n".join(row.words for row in rows),
        link=f"/portal/{partner.slug}/benefits/",
        at=at,
        partner=partner,
    )

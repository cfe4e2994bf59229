"""Settle benefits: give every partner what its credited tier gets by the program, and no more.

What a partner has is compared with what it is entitled to on a day; the difference is appended,
each change dated and explained. Run again, there is no difference and nothing is appended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.db import transaction

from assay.core.benefits import changes, entitled
from assay.core.credits import in_minor, year_of
from assay.core.events import Act
from assay.core.notices.benefits import BENEFITS_CHANGED
from assay.core.program import Lowered, Program
from assay.jobs.credits.grant_credits import Due, grant_credits
from assay.jobs.notices.tell import Message, tell_all
from assay.jobs.operations.events import record_all
from assay.jobs.programs.programs import program_on
from assay.store.models import BenefitChange, Grant, Partner
from assay.store.queries.benefits.benefits import values_of, values_of_all
from assay.store.queries.credits.credits import granted_of_all
from assay.store.queries.reviews.credited import in_force
from assay.words.benefits import change_words
from assay.words.dates import day_words
from assay.words.standing import tier_title

_AT_ONCE = 500  # partners whose benefits are settled in one transaction


def settle_benefits(reference: str, *, on: date, at: datetime) -> int:
    """Settle every partner's benefits as of a day; returns how many changes were appended.

    Benefits are those of the program in force; a partner whose grant has run out gets nothing.
    A partner's are settled whole or not at all.
    """
    program = program_on(reference, on)
    grants = {grant.partner_id: grant for grant in in_force(on)}
    held = values_of_all()
    changed = {
        partner
        for partner in {*grants, *held}
        if changes(held.get(partner, {}), _entitled(program, grants.get(partner)))
    }
    moved = sorted(changed | {one.account[0] for one in _due(program, grants.values())})
    batches = (moved[first : first + _AT_ONCE] for first in range(0, len(moved), _AT_ONCE))
    return sum(_settle(some, program, on=on, at=at) for some in batches)


def _entitled(program: Program, grant: Grant | None) -> Mapping[str, str]:
    return entitled(program.benefits, grant.tier if grant else "")


def _settle(some: Sequence[int], program: Program, *, on: date, at: datetime) -> int:
    """Settle partners, alone at them: what others settled meanwhile is no difference any more."""
    with transaction.atomic():
        rows = Partner.objects.filter(pk__in=some).order_by("pk")
        partners = list(rows.select_for_update(no_key=True))
        grants = {grant.partner_id: grant for grant in in_force(on).filter(partner__in=some)}
        held = values_of(some)
        found = [
            change
            for partner in partners
            for change in _changes(
                partner, held.get(partner.pk, {}), grants.get(partner.pk), program, on=on, at=at
            )
        ]
        BenefitChange.objects.bulk_create(found)
        grant_credits(_due(program, grants.values()), at=at)
        _tell(found, at=at)
    return len(found)


def _changes(
    partner: Partner,
    held: Mapping[str, str],
    grant: Grant | None,
    program: Program,
    *,
    on: date,
    at: datetime,
) -> list[BenefitChange]:
    """Return what changes for a partner from what it has to what it is entitled to."""
    tier, since = (grant.tier, grant.since_on) if grant else ("", on)
    return [
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
        for change in changes(held, _entitled(program, grant))
    ]


def _due(program: Program, grants: Iterable[Grant]) -> list[Due]:
    """Return the credits that tiers give, in the year that their review opens, and that differ."""
    claws_back = any(row.lowered is Lowered.CLAWED_BACK for row in program.amounts_given)
    granted = granted_of_all()
    all_due = (
        Due(
            account=(grant.partner_id, year_of(grant.reviewed_on, program.review.month)),
            amount=_credits(program, grant.tier),
            why=_why(program, grant),
            claws_back=claws_back,
        )
        for grant in grants
    )
    return [one for one in all_due if one.differs(granted.get(one.account, 0))]


def _why(program: Program, grant: Grant) -> str:
    return f"{tier_title(grant.tier, program)}, by the review of {day_words(grant.reviewed_on)}"


def _credits(program: Program, tier: str) -> int:
    """Return a tier's credits of a year, in minor units."""
    return sum(in_minor(Decimal(row.by_tier.get(tier, "0"))) for row in program.amounts_given)


def _tell(found: Sequence[BenefitChange], *, at: datetime) -> None:
    """Record what changed of each partner, and tell its members once."""
    by_partner = [list(rows) for _, rows in groupby(found, key=lambda row: row.partner_id)]
    record_all(
        Act(
            at=at,
            partner=rows[0].partner_id,
            act="benefits_changed",
            words=f"Benefits of {rows[0].partner} changed: {len(rows)}",
            details={"changes": [row.words for row in rows]},
        )
        for rows in by_partner
    )
    tell_all(BENEFITS_CHANGED, [_message(rows[0].partner, rows) for rows in by_partner], at=at)


def _message(partner: Partner, rows: Sequence[BenefitChange]) -> Message:
    return Message(
        occasion=f"{partner.pk}:{rows[-1].on}:{rows[-1].grant_id}:{rows[-1].program}",
        subject=f"{partner}: what your tier gives has changed",
        body="\n\n".join(row.words for row in rows),
        link=f"/portal/{partner.slug}/benefits/",
        partner=partner,
    )

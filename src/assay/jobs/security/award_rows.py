"""Awards that are too low: in words, and told to those whose they are."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from assay.core.facts import Type
from assay.core.notices.security import AWARD_BELOW
from assay.core.security import SecurityProgram
from assay.jobs.notices.tell import tell
from assay.jobs.security.end import effect_words
from assay.jobs.security.enrolment_rows import rules
from assay.jobs.security.what_if import Affected
from assay.store.models import Award
from assay.words.conditions import stored_words

CENT = Decimal("0.01")


def tell_below(
    award: Award, program: SecurityProgram, effect: tuple[Affected, ...] | None, at: datetime
) -> None:
    """Tell the partner that an award is too low, and what hangs on it."""
    partner = award.app.partner
    paid, least = (_words(amount) for amount in (award.awarded, award.minimum))
    hangs = effect_words(effect) if effect is not None else hanging(program)
    tell(
        AWARD_BELOW,
        occasion=f"award:{award.key}:{award.awarded}",
        subject=f"{award.app}: an award is below the minimum",
        body=f"Submission {award.key} of {award.submitted_on} ({award.severity}) was paid {paid}; "
        f"the minimum of that day is {least}.\n\n{hangs}",
        link=f"/portal/{partner.slug}/security/#awards",
        at=at,
        partner=partner,
    )


def hanging(program: SecurityProgram) -> str:
    """Say which requirements an award below the minimum fails, and for which tiers."""
    found = rules()
    below = "" if program.awards is None else program.awards.below
    told = [
        f"It fails “{row.title}” ({row.clause}), which "
        f"{', '.join(found.tiers[tier].title for tier in row.by_tier)} ask. {row.remedy}"
        for row in found.requirements.values()
        if any(below == m.name for c in row.by_tier.values() for m in found.measures_of(c))
    ]
    return "\n\n".join(told)


def cents(amount: Decimal | None) -> int | None:
    """Return an amount in whole minor units."""
    return None if amount is None else int(amount.quantize(CENT).scaleb(2))


def _words(cents: int | None) -> str:
    return stored_words(cents or 0, Type.MONEY, currency=rules().currency)

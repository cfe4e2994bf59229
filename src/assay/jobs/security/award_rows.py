"""Awards that are too low: in words, told to those whose they are and to those who look on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from assay.core.facts import Type
from assay.core.notices.security import AWARD_BELOW, AWARD_SEEN
from assay.core.security import SecurityProgram
from assay.jobs.notices.tell import tell
from assay.jobs.security.enrolment_rows import rules
from assay.jobs.security.what_if import Affected
from assay.store.models import Award
from assay.words.conditions import stored_words
from assay.words.dates import day_words

CENT = Decimal("0.01")
MOST_TOLD = 20  # awards of one notice to staff


def tell_below(
    awards: Sequence[Award], program: SecurityProgram, effect: Iterable[Affected], at: datetime
) -> None:
    """Tell partners of awards that are too low and what each does to the tier; tell staff of all.

    `effect` is whose standing is another by these awards.
    """
    of_partner = {one.partner_id: one for one in effect}
    for award in awards:
        _tell_partner(award, program, of_partner.get(award.app.partner_id), at)
    lines = [
        f"{one.app.partner}: {award_words(one)} {meaning(of_partner.get(one.app.partner_id))}"
        for one in awards[:MOST_TOLD]
    ]
    if len(awards) > MOST_TOLD:
        lines.append(f"And {len(awards) - MOST_TOLD} more.")
    if awards:
        count = len(awards)
        several = f"{count} awards are below the minimum"
        subject = several if count > 1 else f"{awards[0].app}: an award is below the minimum"
        tell(
            AWARD_SEEN,
            occasion=f"awards:{awards[0].key}:{awards[0].awarded}:{at.isoformat()}",
            subject=subject,
            body="\n\n".join(lines),
            link="/staff/security/",
            at=at,
            partner=awards[0].app.partner if count == 1 else None,
        )


def _tell_partner(
    award: Award, program: SecurityProgram, effect: Affected | None, at: datetime
) -> None:
    partner = award.app.partner
    tell(
        AWARD_BELOW,
        occasion=f"award:{award.key}:{award.awarded}",
        subject=f"{award.app}: an award is below the minimum",
        body="\n\n".join((award_words(award), meaning(effect), hanging(program))),
        link=f"/portal/{partner.slug}/security/#awards",
        at=at,
        partner=partner,
    )


def award_words(award: Award) -> str:
    """Say what was paid for a submission, and what is the least."""
    paid, least = (_words(amount) for amount in (award.awarded, award.minimum))
    return (
        f"Submission {award.key} of {day_words(award.submitted_on)} ({award.severity}) was paid "
        f"{paid}; the minimum of that day is {least}."
    )


def meaning(effect: Affected | None) -> str:
    """Say what awards that are too low do to the tier."""
    if effect is None:
        return "On today's evidence the tier would be the same without it."
    if not effect.moves:
        return f"On today's evidence the tier stays {effect.after}, but not every requirement."
    return (
        f"On today's evidence the tier with it is {effect.after}; with every award at its minimum "
        f"it would be {effect.before}."
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

"""Grant what a review decided: computed tiers, overrides, and the grace before a demotion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from assay.core.review_rules import Demotion
from assay.store.models import Decision, Grant, Override, Review
from assay.store.queries.reviews.credited import Held, credited_on

_CAUSES = {
    Override.Kind.WAIVER: Grant.Cause.WAIVER,
    Override.Kind.CORRECTION: Grant.Cause.CORRECTION,
}


def grant_tiers(
    review: Review, *, effective_on: date, demotion: Demotion, at: datetime
) -> Mapping[int, Held]:
    """Append the grants of a review that is being closed; return what partners held before.

    A partner gets the computed tier from `effective_on` on, or what an approved override says. A
    tier lower than the one held begins when the program's grace ends; until then a grant of the
    tier held is in force. A waiver ends by the computed tier.
    """
    before = credited_on(effective_on)
    overrides = {
        override.decision_id: override
        for override in Override.objects.filter(
            decision__review=review, state=Override.State.APPROVED
        )
    }
    decisions = review.decisions.defer("explanation").order_by("pk")
    Grant.objects.bulk_create(
        (
            grant
            for decision in decisions.iterator()
            for grant in _grants(
                decision,
                overrides.get(decision.pk),
                before.get(decision.partner_id),
                effective_on=effective_on,
                demotion=demotion,
                reviewed_on=review.on,
                at=at,
            )
        ),
        batch_size=1_000,
    )
    return before


def _grants(  # noqa: PLR0913 - what was computed, granted, held before, and from when on
    decision: Decision,
    override: Override | None,
    before: Held | None,
    *,
    effective_on: date,
    demotion: Demotion,
    reviewed_on: date,
    at: datetime,
) -> Iterator[Grant]:
    """Yield the grants of one decision, in the order in which they are in force."""

    def grant(cause: Grant.Cause, held: Held, since: date, until: date | None) -> Grant:
        return Grant(
            partner_id=decision.partner_id,
            tier=held.tier,
            rank=held.rank,
            since_on=since,
            until_on=until,
            decision=decision,
            override=None if cause in (Grant.Cause.REVIEW, Grant.Cause.GRACE) else override,
            cause=cause,
            reviewed_on=reviewed_on,
            made_at=at,
        )

    computed = Held(tier=decision.tier, rank=decision.rank)
    main, cause, until = computed, Grant.Cause.REVIEW, None
    if override is not None:
        main, until = Held(tier=override.tier, rank=override.rank), override.until_on
        cause = _CAUSES[Override.Kind(override.kind)]
    since = effective_on
    if before is not None and main.rank < before.rank:
        since = demotion.takes_effect(effective_on)
        if since > effective_on:
            yield grant(Grant.Cause.GRACE, before, effective_on, since)
    if until is None or until > since:
        yield grant(cause, main, since, until)
    if until is not None:
        yield grant(Grant.Cause.REVIEW, computed, max(until, since), None)

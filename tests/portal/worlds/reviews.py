"""A waiver that was asked for in a review that is open, beside the closed one."""

from datetime import UTC, date, datetime

from django.conf import settings

from assay.core.rights import StaffRole
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.overrides import Wish, ask_override
from assay.jobs.reviews.record_review import record_review
from assay.store.models import Override, Review

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)


def values(world):
    source = Source(ledger=settings.INSTALLATION.ledger)
    on = date(2024, 7, 1)
    review = record_review(settings.PROGRAM, source, on=on, kind=Review.Kind.REVIEW, at=AT)
    decision = review.decisions.get(partner=world.acme)
    wish = Wish(kind=Override.Kind.CORRECTION, tier="gold", until_on=None, reason="Made up")
    manager = world.people[f"staff {StaffRole.PROGRAM_MANAGER}"]
    override = ask_override(decision.pk, wish, by=manager, at=AT)
    numbered = ("", "_decisions", "_unknown", "_overrides", "_ask", "_close", "_abandon")
    return {
        **{f"staff_review{name}.number": review.pk for name in numbered},
        "staff_review_decision.number": review.pk,
        "staff_review_decision.decision": decision.pk,
        "staff_override_ask.number": review.pk,
        "staff_override_ask.decision": decision.pk,
        "staff_override_decide.number": review.pk,
        "staff_override_decide.override": override.pk,
        "staff_override_withdraw.number": review.pk,
        "staff_override_withdraw.override": override.pk,
    }

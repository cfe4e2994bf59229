"""Kinds of notices of reviews."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import CLOSE_REVIEWS, DECIDE_APPEALS, NOTE_AGREEMENTS, RUN_REVIEWS

REVIEW_WAITS = Kind(
    key="review_waits",
    topic="Reviews",
    title="A review is opened, may be closed, or waits for a second person",
    staff=RUN_REVIEWS.staff | CLOSE_REVIEWS.staff,
)

APPEAL_WAITS = Kind(
    key="appeal_waits",
    topic="Reviews",
    title="A partner appeals, or a case waits for a second person",
    staff=DECIDE_APPEALS.staff,
)

LATE_FACTS = Kind(
    key="late_facts",
    topic="Reviews",
    title="Facts came late: a decision of the last review would differ",
    staff=DECIDE_APPEALS.staff,
    by_mail=False,
)

RISK_ANSWERED = Kind(
    key="risk_answered",
    topic="Reviews",
    title="A partner answers on the risk of its tier",
    staff=NOTE_AGREEMENTS.staff,
)

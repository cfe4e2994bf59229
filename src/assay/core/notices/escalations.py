"""Kinds of notices of escalations."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import ANSWER_ESCALATIONS, DECIDE_DISPUTES, OPEN_ESCALATIONS

_TIME_COUNTS = "The slowest response of a year counts for your tier."

ESCALATION_OPENED = Kind(
    key="escalation_opened",
    topic="Escalations",
    title="Platform support opens an escalation",
    roles=ANSWER_ESCALATIONS.roles,
    required=_TIME_COUNTS,
)

ESCALATION_WARNED = Kind(
    key="escalation_warned",
    topic="Escalations",
    title="Half, or three quarters, of the time for an answer has passed",
    roles=ANSWER_ESCALATIONS.roles,
    required=_TIME_COUNTS,
)

ESCALATION_REOPENED = Kind(
    key="escalation_reopened",
    topic="Escalations",
    title="Platform support writes in an escalation, closes it or reopens it",
    roles=ANSWER_ESCALATIONS.roles,
)

ESCALATION_ANSWERED = Kind(
    key="escalation_answered",
    topic="Escalations",
    title="A partner answers an escalation that you opened",
    staff=OPEN_ESCALATIONS.staff,
)

ESCALATION_DISPUTED = Kind(
    key="escalation_disputed",
    topic="Escalations",
    title="A partner disputes a response time",
    staff=DECIDE_DISPUTES.staff,
    by_mail=False,
)

DISPUTE_DECIDED = Kind(
    key="dispute_decided",
    topic="Escalations",
    title="A dispute on a response time is granted or refused",
    roles=ANSWER_ESCALATIONS.roles,
)

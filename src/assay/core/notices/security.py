"""Kinds of notices of security programs."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import APPLY_SECURITY, DECIDE_SECURITY

ENROLMENT_APPLIED = Kind(
    key="enrolment_applied",
    topic="Security programs",
    title="An app applies for a security program",
    staff=DECIDE_SECURITY.staff,
    by_mail=False,
)

ENROLMENT_DECIDED = Kind(
    key="enrolment_decided",
    topic="Security programs",
    title="Your application for a security program is decided",
    roles=APPLY_SECURITY.roles,
)

ENROLMENT_ASKED_BACK = Kind(
    key="enrolment_asked_back",
    topic="Security programs",
    title="The program team asks you about your application for a security program",
    roles=APPLY_SECURITY.roles,
    required="The application waits until somebody answers.",
)

ENROLMENT_ENDS = Kind(
    key="enrolment_ends",
    topic="Security programs",
    title="An app's enrolment in a security program ends soon, or has ended",
    roles=APPLY_SECURITY.roles,
    required="A badge and a tier may hang on it.",
)

AWARD_BELOW = Kind(
    key="award_below",
    topic="Security programs",
    title="An award of yours is below the minimum",
    roles=APPLY_SECURITY.roles,
    required="A tier must never be lost by surprise.",
)

AWARD_SEEN = Kind(
    key="award_seen",
    topic="Security programs",
    title="A partner's award is below the minimum",
    staff=DECIDE_SECURITY.staff,
    by_mail=False,
)

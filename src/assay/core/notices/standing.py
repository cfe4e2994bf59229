"""Kinds of notices of standings and risks."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import ANSWER_RISK, Role

_EVERYONE = frozenset(Role)
_OWNER = frozenset({Role.OWNER})

TIER_CREDITED = Kind(
    key="tier_credited",
    topic="Standing",
    title="A review changes your tier",
    roles=_EVERYONE,
    required="The tier decides what your partner may use and display.",
)

STANDING_FELL = Kind(
    key="standing_fell",
    topic="Standing",
    title="On today's evidence you would lose your tier, or fall further",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
    required="A tier must never be lost by surprise.",
)

TIER_AT_RISK = Kind(
    key="tier_at_risk",
    topic="Standing",
    title="Your tier may be lost at the coming review, with what would keep it",
    roles=ANSWER_RISK.roles,
    required="A tier must never be lost by surprise.",
)

TIER_SAFE_AGAIN = Kind(
    key="tier_safe_again",
    topic="Standing",
    title="Your tier is no longer at risk",
    roles=ANSWER_RISK.roles,
)

RISK_AGREED = Kind(
    key="risk_agreed",
    topic="Standing",
    title="The program team notes what was agreed with you on a tier at risk",
    roles=ANSWER_RISK.roles,
)

STANDING_ROSE = Kind(
    key="standing_rose",
    topic="Standing",
    title="On today's evidence you would hold a higher tier than before",
    roles=_EVERYONE,
)

LETTER_WRITTEN = Kind(
    key="letter_written",
    topic="Standing",
    title="The letter of a review: your tier, why, and what follows",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
    required="It says until when you can appeal.",
)

APPEAL_DECIDED = Kind(
    key="appeal_decided",
    topic="Standing",
    title="An appeal is granted or refused, or a decision is corrected",
    roles=_OWNER,
    required="The tier decides what your partner may use and display.",
)

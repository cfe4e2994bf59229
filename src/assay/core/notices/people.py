"""Kinds of notices of people and access."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import DECIDE_ACCESS, DECIDE_CLAIMS, Role

_OWNER = frozenset({Role.OWNER})
_ACCESS = "Who can see your partner's figures is a matter of security."

MEMBER_JOINED = Kind(
    key="member_joined", topic="People", title="Somebody joins your partner", roles=_OWNER
)

MEMBER_LEFT = Kind(
    key="member_left",
    topic="People",
    title="Somebody leaves your partner, or is removed",
    roles=_OWNER,
)

OWNERSHIP_MOVED = Kind(
    key="ownership_moved",
    topic="People",
    title="Your partner gets another owner",
    roles=_OWNER,
    required=_ACCESS,
)

ACCESS_CHANGED = Kind(
    key="access_changed",
    topic="People",
    title="Your role in a partner or in the program team changes",
    required=_ACCESS,
)

CLAIM_DECIDED = Kind(
    key="claim_decided",
    topic="People",
    title="Your claim to a partner is granted or refused",
    required="You asked, and you cannot go on without the answer.",
)

ACCESS_ENDS = Kind(
    key="access_ends",
    topic="People",
    title="Your access to the portal is to end, or has ended",
    required=_ACCESS,
)

ACCESS_ASKED = Kind(
    key="access_asked",
    topic="People",
    title="Somebody asks for access to the portal, or answers",
    staff=DECIDE_ACCESS.staff,
)

OWNER_LOST = Kind(
    key="owner_lost",
    topic="People",
    title="An owner's access has ended",
    staff=DECIDE_ACCESS.staff,
    by_mail=False,
)

CLAIM_MADE = Kind(
    key="claim_made",
    topic="People",
    title="Somebody claims a partner",
    staff=DECIDE_CLAIMS.staff,
    by_mail=False,
)

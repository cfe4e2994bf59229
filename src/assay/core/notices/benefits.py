"""Kinds of notices of benefits and credits."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import (
    ASK_BENEFITS,
    CLAIM_TOOLS,
    DECIDE_CREDITS,
    DECIDE_REQUESTS,
    LOAD_TOOLS,
    SPEND_CREDITS,
    Role,
)

_EVERYONE = frozenset(Role)

TOOL_GIVEN = Kind(
    key="tool_given",
    topic="Benefits",
    title="A free tool that you wait for is there",
    roles=CLAIM_TOOLS.roles,
)

TOOL_TAKEN_BACK = Kind(
    key="tool_taken_back",
    topic="Benefits",
    title="A free tool is taken back",
    roles=CLAIM_TOOLS.roles,
    required="What hangs on the tool stops working.",
)

TOOLS_TO_END = Kind(
    key="tools_to_end",
    topic="Benefits",
    title="Codes or seats are to be ended at their vendor",
    staff=LOAD_TOOLS.staff,
)

TOOLS_OUT = Kind(
    key="tools_out",
    topic="Benefits",
    title="A free tool is out of stock, and somebody waits",
    staff=LOAD_TOOLS.staff,
)

BENEFITS_CHANGED = Kind(
    key="benefits_changed",
    topic="Benefits",
    title="What your tier gives begins, changes or ends",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
    required="A benefit must never end by surprise.",
)

BENEFIT_ASKED = Kind(
    key="benefit_asked",
    topic="Benefits",
    title="A partner asks for a benefit in a round",
    staff=DECIDE_REQUESTS.staff,
    by_mail=False,
)

BENEFIT_DECIDED = Kind(
    key="benefit_decided",
    topic="Benefits",
    title="What you asked for is granted, refused, or waits",
    roles=ASK_BENEFITS.roles,
)

MANAGER_ASSIGNED = Kind(
    key="manager_assigned",
    topic="Benefits",
    title="Your technical partner manager is named, or another one",
    roles=_EVERYONE,
)

MANAGES_PARTNER = Kind(
    key="manages_partner",
    topic="Benefits",
    title="You become, or stop being, the manager of a partner",
    required="Partners turn to you.",
)

CREDITS_ORDERED = Kind(
    key="credits_ordered",
    topic="Benefits",
    title="An order for credits waits for approval",
    staff=DECIDE_CREDITS.staff,
    by_mail=False,
)

CREDITS_DECIDED = Kind(
    key="credits_decided",
    topic="Benefits",
    title="An order for credits is approved or refused",
    roles=SPEND_CREDITS.roles,
)

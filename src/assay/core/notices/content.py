"""Kinds of notices of what is published."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import Role

_EVERYONE = frozenset(Role)

POSTED = Kind(
    key="posted",
    topic="Content",
    title="Something new for you is published in the portal",
    roles=_EVERYONE,
    by_mail=False,
)

DIGEST = Kind(
    key="digest",
    topic="Content",
    title="Once a week, what is new in the portal and not read yet",
    roles=_EVERYONE,
)

SIGN_UP_MOVED = Kind(
    key="sign_up_moved",
    topic="Content",
    title="You waited for a place, and get one",
    roles=_EVERYONE,
)

SESSION_CHANGED = Kind(
    key="session_changed",
    topic="Content",
    title="What you signed up for takes place at another time, or not",
    roles=_EVERYONE,
)

SESSION_NEAR = Kind(
    key="session_near",
    topic="Content",
    title="A webinar that you signed up for is tomorrow",
    roles=_EVERYONE,
)

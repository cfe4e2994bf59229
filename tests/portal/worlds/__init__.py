"""What each topic puts into the world of `tests/portal/world.py`, a module a topic.

A topic has `of_a_partner(world, whose, by)`: what belongs to a partner, by parameter of its
addresses, and `values(world)`: the rest. Either may be missing.
"""

from __future__ import annotations

from types import ModuleType

from tests.portal.worlds import (
    access,
    analytics,
    appeals,
    badges,
    benefits,
    content,
    escalations,
    records,
    requests,
    reviews,
    security,
)

TOPICS: tuple[ModuleType, ...] = (
    access,
    analytics,
    appeals,
    badges,
    benefits,
    content,
    escalations,
    records,
    requests,
    reviews,
    security,
)

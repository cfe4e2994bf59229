"""Kinds of notices: what people are told, who gets it, and whether they may choose.

To tell somebody, call `jobs.notices.tell.tell` with a kind; they stand in a module a topic.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.core.notices import (
    apps,
    benefits,
    content,
    escalations,
    imports,
    people,
    program,
    reviews,
    security,
    standing,
)
from assay.core.notices.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for topic in (
        standing,
        apps,
        security,
        program,
        people,
        benefits,
        content,
        imports,
        escalations,
        reviews,
    )
    for kind in vars(topic).values()
    if isinstance(kind, Kind)
}
TOPICS = tuple(dict.fromkeys(kind.topic for kind in KINDS.values()))


def kinds_for(roles: frozenset[str], staff_role: str) -> tuple[Kind, ...]:
    """Return the kinds that can reach a person with these roles in partners and in the team."""
    return tuple(
        kind
        for kind in KINDS.values()
        if not (kind.roles or kind.staff) or kind.roles & roles or staff_role in kind.staff
    )

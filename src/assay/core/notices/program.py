"""Kinds of notices of the program."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import APPLY_SECURITY, Role

_EVERYONE = frozenset(Role)

RULES_CHANGE = Kind(
    key="rules_change",
    topic="Program",
    title="A change of the rules changes your standing",
    roles=APPLY_SECURITY.roles,
    required="A tier must never be lost by surprise.",
)

ANNOUNCED = Kind(
    key="announced",
    topic="Program",
    title="The program announces something",
    roles=_EVERYONE,
    by_mail=False,
)

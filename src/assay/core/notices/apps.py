"""Kinds of notices of apps."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import DECIDE_APPS, Role

_FOR_APPS = frozenset({Role.OWNER, Role.SECURITY})

APP_APPROVED = Kind(
    key="app_approved", topic="Apps", title="An app of yours is approved", roles=_FOR_APPS
)

APP_SENT_BACK = Kind(
    key="app_sent_back",
    topic="Apps",
    title="An app of yours is sent back, with the reasons",
    roles=_FOR_APPS,
    required="The app stays unlisted until somebody acts.",
)

ASKED = Kind(
    key="asked",
    topic="Apps",
    title="The program team asks which is right, your listing or a report",
    roles=_FOR_APPS,
)

APP_SUBMITTED = Kind(
    key="app_submitted",
    topic="Apps",
    title="An app waits for approval",
    staff=DECIDE_APPS.staff,
    by_mail=False,
)

"""Escalations of a partner in Berlin, which holds Gold or nothing."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from assay.core.escalations import Severity, Source
from assay.core.rights import Role, StaffRole
from assay.jobs.escalations.open_escalation import Asked, Way, open_escalation
from assay.jobs.escalations.parts import SentFile
from assay.store.models import Escalation
from tests.people_of_partners import partner, person, seat

FRIDAY = datetime(2026, 7, 3, 16, tzinfo=UTC)  # 18:00 in Berlin
MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)  # 10:00 in Berlin
WORDS = Asked(
    subject="Login fails", text="Since noon.", customer="Example Corp", severity=Severity.HIGH
)


def acme():
    """Make a partner with an owner, a member of support and a viewer."""
    made = partner()
    seat(made, person("owner@acme.example"), Role.OWNER)
    seat(made, person("support@acme.example"), Role.SUPPORT)
    seat(made, person("viewer@acme.example"), Role.VIEWER)
    return made


def staff(name="opener", role=StaffRole.SUPPORT):
    return person(f"{name}@staff.example", staff=role)


def opened(by=None, at=FRIDAY, **way) -> Escalation:
    return open_escalation("acme", WORDS, Way(source=Source.PAGE, by=by, **way), at=at)


def note(text=b"evidence", name="log.txt"):
    return SentFile(content=io.BytesIO(text), name=name)

"""Escalations: one with a file and an open dispute, and a token."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from assay.core.escalations import Severity, Source
from assay.jobs.escalations.dispute_escalation import dispute_escalation
from assay.jobs.escalations.open_escalation import Asked, Way, open_escalation
from assay.jobs.escalations.parts import SentFile
from assay.jobs.escalations.tokens import make_token
from assay.store.models import ApiToken

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)
ASKED = Asked(subject="Slow", text="It is slow.", customer="Corp", severity=Severity.HIGH)


def of_a_partner(world, whose, by):  # noqa: ARG001 - as every topic is asked
    """Open an escalation to a partner, which disputes it."""
    log = SentFile(content=io.BytesIO(b"slow"), name="log.txt")
    way = Way(source=Source.PAGE)
    made = open_escalation(whose.key, ASKED, way, files=[log], at=AT)
    dispute_escalation(made.pk, claimed=AT, reason="At once.", by=by, at=AT)
    return {"escalation": made.pk, "escalation_file.file": made.files.get().pk}


def values(world):
    """Make a token; staff see acme's escalation."""
    staff = world.people["staff support"]
    make_token("Desk", by=staff, at=AT)
    one = world.acme.escalations.get(subject="Slow")
    pages = ("", "_write", "_decide", "_file")
    return {
        **{f"staff_escalation{page}.number": one.pk for page in pages},
        "staff_escalation_file.file": one.files.get().pk,
        "staff_token_revoke.number": ApiToken.objects.get().pk,
    }

"""An enrolment of each partner that staff asked back about, with a file."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

from assay.jobs.security.apply import apply
from assay.jobs.security.decide import ask_back
from assay.jobs.security.evidence import SentFile
from assay.store.models import App, Enrolment

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)


def of_a_partner(world, whose, by):
    """Apply with the first listed app."""
    app = App.objects.filter(partner=whose, state=App.State.LISTED).order_by("key")[0]
    shown = {
        "answers": SentFile(io.BytesIO(b"%PDF-1.7\n"), "answers.pdf"),
        "contact": "Ann",
        "reviewed_on": date(2025, 1, 1),
    }
    one = apply(app.pk, "self_assessment", shown, by=by, at=AT)
    ask_back(one.pk, reason="Who?", by=world.people["staff security"], at=AT)
    return {
        "enrolment": one.pk,
        "security_file.file": one.files.get().pk,
        "security_apply.program": "self_assessment",
        "security_apply.app": app.slug,
    }


def values(world):
    """Name what staff pages are about."""
    asked = Enrolment.objects.get(app__partner=world.acme, program="self_assessment")
    holds = Enrolment.objects.filter(app__partner=world.acme, state="approved")[0]
    pages = ("enrolment", "enrolment_approve", "enrolment_back", "enrolment_refuse")
    return {
        **{f"staff_{page}.number": asked.pk for page in pages},
        "staff_enrolment_file.number": asked.pk,
        "staff_enrolment_file.file": asked.files.get().pk,
        "staff_enrolment_end.number": holds.pk,
        "staff_award_new.program": "bug_bounty",
        "staff_program_end.program": "bug_bounty",
        "staff_program_minimum.amounts": "minimum_payout",
    }

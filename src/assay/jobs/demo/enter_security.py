"""Enter into a demo what happens with security programs: one waits, one is asked, one ends soon."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from assay.jobs.demo.cast import Cast
from assay.jobs.security.apply import apply, may_join
from assay.jobs.security.decide import approve, ask_back
from assay.jobs.security.enrolment_rows import security_program
from assay.jobs.security.evidence import SentFile
from assay.jobs.security.tend import tend_enrolments
from assay.store.models import App, Enrolment, Partner, Person

_ASSESSMENT = "self_assessment"
_BEGAN = timedelta(days=345)  # so long ago that its year ends soon


def enter_security(cast: Cast, *, at: datetime) -> None:
    """Enter three self-assessments: one that ends soon, one that waits, one that is asked back."""
    staff = cast.people["staff-security"]
    old = _apply(cast, "owner-safe", at - _BEGAN)
    if old is not None:
        approve(old.pk, reason="Whole and made up.", by=staff, at=at - _BEGAN)
    _apply(cast, "owner-at-risk", at)
    asked = _apply(cast, "owner-promoted", at)
    if asked is not None:
        ask_back(asked.pk, reason="Who answers for it on weekends?", by=staff, at=at)
    tend_enrolments(at=at)


def _apply(cast: Cast, persona: str, at: datetime) -> Enrolment | None:
    partner, person = cast.partners[persona], cast.people[persona]
    app = _app(partner)
    return None if app is None else _applied(app, person, at)


def _app(partner: Partner) -> App | None:
    program = security_program(_ASSESSMENT)
    apps = partner.apps.filter(state=App.State.LISTED).prefetch_related("listings").order_by("key")
    return next((app for app in apps if may_join(app, program)), None)


def _applied(app: App, person: Person, at: datetime) -> Enrolment:
    answers = SentFile(io.BytesIO(b"Every answer is made up.\n"), "answers.txt")
    shown = {
        "answers": answers,
        "contact": "The made-up head of security",
        "reviewed_on": at.date() - timedelta(days=30),
    }
    return apply(app.pk, _ASSESSMENT, shown, by=person, at=at)

"""Enter into a demo escalations on every step of their way: open, answered, closed, disputed."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.core.escalations import Severity, Source
from assay.jobs.demo.cast import Cast
from assay.jobs.escalations.dispute_escalation import dispute_escalation
from assay.jobs.escalations.open_escalation import Asked, Way, open_escalation
from assay.jobs.escalations.write_escalation import answer_escalation, close_escalation
from assay.store.models import Escalation

_HOUR = timedelta(hours=1)
_DONE = Asked(
    subject="Export stops half way",
    text="Made up: the export of a made-up customer stops at 50 %.",
    customer="Made-up Corp",
    severity=Severity.NORMAL,
)
_HELD_UP = Asked(
    subject="Nobody can sign in",
    text="Made up: since the last update nobody at a made-up customer can sign in.",
    customer="Made-up Bank",
    severity=Severity.URGENT,
)
_SLOW = Asked(
    subject="Pages open slowly",
    text="Made up: boards of a made-up customer take a minute to open.",
    customer="Made-up Works",
    severity=Severity.HIGH,
)


def enter_escalations(cast: Cast, *, at: datetime) -> None:
    """Open three escalations, of which one is answered and closed; dispute one of a report."""
    support, owner = cast.people["staff-support"], cast.people["owner-safe"]
    safe, at_risk = cast.partners["owner-safe"], cast.partners["owner-at-risk"]
    way = Way(source=Source.PAGE, by=support)
    began = at - timedelta(days=7)
    done = open_escalation(safe.key, _DONE, way, at=began)
    answer_escalation(done.pk, "We have found it.", by=owner, at=began + _HOUR)
    close_escalation(done.pk, "The customer is content.", by=support, at=began + 2 * _HOUR)
    open_escalation(safe.key, _HELD_UP, way, at=at - 5 * _HOUR)
    open_escalation(at_risk.key, _SLOW, way, at=at - _HOUR / 2)
    promoted = cast.partners["owner-promoted"]
    told = Escalation.objects.filter(partner=promoted, source=Source.REPORT).first()
    if told is not None and told.answered_at is not None:
        dispute_escalation(
            told.pk,
            claimed=told.opened_at + _HOUR,
            reason="Made up: we answered by telephone an hour later.",
            by=cast.people["owner-promoted"],
            at=at,
        )

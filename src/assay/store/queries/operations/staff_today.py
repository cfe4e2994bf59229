"""What waits for staff, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from assay.store.models import (
    AccessRequest,
    App,
    Appeal,
    Claim,
    Disagreement,
    Escalation,
    EscalationDispute,
    LateLook,
    Mail,
    Review,
    ToolKey,
    ToolWait,
    Upload,
)
from assay.store.queries.notices.ratings import unread
from assay.store.queries.partners.staff_partners import Compared, newly_at_risk
from assay.store.queries.risk.risk import unanswered
from assay.store.queries.security.enrolments import low_awards, waiting_enrolments


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many things of a kind wait, and since when the oldest does; `new` of them are new."""

    count: int
    oldest: datetime | None = None
    new: int | None = None


def waiting(runs: Compared) -> Mapping[str, Waiting]:
    """Return what waits, by kind: apps, claims, uploads, mails, disagreements, risks, ratings."""
    at_risk, newly = newly_at_risk(runs)
    return {
        "apps": _counted(App.objects.filter(step=App.State.SUBMITTED), "changed_at"),
        "enrolments": _counted(waiting_enrolments(), "changed_at"),
        "awards": _counted(low_awards(), "entered_at"),
        "claims": _counted(Claim.objects.filter(state=Claim.State.OPEN), "claimed_at"),
        "access": _counted(
            AccessRequest.objects.filter(state=AccessRequest.State.OPEN), "confirmed_at"
        ),
        "tools": _counted(ToolWait.objects.all(), "since"),
        "codes": _counted(
            ToolKey.objects.filter(state=ToolKey.State.TO_REVOKE), "grants__taken_back_at"
        ),
        "escalations": _counted(
            Escalation.objects.filter(answered_at=None, closed_at=None), "opened_at"
        ),
        "disputes": _counted(EscalationDispute.objects.filter(state="open"), "at"),
        "uploads": _counted(Upload.objects.filter(state=Upload.State.READY), "uploaded_at"),
        "mails": _counted(
            Mail.objects.filter(state__in=(Mail.State.FAILED, Mail.State.UNSURE)), "made_at"
        ),
        "disagreements": _counted(
            Disagreement.objects.filter(state=Disagreement.State.OPEN), "found_at"
        ),
        "reviews": _counted(
            Review.objects.filter(kind=Review.Kind.REVIEW, state=Review.State.OPEN), "opened_at"
        ),
        "appeals": _counted(
            Appeal.objects.filter(state__in=(Appeal.State.OPEN, Appeal.State.PROPOSED)),
            "stated_at",
        ),
        "late": _late(),
        "risks": Waiting(count=at_risk, new=newly),
        "answers": _counted(unanswered(), "at"),
        "ratings": _counted(unread(), "at"),
    }


def _late() -> Waiting:
    """Count the decisions of the newest closed review that late facts would change."""
    look = LateLook.objects.order_by("-review__on", "-review").first()
    if look is None:
        return Waiting(count=0)
    return Waiting(count=look.differing, oldest=look.looked_at if look.differing else None)


def _counted(rows: QuerySet[Any], when: str) -> Waiting:
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min(when))
    return Waiting(count=found["count"], oldest=found["oldest"])

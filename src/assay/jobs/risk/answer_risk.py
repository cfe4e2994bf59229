"""Say something of a partner's risk: its members answer, staff note what was agreed.

What somebody says again in the same words, with nothing said since, was sent twice: it stands once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.reviews import RISK_ANSWERED
from assay.core.notices.standing import RISK_AGREED
from assay.core.risk import Level
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.risk.concerned import concerned
from assay.store.models import Partner, Person, RiskAssessment, RiskTurn


def answer_risk(partner_id: int, text: str, *, by: Person, at: datetime) -> RiskTurn:
    """Answer what a partner was told of its risk: staff are told. Raises Refused without a risk."""
    with transaction.atomic():
        partner = _locked(partner_id)
        newest = RiskAssessment.objects.filter(partner=partner).first()
        if newest is None or newest.level == Level.FINE:
            raise Refused(Issue(file="answer", message="your tier is not at risk"))
        made, again = _said(partner, text, by_staff=False, by=by, at=at)
        if again:
            return made
        record(
            "risk_answered", f"{by} answered on the risk of its tier", at=at, by=by, partner=partner
        )
        tell(
            RISK_ANSWERED,
            occasion=f"turn:{made.pk}",
            subject=f"{partner} answers on the risk of its tier",
            body=made.text,
            link=f"/staff/at-risk/{partner.slug}/",
            at=at,
        )
    return made


def agree(partner_id: int, text: str, *, by: Person, at: datetime) -> RiskTurn:
    """Note what was agreed; whom the risk concerns is told. Raises Refused for nothing."""
    with transaction.atomic():
        partner = _locked(partner_id)
        newest = RiskAssessment.objects.filter(partner=partner).first()
        made, again = _said(partner, text, by_staff=True, by=by, at=at)
        if again:
            return made
        words = f"{by} noted what was agreed with {partner}"
        record("risk_agreed", words, at=at, by=by, partner=partner)
        tell(
            RISK_AGREED,
            occasion=f"turn:{made.pk}",
            subject=f"{partner}: what was agreed on the risk of your tier",
            body=made.text,
            link=f"/portal/{partner.slug}/outlook/",
            at=at,
            partner=partner,
            people=None if newest is None else concerned(newest),
        )
    return made


def _locked(partner_id: int) -> Partner:
    """Return a partner of whose risk nobody else says something until the transaction ends."""
    return Partner.objects.select_for_update(no_key=True).get(pk=partner_id)


def _said(
    partner: Partner, text: str, *, by_staff: bool, by: Person, at: datetime
) -> tuple[RiskTurn, bool]:
    """Return what was said, and whether it was said already."""
    words = text.strip()
    if not words:
        raise Refused(Issue(file="risk", column="text", message="say something"))
    newest = RiskTurn.objects.filter(partner=partner).order_by("pk").last()
    if newest is not None and (newest.text, newest.by, newest.by_staff) == (words, by, by_staff):
        return newest, True
    made = RiskTurn.objects.create(partner=partner, by_staff=by_staff, text=words, by=by, at=at)
    return made, False

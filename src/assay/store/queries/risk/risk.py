"""Who is at risk, who of them was told what and has read it, what they said, what was agreed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from assay.store.models import Notice, Review, RiskAssessment, RiskTurn

RISK_KINDS = ("tier_at_risk", "tier_safe_again")
LEADING_HERE = (*RISK_KINDS, "risk_agreed")  # kinds of notices that lead to the outlook


@dataclass(frozen=True, kw_only=True)
class Risk:
    """A partner's level on the day of an assessment, and why; `was` is the level before."""

    partner_id: int
    partner: str
    slug: str
    tier: str
    rank: int
    level: str
    was: str
    on: date
    review_on: date
    document: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RiskLine:
    """A partner in the list: how many people were told of it and how many of them read it."""

    partner: str
    slug: str
    tier: str
    rank: int
    level: str
    was: str
    failing: str
    told: int
    read: int
    answered: str
    answered_at: datetime | None
    agreed: str
    agreed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice to one person: what, when, and when they read it."""

    person: str
    email: str
    subject: str
    told_at: datetime
    read_at: datetime | None
    mailed: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a partner answered, or what staff agreed with it."""

    by_staff: bool
    text: str
    by: str
    at: datetime


def newest_assessment() -> Review | None:
    """Return the newest assessment; None before the first."""
    return Review.objects.filter(kind=Review.Kind.ASSESSMENT, risks__isnull=False).first()


def risk_of(partner_id: int) -> Risk | None:
    """Return a partner's newest level; None where it was never assessed."""
    row = (
        RiskAssessment.objects.filter(partner=partner_id)
        .select_related("partner", "assessment")
        .first()
    )
    return _risk(row) if row else None


def risks_of(partner_id: int) -> tuple[Risk, ...]:
    """Return every assessment of a partner, the newest first."""
    rows = RiskAssessment.objects.filter(partner=partner_id)
    return tuple(_risk(row) for row in rows.select_related("partner", "assessment"))


def lines(assessment: Review) -> tuple[RiskLine, ...]:
    """Return every partner of an assessment, those most at risk first."""
    rows = RiskAssessment.objects.filter(assessment=assessment).select_related("partner")
    told: dict[int, int] = defaultdict(int)
    read: dict[int, int] = defaultdict(int)
    notices = Notice.objects.filter(
        kind__in=RISK_KINDS, told_at__gte=assessment.made_at, partner__isnull=False
    )
    for partner, read_at in notices.values_list("partner", "first_read_at"):
        told[partner] += 1
        read[partner] += read_at is not None
    answered, agreed = _newest(by_staff=False), _newest(by_staff=True)
    order = {"will_lose": 0, "at_risk": 1, "watch": 2, "fine": 3}
    found = (
        RiskLine(
            partner=row.partner.name,
            slug=row.partner.slug,
            tier=row.tier,
            rank=row.rank,
            level=row.level,
            was=row.was,
            failing=", ".join(one["clause"] for one in row.document["requirements"]),
            told=told[row.partner_id],
            read=read[row.partner_id],
            answered=answered[row.partner_id].text if row.partner_id in answered else "",
            answered_at=answered[row.partner_id].at if row.partner_id in answered else None,
            agreed=agreed[row.partner_id].text if row.partner_id in agreed else "",
            agreed_at=agreed[row.partner_id].at if row.partner_id in agreed else None,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda line: (order[line.level], -line.rank, line.partner)))


def told_of(partner_id: int) -> tuple[Told, ...]:
    """Return who was told of a partner's risk, what and when, and whether they read it."""
    rows = Notice.objects.filter(partner=partner_id, kind__in=RISK_KINDS)
    return tuple(
        Told(
            person=str(row.person),
            email=row.person.email,
            subject=row.subject,
            told_at=row.told_at,
            read_at=row.first_read_at,
            mailed=row.mail.state if hasattr(row, "mail") else "",
        )
        for row in rows.select_related("person", "mail")
    )


def turns_of(partner_id: int) -> tuple[Turn, ...]:
    """Return what was said of a partner's risk, the newest first."""
    rows = RiskTurn.objects.filter(partner=partner_id).select_related("by")
    return tuple(
        Turn(by_staff=row.by_staff, text=row.text, by=str(row.by), at=row.at) for row in rows
    )


def unanswered() -> QuerySet[RiskTurn]:
    """Return the newest answer of each partner that nothing was agreed on since."""
    later = RiskTurn.objects.filter(partner=OuterRef("partner"), at__gte=OuterRef("at"))
    return RiskTurn.objects.filter(
        ~Exists(later.filter(by_staff=True)),
        ~Exists(later.filter(by_staff=False, pk__gt=OuterRef("pk"))),
        by_staff=False,
    )


def _newest(*, by_staff: bool) -> dict[int, RiskTurn]:
    """Return the newest turn of one side, by partner."""
    rows = RiskTurn.objects.filter(by_staff=by_staff)
    return {
        row.partner_id: row for row in rows.order_by("partner_id", "-at", "-pk").distinct("partner")
    }


def _risk(row: RiskAssessment) -> Risk:
    return Risk(
        partner_id=row.partner_id,
        partner=row.partner.name,
        slug=row.partner.slug,
        tier=row.tier,
        rank=row.rank,
        level=row.level,
        was=row.was,
        on=row.assessment.on,
        review_on=row.review_on,
        document=row.document,
    )

"""Standings and decisions of one partner: the documents that were kept, and what surrounds them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from assay.store.models import Decision, Notice, Review

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One decision: the review it is of, the tier, and the explanation as it was told."""

    decision_id: int
    kind: str
    program: str
    on: date
    cut_off: date
    made_at: datetime
    tier: str
    text: str

    @property
    def is_review(self) -> bool:
        """Whether it credits its tier; else it is a standing between reviews."""
        return self.kind == Review.Kind.REVIEW

    @property
    def document(self) -> Document:
        """The explanation as plain values."""
        found: Document = json.loads(self.text)
        return found


@dataclass(frozen=True, kw_only=True)
class PartnerStanding:
    """The credited decision (of the last closed review) beside the performing one (the newest).

    Either is None where there is none yet.
    """

    credited: Placed | None
    performing: Placed | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice that waits to be read."""

    subject: str
    link: str
    told_at: datetime


def standing_of(partner_id: int) -> PartnerStanding:
    """Return where a partner stands. Two queries."""
    decisions = _decisions(partner_id)
    credited = decisions.filter(
        review__kind=Review.Kind.REVIEW, review__closed_at__isnull=False
    ).first()
    performing = decisions.filter(review__kind=Review.Kind.STANDING).first()
    return PartnerStanding(
        credited=None if credited is None else _placed(credited),
        performing=None if performing is None else _placed(performing),
    )


def placed(partner_id: int, decision_id: int) -> Placed | None:
    """Return one decision of a partner, None where it has no such; not of a review still open."""
    found = _closed(_decisions(partner_id)).filter(pk=decision_id).first()
    return None if found is None else _placed(found)


def decisions_of(partner_id: int) -> QuerySet[Decision]:
    """Return a partner's decisions without their texts, the newest first, for a list."""
    return _closed(_decisions(partner_id)).defer("explanation")


def unread_of(person_id: int, partner_id: int, *, most: int) -> tuple[Told, ...]:
    """Return the newest notices about a partner that a person has not read."""
    found = Notice.objects.filter(person_id=person_id, partner_id=partner_id, read_at=None)
    return tuple(
        Told(subject=notice.subject, link=notice.link, told_at=notice.told_at)
        for notice in found[:most]
    )


def _decisions(partner_id: int) -> QuerySet[Decision]:
    return (
        Decision.objects.filter(partner_id=partner_id)
        .select_related("review")
        .order_by("-review__on", "-review__made_at", "-review__pk")
    )


def _closed(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.exclude(review__kind=Review.Kind.REVIEW, review__closed_at=None)


def _placed(decision: Decision) -> Placed:
    review = decision.review
    return Placed(
        decision_id=decision.pk,
        kind=review.kind,
        program=review.program,
        on=review.on,
        cut_off=review.cut_off,
        made_at=review.made_at,
        tier=decision.tier,
        text=decision.explanation,
    )

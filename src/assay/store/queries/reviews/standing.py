"""Standings and decisions of one partner: the documents that were kept, and what surrounds them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from assay.store.models import Appeal, Decision, Grant, Notice, Review
from assay.store.queries.reviews.credited import grant_of

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One decision: the review it is of, the tier, and the explanation as it was told.

    `tier` is what was granted, `computed` what the engine decided. A grant says since when it is
    in force and until which day it is not; a standing and an open review have none.
    """

    decision_id: int
    kind: str
    program: str
    on: date
    cut_off: date
    known_at: datetime
    made_at: datetime
    tier: str
    computed: str
    text: str
    since_on: date | None = None
    until_on: date | None = None
    cause: str = ""

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
    """The credited decision (behind the grant in force) beside the performing one (the newest).

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


def standing_of(partner_id: int, on: date) -> PartnerStanding:
    """Return where a partner stands on a day. Two queries."""
    credited = grant_of(partner_id, on)
    performing = _decisions(partner_id).filter(review__kind=Review.Kind.STANDING).first()
    return PartnerStanding(
        credited=None if credited is None else _granted(credited, credited.decision),
        performing=None if performing is None else _placed(performing),
    )


def placed(partner_id: int, decision_id: int) -> Placed | None:
    """Return one decision of a partner, None where it has no such; not of a review still open."""
    found = _closed(_decisions(partner_id)).filter(pk=decision_id).first()
    if found is None:
        return None
    grant = found.grants.exclude(cause=Grant.Cause.GRACE).order_by("pk").first()
    return _placed(found) if grant is None else _granted(grant, found)


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
    """Keep what a partner is told: of corrections, those by which a case was granted."""
    granted = Appeal.objects.filter(state=Appeal.State.GRANTED).values("redecision")
    told = ~Q(review__kind=Review.Kind.CORRECTION) | Q(pk__in=granted)
    return decisions.filter(told, review__state=Review.State.CLOSED)


def _granted(grant: Grant, decision: Decision) -> Placed:
    return replace(
        _placed(decision),
        tier=grant.tier,
        since_on=grant.since_on,
        until_on=grant.until_on,
        cause=grant.cause,
    )


def _placed(decision: Decision) -> Placed:
    review = decision.review
    return Placed(
        decision_id=decision.pk,
        kind=review.kind,
        program=review.program,
        on=review.on,
        cut_off=review.cut_off,
        known_at=review.known_at,
        made_at=review.made_at,
        tier=decision.tier,
        computed=decision.tier,
        text=decision.explanation,
    )

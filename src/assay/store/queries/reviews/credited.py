"""The credited tier, everywhere: of the grants in force on a day, that of the newest review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from assay.store.models import Grant

_DAY = timedelta(days=1)
_NEWEST = ("-reviewed_on", "-made_at", "-pk")


@dataclass(frozen=True, kw_only=True)
class Held:
    """A tier with its place among the program's, lowest 1, none 0."""

    tier: str
    rank: int


def in_force(on: date) -> QuerySet[Grant]:
    """Return the grant that counts on a day, of every partner that has one."""
    return grants_on(on).order_by("partner_id", *_NEWEST).distinct("partner_id")


def grants_on(on: date) -> QuerySet[Grant]:
    """Return every grant in force on a day; of a partner's, the one that counts comes first."""
    lasting = Q(until_on=None) | Q(until_on__gt=on)
    return Grant.objects.filter(lasting, since_on__lte=on).order_by(*_NEWEST)


def credited_on(on: date) -> Mapping[int, Held]:
    """Return the tier that each partner is credited with on a day; who has none is left out."""
    return _held(in_force(on))


def granted_by(review: int) -> Mapping[int, Held]:
    """Return the tier that a closed review gave each partner, whatever grace came before it."""
    grants = Grant.objects.filter(decision__review=review).exclude(cause=Grant.Cause.GRACE)
    return _held(grants.order_by("partner_id", "pk").distinct("partner_id"))


def grant_of(partner_id: int, on: date) -> Grant | None:
    """Return the grant that counts for a partner on a day, with its decision and review."""
    grants = grants_on(on).filter(partner=partner_id)
    return grants.select_related("decision__review", "override").first()


def held_since(partner_id: int, on: date) -> date | None:
    """Return since when a partner has held the tier that it is credited with on a day."""
    grants = list(Grant.objects.filter(partner=partner_id).order_by(*_NEWEST))
    held = found = _counting(grants, on)
    since = None
    while held is not None and found is not None and found.tier == held.tier:
        since = found.since_on
        found = _counting(grants, since - _DAY)
    return since


def _counting(grants: list[Grant], on: date) -> Grant | None:
    lasting = (
        grant
        for grant in grants
        if grant.since_on <= on and (grant.until_on is None or on < grant.until_on)
    )
    return next(lasting, None)


def _held(grants: QuerySet[Grant]) -> dict[int, Held]:
    rows = grants.values_list("partner", "tier", "rank")
    return {partner: Held(tier=tier, rank=rank) for partner, tier, rank in rows}

"""The conditions of access (P2): an app paid via the platform, an address at a private domain.

Whether a partner has an app paid via the platform is judged by every listing that facts and people
tell of. Those who ask are told that and no more: it is what the base level says, which the public
pages tell of every partner after its next review. A partner that is not public yet is told of only
by its whole name or its key, and one that has no such app is as unknown as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assay.store.models import App, Decision, Listing, Partner
from assay.store.queries.public.public import NO_TIER, public_partners

PAID = "platform"
MOST_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A partner that somebody may mean; `paid`: it has an app paid via the platform."""

    slug: str
    name: str
    country: str
    paid: bool


def partners_meant(text: str, on: date, tiers: Sequence[str]) -> tuple[tuple[Choice, ...], bool]:
    """Return the partners that a name, part of a name or a key may mean, and if surely.

    One that is called or keyed exactly so is meant surely; public ones whose name has that part
    may be meant.
    """
    exactly = Q(name__iexact=text) | Q(key__iexact=text) | Q(slug__iexact=text)
    found = _choices(_told_of(on, tiers).filter(exactly))
    if found:
        return found, len(found) == 1
    return _choices(public_partners(on, tiers).filter(name__icontains=text)), False


def partner_chosen(slug: str, on: date, tiers: Sequence[str]) -> Choice | None:
    """Return a partner by its address part."""
    found = _choices(_told_of(on, tiers).filter(slug=slug))
    return found[0] if found else None


def paid_listings() -> QuerySet[Listing]:
    """Return the listings that are paid via the platform now."""
    return Listing.objects.filter(
        payment=PAID, retired_on=None, app__state=App.State.LISTED
    ).order_by()


def has_paid_app(partner_id: int) -> bool:
    """Tell whether a partner has an app paid via the platform now, public or not."""
    return paid_listings().filter(app__partner=partner_id).exists()


def has_held_a_tier(partner_id: int) -> bool:
    """Tell whether any review or standing gave a partner a tier, so that it had such an app."""
    return Decision.objects.filter(partner=partner_id).exclude(tier=NO_TIER).exists()


def _told_of(on: date, tiers: Sequence[str]) -> QuerySet[Any]:
    """Return the public partners, and those that are about to be: with an app that is paid so."""
    public = Q(pk__in=public_partners(on, tiers).values("pk"))
    not_draft = Q(state__in=(Partner.State.ACTIVE, Partner.State.KNOWN))
    return Partner.objects.filter(public | (not_draft & Q(_paid())))


def _paid() -> Exists:
    return Exists(paid_listings().filter(app__partner=OuterRef("pk")))


def _choices(partners: QuerySet[Any]) -> tuple[Choice, ...]:
    ordered = partners.annotate(paid=_paid()).order_by("name", "pk")
    rows = ordered.values_list("slug", "name", "country", "paid")
    return tuple(
        Choice(slug=slug, name=name, country=country, paid=paid)
        for slug, name, country, paid in rows[:MOST_SHOWN]
    )

"""The conditions of access (P2): an app paid via the platform, an address at a private domain.

Those who ask are told of the first only what the public pages tell anyway: which partners are
public, and that one has an app paid via the platform, by its public listings or by its tier of the
day, which no partner without such an app holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assay.store.models import App, Decision, Listing
from assay.store.queries.public.public import NO_TIER, public_partners

PAID = "platform"
MOST_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A public partner that somebody may mean; `paid`: it has an app paid via the platform."""

    slug: str
    name: str
    country: str
    paid: bool


def partners_meant(text: str, on: date, tiers: Sequence[str]) -> tuple[tuple[Choice, ...], bool]:
    """Return the public partners that a name, part of a name or a key may mean, and if surely.

    One that is called or keyed exactly so is meant surely; others are what may be meant.
    """
    partners = public_partners(on, tiers).order_by("name", "pk")
    exactly = Q(name__iexact=text) | Q(key__iexact=text) | Q(slug__iexact=text)
    found = _choices(partners.filter(exactly))
    if found:
        return found, len(found) == 1
    return _choices(partners.filter(name__icontains=text)), False


def partner_chosen(slug: str, on: date, tiers: Sequence[str]) -> Choice | None:
    """Return a public partner by its address part."""
    found = _choices(public_partners(on, tiers).filter(slug=slug))
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


def _choices(partners: QuerySet[Any]) -> tuple[Choice, ...]:
    paid = paid_listings().filter(app__partner=OuterRef("pk"))
    told = Q(Exists(paid.filter(app__public=True))) | (~Q(tier=NO_TIER) & Q(Exists(paid)))
    rows = partners.annotate(paid=told).values_list("slug", "name", "country", "paid")
    return tuple(
        Choice(slug=slug, name=name, country=country, paid=paid)
        for slug, name, country, paid in rows[:MOST_SHOWN]
    )

"""Know the partners that facts speak of: each gets a row that somebody may claim."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from assay.engine.duck import Session
from assay.store.models import Partner

RESERVED = frozenset({"new", "claim"})  # addresses under /portal/


def know_partners(session: Session, *, at: datetime) -> dict[str, int]:
    """Add a row for every partner of the facts that has none; return all keys with their ids.

    What people entered is never overwritten by facts.
    """
    told = session.rows("SELECT * FROM partners ORDER BY partner_id").to_pylist()
    with transaction.atomic():
        known = dict(Partner.objects.values_list("key", "pk"))
        taken = set(Partner.objects.values_list("slug", flat=True))
        fresh = [_partner(row, taken, at) for row in told if row["partner_id"] not in known]
        Partner.objects.bulk_create(fresh)
    return {**known, **{partner.key: partner.pk for partner in fresh}}


def _partner(row: Mapping[str, Any], taken: set[str], at: datetime) -> Partner:
    name = row["name"] or row["partner_id"]
    joined = row["joined_on"]
    return Partner(
        key=row["partner_id"],
        slug=free_slug(name, taken),
        state=Partner.State.KNOWN,
        name=name[:120],
        country=row["country"] or "",
        time_zone=row["time_zone"] or "",
        joined_on=joined if isinstance(joined, date) else None,
        created_at=at,
    )


def free_slug(name: str, taken: set[str], *, otherwise: str = "partner") -> str:
    """Return an address part for a name that is not in `taken`, and take it.

    Words that are addresses of their own are never given away.
    """
    base = slugify(name)[:70].strip("-_") or otherwise
    slug, number = base, 2
    while slug in taken or slug in RESERVED:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug

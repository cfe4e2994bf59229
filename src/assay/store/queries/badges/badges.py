"""Badges as anyone sees them, of a partner, and in the status lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from assay.core.credentials import REVOCATION, SUSPENSION
from assay.store.models import Badge


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A badge with all that may be known of it; whose it is, as the badge was given."""

    number: str
    issuer: str
    list_number: int
    partner_name: str
    partner_slug: str
    program: str
    tier: str
    words: str
    since_on: date
    until_on: date
    token: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_why: str
    suspended_at: datetime | None
    suspended_why: str


@dataclass(frozen=True, kw_only=True)
class Places:
    """The places that are set in a status list, and its last change."""

    set: tuple[int, ...]
    changed_at: datetime


def badge_of(number: str) -> Shown | None:
    """Return a badge by the number in its address."""
    found = Badge.objects.filter(number=number).select_related("partner").first()
    return None if found is None else _shown(found)


def badges_of(partner_id: int) -> tuple[Shown, ...]:
    """Return a partner's badges, the newest first."""
    found = Badge.objects.filter(partner=partner_id).select_related("partner")
    return tuple(_shown(badge) for badge in found)


def current_badge(partner_slug: str, *, on: date) -> Shown | None:
    """Return the badge that a partner holds on a day, suspended ones left out."""
    found = _current(on).filter(partner__slug=partner_slug, suspended_at=None).first()
    return None if found is None else _shown(found)


def current_badges(*, on: date) -> Iterator[Shown]:
    """Return every badge that is neither revoked nor over on a day; of a partner the newest."""
    newest = _current(on).order_by("partner_id", "-since_on", "-pk").distinct("partner_id")
    return (_shown(badge) for badge in newest)


def places(purpose: str, list_number: int) -> Places | None:
    """Return what a status list tells; None where there is no such list."""
    listed = Badge.objects.filter(list_number=list_number)
    field = {REVOCATION: "revoked_at", SUSPENSION: "suspended_at"}.get(purpose)
    first = listed.order_by("issued_at").values_list("issued_at", flat=True).first()
    if field is None or first is None:
        return None
    rows = sorted(listed.exclude(**{field: None}).values_list("place", field))
    changes = (first, *(moment for _, moment in rows))
    return Places(set=tuple(place for place, _ in rows), changed_at=max(changes))


def list_numbers() -> tuple[int, ...]:
    """Return the numbers of the status lists there are."""
    return tuple(
        Badge.objects.order_by("list_number").values_list("list_number", flat=True).distinct()
    )


def _current(on: date) -> QuerySet[Badge]:
    return Badge.objects.filter(revoked_at=None, since_on__lte=on, until_on__gt=on).select_related(
        "partner"
    )


def _shown(badge: Badge) -> Shown:
    return Shown(
        number=badge.number,
        issuer=badge.issuer,
        list_number=badge.list_number,
        partner_name=badge.partner.name,
        partner_slug=badge.partner.slug,
        program=badge.program,
        tier=badge.tier,
        words=badge.words,
        since_on=badge.since_on,
        until_on=badge.until_on,
        token=badge.token,
        issued_at=badge.issued_at,
        revoked_at=badge.revoked_at,
        revoked_why=badge.revoked_why,
        suspended_at=badge.suspended_at,
        suspended_why=badge.suspended_why,
    )

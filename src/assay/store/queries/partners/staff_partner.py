"""One partner with everything that staff may see of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from assay.store.models import App, Claim, Decision, Notice, Partner, Review, Upload

MOST_NOTICES = 10


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A partner's profile, field by field; "" where nothing was entered."""

    id: int
    key: str
    slug: str
    state: str
    name: str
    legal_name: str
    address: tuple[str, ...]
    country: str
    time_zone: str
    website: str
    support_email: str
    support_url: str
    support_phone: str
    support_hours: str
    agreement: str
    agreed_at: datetime | None
    agreed_by: str
    joined_on: date | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class HeldApp:
    """An app of the partner: where it stands, and on which kinds of hosting it is."""

    key: str
    slug: str
    name: str
    state: str
    step: str
    public: bool
    hostings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision: the tier of one run."""

    id: int
    on: date
    is_review: bool
    tier: str
    program: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file that was imported for the partner alone."""

    id: int
    name: str
    state: str
    uploaded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A person who says that the partner is theirs."""

    id: int
    by: str
    state: str
    claimed_at: datetime


def profile_of(slug: str) -> Profile | None:
    """Return the profile of the partner of an address, None where there is none."""
    found = Partner.objects.select_related("agreed_by").filter(slug=slug).first()
    if found is None:
        return None
    town = " ".join(part for part in (found.postal_code, found.city) if part)
    return Profile(
        id=found.pk,
        key=found.key,
        slug=found.slug,
        state=found.state,
        name=found.name,
        legal_name=found.legal_name,
        address=tuple(part for part in (found.street, town) if part),
        country=found.country,
        time_zone=found.time_zone,
        website=found.website,
        support_email=found.support_email,
        support_url=found.support_url,
        support_phone=found.support_phone,
        support_hours=found.support_hours,
        agreement=found.agreement_version,
        agreed_at=found.agreed_at,
        agreed_by=str(found.agreed_by) if found.agreed_by else "",
        joined_on=found.joined_on,
        created_at=found.created_at,
    )


def apps_held(partner_id: int) -> tuple[HeldApp, ...]:
    """Return every app of a partner, by name."""
    return tuple(
        HeldApp(
            key=app.key,
            slug=app.slug,
            name=app.name,
            state=app.state,
            step=app.step,
            public=app.public,
            hostings=tuple(listing.hosting for listing in app.listings.all()),
        )
        for app in App.objects.filter(partner=partner_id).prefetch_related("listings")
    )


def decided(partner_id: int, *, most: int) -> tuple[Decided, ...]:
    """Return a partner's newest decisions: every review, and the newest standing."""
    found = (
        Decision.objects.filter(partner=partner_id)
        .select_related("review")
        .defer("explanation")
        .order_by("-review__on", "-review__made_at")
    )
    reviews = found.filter(review__kind=Review.Kind.REVIEW)[:most]
    standings = found.filter(review__kind=Review.Kind.STANDING)[:1]
    return tuple(
        Decided(
            id=decision.pk,
            on=decision.review.on,
            is_review=decision.review.kind == Review.Kind.REVIEW,
            tier=decision.tier,
            program=decision.review.program,
            made_at=decision.review.made_at,
        )
        for decision in (*standings, *reviews)
    )


def told_to(partner_id: int) -> QuerySet[Any, dict[str, Any]]:
    """Return a row for each notice about a partner: to whom, when, mailed and read or not."""
    rows: QuerySet[Any, dict[str, Any]] = Notice.objects.filter(partner=partner_id).values(
        *("pk", "kind", "subject", "person__name", "person__email", "told_at", "read_at"),
        *("mail__pk", "mail__state"),
    )
    return rows


def sent_for(partner_key: str, *, most: int) -> tuple[Sent, ...]:
    """Return the newest files that were imported for a partner alone."""
    found = Upload.objects.filter(partner_key=partner_key)[:most]
    return tuple(
        Sent(id=one.pk, name=one.name, state=one.state, uploaded_at=one.uploaded_at)
        for one in found
    )


def claims_to(partner_id: int) -> tuple[Asked, ...]:
    """Return who said that a partner is theirs, the newest first."""
    found = Claim.objects.filter(partner=partner_id).select_related("person")
    return tuple(
        Asked(id=one.pk, by=str(one.person), state=one.state, claimed_at=one.claimed_at)
        for one in found.order_by("-claimed_at", "-pk")
    )

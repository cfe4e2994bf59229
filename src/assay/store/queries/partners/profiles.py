"""Profiles: what partners say of themselves, the path a person is on, partners to claim."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q, QuerySet

from assay.core.profiles import Profile, ProfileStep, open_steps
from assay.core.rights import Role
from assay.store.models import App, Claim, Partner, Person, Picture


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A partner's profile as it is kept, and which steps of its path are open."""

    partner_id: int
    key: str
    slug: str
    is_known: bool  # facts spoke of it before anybody did
    is_active: bool
    profile: Profile
    open_steps: tuple[ProfileStep, ...]
    agreed_at: datetime | None
    agreed_by: str
    announces: bool  # consents to being named among those that moved up


def profile_kept(partner_id: int) -> Kept:
    """Return the profile of a partner."""
    return _kept(Partner.objects.select_related("agreed_by").get(pk=partner_id))


def paths_of(person: Person) -> QuerySet[Partner]:
    """Select the partner whose path a person is on; of a known one, as long as they own it."""
    begun = Partner.objects.filter(begun_by=person)
    own = Q(memberships__person=person, memberships__role=Role.OWNER)
    return begun.filter(Q(state=Partner.State.DRAFT) | Q(state=Partner.State.KNOWN) & own)


def path_kept(person: Person) -> Kept | None:
    """Return the profile whose path a person is on, None where they are on none."""
    found = paths_of(person).select_related("agreed_by").first()
    return None if found is None else _kept(found)


def _kept(partner: Partner) -> Kept:
    profile = Profile(**{field.name: getattr(partner, field.name) for field in fields(Profile)})
    return Kept(
        partner_id=partner.pk,
        key=partner.key,
        slug=partner.slug,
        is_known=partner.state == Partner.State.KNOWN,
        is_active=partner.state == Partner.State.ACTIVE,
        profile=profile,
        open_steps=open_steps(profile),
        agreed_at=partner.agreed_at,
        agreed_by=str(partner.agreed_by) if partner.agreed_by else "",
        announces=partner.announce_moves,
    )


def claimable(text: str) -> QuerySet[Partner]:
    """Select the partners known from facts whose name or key has `text` in it."""
    known = Partner.objects.filter(state=Partner.State.KNOWN)
    return (known.filter(name__icontains=text) | known.filter(key__iexact=text)).order_by(
        "name", "key"
    )


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """A partner that may be claimed: what facts tell of it, and the person's open claim."""

    slug: str
    name: str
    country: str
    apps: tuple[str, ...]
    claimed_at: datetime | None


def claimable_partner(slug: str, person: Person) -> Claimable | None:
    """Return a partner that a person may claim; None where there is none of this address."""
    found = (
        Partner.objects.filter(slug=slug)
        .exclude(state=Partner.State.DRAFT)
        .exclude(memberships__person=person)
        .first()
    )
    if found is None:
        return None
    claim = found.claims.filter(person=person, state=Claim.State.OPEN).first()
    apps = found.apps.filter(public=True, state=App.State.LISTED).order_by("name")[:5]
    return Claimable(
        slug=found.slug,
        name=found.name,
        country=found.country,
        apps=tuple(app.name for app in apps),
        claimed_at=claim.claimed_at if claim else None,
    )


def claims_of(person: Person) -> tuple[tuple[str, str, str, datetime, str], ...]:
    """Return a person's claims: the partner's name and slug, state, when, and why."""
    found = Claim.objects.filter(person=person).select_related("partner").order_by("-claimed_at")
    return tuple(
        (claim.partner.name, claim.partner.slug, claim.state, claim.claimed_at, claim.reason)
        for claim in found[:20]
    )


def picture_is_public(name: str) -> bool:
    """Tell whether anybody may see a picture: an active partner's logo, or of a public app."""
    return (
        Partner.objects.filter(logo=name, state=Partner.State.ACTIVE).exists()
        or App.objects.filter(screenshots__file=name, public=True, state=App.State.LISTED).exists()
    )


def may_see_picture(name: str, person: Person) -> bool:
    """Tell whether a person may see a picture: staff, the partner's members, who sent it."""
    pictures = Picture.objects.filter(name=name)
    if person.is_staff:
        return pictures.exists()
    return (
        pictures.filter(partner__memberships__person=person).exists()
        or pictures.filter(partner__begun_by=person).exists()
    )

"""What anyone may know of partners and apps: the one place that decides it.

Public is a partner that is active with a credited tier or with a listed public app, and one that
is only known from facts with a credited tier. The credited tier is the one granted for the day
(`store.queries.reviews.credited`), never that of a standing. An active partner shows its profile;
a known one, whom nobody has claimed yet, shows its name, country, tier and apps and nothing else.
Of apps, those that are listed and public show; of their listings, those that are not retired.
Sales, findings, people and their addresses are read by nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from assay.store.models import App, Listing, Partner, Review
from assay.store.queries.reviews.credited import grant_of, grants_on, held_since
from assay.store.queries.security.badges import Badge, badges_of

NO_TIER = "none"


@dataclass(frozen=True, kw_only=True)
class PublicListing:
    """An app on one kind of hosting."""

    hosting: str
    payment: str
    listed_on: date | None
    installs: int | None
    installs_on: date | None


@dataclass(frozen=True, kw_only=True)
class PublicApp:
    """A listed public app."""

    slug: str
    name: str
    key: str
    tagline: str
    description: str
    products: tuple[str, ...]
    categories: tuple[str, ...]
    listings: tuple[PublicListing, ...]
    screenshots: tuple[tuple[str, str], ...] = ()  # file and caption
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublicPartner:
    """A partner as anyone sees it; what a profile has is empty where nobody has claimed it.

    `tier` is the credited tier or "none"; `since` the day from which it has been held unbroken,
    `reviewed_on` that of the review that granted it.
    """

    slug: str
    name: str
    claimed: bool
    country: str
    tier: str
    since: date | None
    reviewed_on: date | None
    joined_on: date | None
    website: str
    support_email: str
    support_url: str
    support_phone: str
    support_hours: str
    time_zone: str
    description: str
    logo: str


def newest_review() -> Review | None:
    """Return the newest closed review; of two of one day, the one that was made later."""
    return Review.objects.filter(kind=Review.Kind.REVIEW, state=Review.State.CLOSED).first()


def directory(on: date, tiers: Sequence[str]) -> QuerySet[Any]:
    """Return a row for every public partner on a day; `tiers` are the program's, lowest first.

    Rows are mappings of slug, name, country, tier ("none" without one), rank (the highest tier
    has the greatest), apps_listed (how many), products and claimed.
    """
    listed = listed_apps().filter(partner=OuterRef("pk")).order_by()
    count = listed.values("partner").annotate(found=Count("pk")).values("found")
    products = listed.annotate(product=Func("products", function="unnest")).values("product")
    partners: QuerySet[Partner] = public_partners(on, tiers)
    return (
        partners.annotate(
            rank=Case(
                *(When(tier=tier, then=Value(place)) for place, tier in enumerate(tiers, 1)),
                default=Value(0),
                output_field=IntegerField(),
            ),
            apps_listed=Coalesce(Subquery(count), Value(0)),
            products=ArraySubquery(products.distinct().order_by("product")),
            claimed=Q(state=Partner.State.ACTIVE),
        )
        .order_by("-rank", "name", "pk")
        .values("slug", "name", "country", "tier", "rank", "apps_listed", "products", "claimed")
    )


def matching(
    rows: QuerySet[Any], *, text: str = "", tier: str = "", product: str = "", country: str = ""
) -> QuerySet[Any]:
    """Narrow the directory; `text` is looked for in names, descriptions and names of apps."""
    if text:
        named = listed_apps().filter(partner=OuterRef("pk"), name__icontains=text)
        told = Q(description__icontains=text, state=Partner.State.ACTIVE)
        rows = rows.filter(Q(name__icontains=text) | told | Exists(named))
    if tier:
        rows = rows.filter(tier=tier)
    if product:
        for_it = listed_apps().filter(partner=OuterRef("pk"), products__contains=[product])
        rows = rows.filter(Exists(for_it))
    if country:
        rows = rows.filter(country=country)
    return rows


def public_partners(on: date, tiers: Sequence[str]) -> QuerySet[Any]:
    """Return the partners that are public, each annotated with its credited `tier`.

    A tier that is not among `tiers` is of another program, and does not show.
    """
    granted = grants_on(on).filter(partner=OuterRef("pk"))
    states = (Partner.State.ACTIVE, Partner.State.KNOWN)
    with_app = Q(state=Partner.State.ACTIVE) & Exists(listed_apps().filter(partner=OuterRef("pk")))
    return (
        Partner.objects.filter(state__in=states)
        .annotate(granted=Subquery(granted.values("tier")[:1]))
        .annotate(tier=Case(When(granted__in=tiers, then="granted"), default=Value(NO_TIER)))
        .filter(~Q(tier=NO_TIER) | with_app)
    )


def listed_apps() -> QuerySet[App]:
    """Return the apps that may be public, if their partner is."""
    return App.objects.filter(public=True, state=App.State.LISTED)


def partners_by_tier(on: date, tiers: Sequence[str]) -> dict[str, int]:
    """Count the public partners of each tier."""
    counted = public_partners(on, tiers).order_by().values("tier").annotate(found=Count("pk"))
    return {row["tier"]: row["found"] for row in counted}


def countries_and_products(
    on: date, tiers: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the countries of public partners and the products of their apps, sorted."""
    partners = public_partners(on, tiers).order_by()
    countries = partners.exclude(country="").values_list("country", flat=True).distinct()
    products = (
        listed_apps()
        .order_by()
        .annotate(product=Func("products", function="unnest"))
        .values_list("product", flat=True)
        .distinct()
    )
    return tuple(sorted(countries)), tuple(sorted(products))


def public_partner(slug: str, on: date, tiers: Sequence[str]) -> PublicPartner | None:
    """Return a public partner by its address part."""
    found = public_partners(on, tiers).filter(slug=slug).first()
    if found is None:
        return None
    tier: str = found.tier
    grant = None if tier == NO_TIER else grant_of(found.pk, on)
    claimed = found.state == Partner.State.ACTIVE
    return PublicPartner(
        slug=found.slug,
        name=found.name,
        claimed=claimed,
        country=found.country,
        tier=tier,
        since=None if grant is None else held_since(found.pk, on),
        reviewed_on=None if grant is None else grant.decision.review.on,
        joined_on=found.joined_on if claimed else None,
        website=found.website if claimed else "",
        support_email=found.support_email if claimed else "",
        support_url=found.support_url if claimed else "",
        support_phone=found.support_phone if claimed else "",
        support_hours=found.support_hours if claimed else "",
        time_zone=found.time_zone if claimed else "",
        description=found.description if claimed else "",
        logo=found.logo if claimed else "",
    )


def apps_of(slug: str, on: date) -> tuple[PublicApp, ...]:
    """Return the listed public apps of a partner, by name; whether it is public is not asked."""
    found = listed_apps().filter(partner__slug=slug).prefetch_related("listings")
    badges = badges_of(list(found), on)
    return tuple(_app(app, badges.get(app.pk, ())) for app in found)


def public_app(slug: str, on: date, tiers: Sequence[str]) -> tuple[PublicApp, PublicPartner] | None:
    """Return a public app with its partner, by the app's address part."""
    app = (
        listed_apps()
        .filter(slug=slug)
        .select_related("partner")
        .prefetch_related("listings", "screenshots")
        .first()
    )
    partner = None if app is None else public_partner(app.partner.slug, on, tiers)
    if app is None or partner is None:
        return None
    return _app(app, badges_of([app], on).get(app.pk, ()), pictured=True), partner


def public_addresses(on: date, tiers: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the address parts of every public partner and of every public app."""
    partners = public_partners(on, tiers).order_by("slug")
    apps = listed_apps().filter(partner__in=partners.order_by().values("pk")).order_by("slug")
    return (
        tuple(partners.values_list("slug", flat=True)),
        tuple(apps.values_list("slug", flat=True)),
    )


def _app(app: App, badges: tuple[Badge, ...], *, pictured: bool = False) -> PublicApp:
    shots = app.screenshots.all() if pictured else ()
    return PublicApp(
        slug=app.slug,
        name=app.name,
        key=app.key,
        tagline=app.tagline,
        description=app.description,
        products=tuple(app.products),
        categories=tuple(app.categories),
        listings=tuple(_listings(app.listings.all())),
        badges=badges,
        screenshots=tuple((shot.file, shot.caption) for shot in shots),
    )


def _listings(listings: Iterable[Listing]) -> Iterator[PublicListing]:
    for listing in listings:
        if listing.retired_on is None:
            yield PublicListing(
                hosting=listing.hosting,
                payment=listing.payment,
                listed_on=listing.listed_on,
                installs=listing.installs,
                installs_on=listing.installs_on,
            )

"""Posts, and partners of every tier with their members, for tests of content."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from assay.core.content import Audience, PostContent, PostKind, Session
from assay.core.rights import Role
from assay.jobs.content.publish_post import publish_post
from assay.jobs.content.write_post import draft_post
from assay.store.models import Membership, Person
from tests.public_marketplace import make_partner, make_review

AT = datetime(2026, 7, 6, 9, tzinfo=UTC)  # a Monday
TIERS = ("none", "partner", "silver", "gold", "platinum")


def make_person(name, **fields):
    """Make a person."""
    return Person.objects.create_user(f"{name}@demo.example", name=name, joined_at=AT, **fields)


def make_member(partner, name, role=Role.OWNER, **fields):
    """Make a person with a seat in a partner."""
    person = make_person(name, **fields)
    Membership.objects.create(partner=partner, person=person, role=role, since=AT)
    return person


def make_partners():
    """Make a partner of every tier, named by it, each with an owner and a viewer."""
    partners = {tier: make_partner(f"{tier} co") for tier in TIERS}
    make_review(date(2026, 7, 1), {partners[t]: t for t in TIERS if t != "none"})
    for tier, partner in partners.items():
        make_member(partner, f"{tier}-owner")
        make_member(partner, f"{tier}-viewer", Role.VIEWER)
    return partners


def person(name):
    """Return a person by name."""
    return Person.objects.get(name=name)


def said(kind=PostKind.UPDATE, title="News", body="Words", **more):
    """Return what a post says; a webinar is in two days for an hour unless it says otherwise."""
    if kind is PostKind.WEBINAR:
        more.setdefault("session", session())
        more.setdefault("takes_sign_ups", True)
    return PostContent(kind=kind, title=title, body=body, **more)


def session(days=2, hours=1, zone="Europe/Stockholm", **more):
    """Return a webinar's time."""
    starts_at = AT + timedelta(days=days)
    ends_at = starts_at + timedelta(hours=hours)
    return Session(starts_at=starts_at, ends_at=ends_at, zone=zone, **more)


def posted(*arguments, by=None, at=AT, **more):
    """Publish a post."""
    return publish_post(draft_post(said(*arguments, **more), by=by, at=at).pk, by=by, at=at)


def for_tiers(*tiers, roles=()):
    """Return an audience of tiers and roles."""
    return Audience(tiers=tiers, roles=roles)


def with_benefit(key):
    """Return the audience that has a benefit."""
    return Audience(benefit=key)

"""Enter into a demo what people would: profiles, apps on every step of their way, a claim."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageDraw

from assay.core.listings import AppContent
from assay.documents.places import zones_of
from assay.gateways.files import LOGO
from assay.jobs.apps.decide_app import approve_app
from assay.jobs.apps.edit_app import begin_app, propose, submit
from assay.jobs.apps.reconcile import reconcile
from assay.jobs.demo.cast import DOMAIN, Cast
from assay.jobs.demo.enter_access import enter_access
from assay.jobs.demo.enter_analytics import enter_analytics
from assay.jobs.demo.enter_badges import enter_badges
from assay.jobs.demo.enter_benefits import enter_benefits, enter_managers
from assay.jobs.demo.enter_content import enter_content
from assay.jobs.demo.enter_escalations import enter_escalations
from assay.jobs.demo.enter_letters import enter_letters
from assay.jobs.demo.enter_requests import enter_requests
from assay.jobs.demo.enter_security import enter_security
from assay.jobs.imports.state_facts import state_facts
from assay.jobs.partners.claim_partner import claim_partner
from assay.jobs.partners.pictures import keep_picture
from assay.store.models import App, Partner, Person
from assay.store.queries.apps.app_contents import content_of

_ABOUT = (
    "We are **made up**, and so is everything that we offer:\n\n"
    "- apps that link what belongs together\n- reports that nobody has to write\n\n"
    "Write to us; nobody will answer."
)
CLAIMANT = f"claimant@{DOMAIN}"
_COLOURS = ("#1d6b58", "#7a5200", "#3b4a8c")


_OWNERS = ("owner-safe", "owner-at-risk", "owner-promoted")  # whose partners have profiles


def enter_demo(cast: Cast, *, at: datetime) -> None:
    """Enter everything that people of the demo did; entered again, nothing changes.

    Each topic enters its own; one takes no longer than a second.
    """
    if Person.objects.filter(email=CLAIMANT).exists():
        return
    for enter in ENTRIES:
        with transaction.atomic():
            enter(cast, at=at)
    state_facts(at=at)


def _enter_profiles(cast: Cast, *, at: datetime) -> None:
    """Enter profiles, and apps for three partners.

    The first has a listing that reports deny in part, the second an app that waits, the third
    a draft. A stranger claims a partner that nobody has.
    """
    people = [cast.people[name] for name in _OWNERS]
    partners = [cast.partners[name] for name in _OWNERS]
    for partner, person, colour in zip(partners, people, _COLOURS, strict=False):
        _fill_profile(partner, person, colour, at)
    _list_otherwise(partners[0], people[0], cast.people["staff-manager"], at)
    waiting = _draft(partners[1], people[1], at)
    propose(waiting.pk, _whole(waiting.name), by=people[1], at=at)
    submit(waiting.pk, by=people[1], at=at)
    _draft(partners[2], people[2], at)
    stranger = Person.objects.create_user(CLAIMANT, name="Claimant", joined_at=at)
    known = Partner.objects.filter(state=Partner.State.KNOWN).order_by("name")[0]
    evidence = "I am the made-up head of this made-up company."
    claim_partner(known.slug, stranger, evidence=evidence, at=at)
    reconcile(at=at)


def _fill_profile(partner: Partner, person: Person, colour: str, at: datetime) -> None:
    zones = zones_of(partner.country)
    partner.legal_name = f"{partner.name} Made-up Ltd"
    partner.street, partner.city, partner.postal_code = "1 Made-up Street", "Anytown", "00000"
    partner.time_zone = partner.time_zone or (zones[0] if zones else "UTC")
    partner.website = f"https://{partner.key}.example/"
    partner.support_email = f"help@{partner.key}.example"
    partner.support_hours = "Monday to Friday, 9:00 to 17:00"
    partner.description = _ABOUT
    partner.agreement_version = settings.AGREEMENT_VERSION
    partner.agreed_at, partner.agreed_by = at, person
    partner.logo = keep_picture(partner, _logo(colour), LOGO, column="logo", at=at).name
    partner.save()


def _logo(colour: str) -> io.BytesIO:
    """Draw a streak on a ground."""
    image = Image.new("RGB", (256, 256), colour)
    points = [(32, 180), (96, 100), (160, 148), (224, 64)]
    ImageDraw.Draw(image).line(points, fill="#ffffff", width=22, joint="curve")
    held = io.BytesIO()
    image.save(held, "PNG")
    held.seek(0)
    return held


def _list_otherwise(partner: Partner, owner: Person, staff: Person, at: datetime) -> None:
    """List the partner's first app under another name and on one kind of hosting more."""
    app = partner.apps.filter(from_facts=True).order_by("key")[0]
    content = replace(
        _whole(f"{app.name} for Jira"),
        hostings={**content_of(app).hostings, "server": "free"},
    )
    propose(app.pk, content, by=owner, at=at)
    submit(app.pk, by=owner, at=at)
    approve_app(app.pk, reason="Good to go.", by=staff, at=at)


def _draft(partner: Partner, owner: Person, at: datetime) -> App:
    name = f"{partner.name.replace('Partner', 'Chart')}"
    bare = AppContent(name=name, hostings={"cloud": "platform"})
    return begin_app(partner.pk, f"example.{partner.key}.chart", bare, by=owner, at=at)


def _whole(name: str) -> AppContent:
    return AppContent(
        name=name,
        tagline="An app that does not exist",
        description=_ABOUT,
        products=("Confluence", "Jira"),
        categories=("Charts and diagramming", "Reports"),
        hostings={"cloud": "platform"},
    )


ENTRIES = (
    _enter_profiles,
    enter_benefits,
    enter_managers,
    enter_access,
    enter_escalations,
    enter_badges,
    enter_security,
    enter_content,
    enter_requests,
    enter_analytics,
    enter_letters,
)

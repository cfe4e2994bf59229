"""Partners and people that tests of the portal start from, and the forms they send."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from PIL import Image

from assay.core.listings import AppContent
from assay.core.rights import Role
from assay.store.models import Membership, Partner, Person

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 7, 9, 9, tzinfo=UTC)
NAMES = {"name": "Acme Links", "legal_name": "Acme Links Demo Ltd"}
ADDRESS = {
    "street": "1 Made-up Street",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}
SUPPORT = {
    "website": "https://www.acme.example/",
    "support_email": "help@acme.example",
    "support_hours": "Monday to Friday, 9:00 to 17:00",
}
PRESENTATION = {"description": "We make **links**."}


def person(email: str, *, staff: str = "", verified: bool = True) -> Person:
    """Make an account whose address is confirmed."""
    made = Person.objects.create_user(email, joined_at=AT, staff_role=staff)
    EmailAddress.objects.create(user=made, email=email, verified=verified, primary=True)
    return made


def partner(key: str = "P1", slug: str = "acme", **fields: object) -> Partner:
    """Make an active partner with a whole profile."""
    cells = NAMES | ADDRESS | SUPPORT | PRESENTATION
    cells |= {"state": "active", "time_zone": "Europe/Berlin", "agreement_version": "2026-01"}
    return Partner.objects.create(key=key, slug=slug, created_at=AT, **(cells | fields))


def seat(of: Partner, who: Person, role: Role = Role.OWNER) -> Person:
    """Give a person a role in a partner."""
    Membership.objects.create(partner=of, person=who, role=role, since=AT)
    return who


def content(**fields: object) -> AppContent:
    """Make the content of an app that lacks nothing."""
    cells = {
        "name": "Linker",
        "tagline": "Links that last",
        "description": "It links.",
        "products": ("Jira",),
        "categories": ("Integrations",),
        "hostings": {"cloud": "platform"},
    }
    return AppContent(**(cells | fields))


def picture(size: tuple[int, int] = (640, 480), kind: str = "PNG", **options: object) -> io.BytesIO:
    """Draw a picture as people send one."""
    held = io.BytesIO()
    Image.new("RGB", size, "#1d6b58").save(held, kind, **options)
    held.seek(0)
    held.name = f"shot.{kind.lower()}"
    return held

"""People of tests: accounts with confirmed addresses, partners with teams, links out of mails."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher

from assay.store.models import Mail, Membership, Partner, Person

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
PASSWORD = "four words nobody guesses"  # noqa: S105 - of made-up people
HASHED = MD5PasswordHasher().encode(PASSWORD, "s" * 22)


def account(email, **fields):
    person = Person.objects.create(email=email, password=HASHED, joined_at=AT, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def partner(slug, **team):
    made = Partner.objects.create(key=slug.upper(), slug=slug, name=slug.title(), created_at=AT)
    for name, role in team.items():
        person = Person.objects.filter(email=f"{name}@{slug}.example").first() or account(
            f"{name}@{slug}.example", name=name.title()
        )
        Membership.objects.create(partner=made, person=person, role=role, since=AT)
    return made


def person(name, slug="acme"):
    return Person.objects.get(email=f"{name}@{slug}.example")


def seat(name, slug="acme"):
    return Membership.objects.get(partner__slug=slug, person__email=f"{name}@{slug}.example")


def roles(slug="acme"):
    found = Membership.objects.filter(partner__slug=slug).order_by("person__email")
    return {one.person.email.partition("@")[0]: one.role for one in found}


def sign_in(client, email):
    return client.post("/sign-in/", {"login": email, "password": PASSWORD})


def newest_mail():
    return Mail.objects.order_by("-pk").first()


def link_in(mail, part):
    return re.search(rf"{settings.BASE_URL}(/{part}\S+)", mail.text)[1]

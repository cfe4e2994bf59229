"""Make and use one-time sign-in links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.jobs.operations.events import record
from assay.jobs.people.one_time import digest_of, fresh_secret
from assay.store.models import Person, SignInLink

LIFETIME = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Used:
    """Whom a link signs in, and whether it stands for a second factor as well."""

    person: Person
    both_factors: bool


def make_link(person: Person, *, base_url: str, at: datetime, both_factors: bool = False) -> str:
    """Return the address of a link that signs `person` in, once, within 30 days."""
    secret = fresh_secret()
    SignInLink.objects.create(
        person=person,
        digest=digest_of(secret),
        both_factors=both_factors,
        made_at=at,
        expires_at=at + LIFETIME,
    )
    return f"{base_url}/sign-in/link/{secret}/"


def link_for(email: str, *, base_url: str, at: datetime) -> str:
    """Return a fresh link for the account of an address; raises Refused where there is none."""
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        raise Refused(Issue(file="accounts", value=email, message="there is no such account"))
    record("sign_in_link_made", f"A one-time link was made for {person}", at=at, by=None)
    return make_link(person, base_url=base_url, at=at)


def use_link(secret: str, *, at: datetime) -> Used:
    """Use a link up; raises Refused where it is unknown, used, or too old."""
    with transaction.atomic():
        link = (
            SignInLink.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(digest=digest_of(secret))
            .first()
        )
        if link is None:
            raise Refused(Issue(file="link", message="there is no such link"))
        if link.used_at is not None:
            raise Refused(
                Issue(
                    file="link",
                    message=f"this link was used on {link.used_at:%Y-%m-%d at %H:%M} UTC",
                    hint="a link works once; ask for a new one",
                )
            )
        if link.expires_at <= at or not link.person.is_active:
            raise Refused(Issue(file="link", message="this link is no longer valid"))
        link.used_at = at
        link.save(update_fields=["used_at"])
        record("sign_in_link_used", f"{link.person} used a one-time link", at=at, by=link.person)
    return Used(person=link.person, both_factors=link.both_factors)

"""Make and use one-time sign-in links."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.store.models import Person, SignInLink

LIFETIME = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Used:
    """Whom a link signs in, and whether it stands for a second factor as well."""

    person: Person
    both_factors: bool


def make_link(
    person: Person, *, base_url: str, at: datetime, both_factors: bool = False
) -> str:
    """Return the address of a link that signs `person` in, once, within 30 days."""
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        person=person,
        digest=_digest(secret),
        both_factors=both_factors,
        made_at=at,
        expires_at=at + LIFETIME,
    )
    return f"{base_url}/sign-in/link/{secret}/"


def use_link(secret: str, *, at: datetime) -> Used:
    """Use a link up; raises Refused where it is unknown, used, or too old."""
    with transaction.atomic():
        link = (
            SignInLink.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(digest=_digest(secret))
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
    return Used(person=link.person, both_factors=link.both_factors)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""Tokens by which machines open escalations: made by staff, shown once, revoked at any time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.jobs.escalations.parts import refused
from assay.jobs.operations.events import record
from assay.jobs.people.one_time import digest_of, fresh_secret
from assay.store.models import ApiToken, Person

MOST_TOKENS = 50  # in force at a time


def make_token(name: str, *, by: Person, at: datetime) -> str:
    """Make a token and return its secret, which is not kept; raises Refused where there are 50."""
    secret = f"assay_{fresh_secret()}"
    with transaction.atomic():
        if ApiToken.objects.filter(revoked_at=None).count() >= MOST_TOKENS:
            raise refused("name", f"{MOST_TOKENS} tokens are in force", "revoke one first")
        made = ApiToken.objects.create(name=name, digest=digest_of(secret), made_by=by, made_at=at)
        record(
            "token_made", f"{by} made the token “{name}”", at=at, by=by, target=f"token:{made.pk}"
        )
    return secret


def revoke_token(number: int, *, by: Person, at: datetime) -> ApiToken:
    """Revoke a token for good; raises Refused where there is none in force."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(pk=number, revoked_at=None).first()
        if token is None:
            raise refused("name", "no such token is in force", "reload the page")
        token.revoked_at, token.revoked_by = at, by
        token.save(update_fields=["revoked_at", "revoked_by"])
        words = f"{by} revoked the token “{token.name}”"
        record("token_revoked", words, at=at, by=by, target=f"token:{token.pk}")
    return token


def use_token(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the token in force that has this secret, and note that it was used."""
    token = ApiToken.objects.filter(digest=digest_of(secret), revoked_at=None).first()
    if token is not None:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token

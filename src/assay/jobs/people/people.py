"""Accounts: who an address belongs to, and what a person may change of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.jobs.operations.events import record
from assay.store.models import Person


def free_address(email: str, *, but_for: int) -> None:
    """Remove accounts that took an address at sign-up and never confirmed it or signed in."""
    Person.objects.filter(
        email__iexact=email, last_login=None, staff_role="", memberships=None
    ).exclude(pk=but_for).exclude(emailaddress__verified=True).delete()


def change_account(person: Person, *, name: str, locale: str, time_zone: str, at: datetime) -> None:
    """Change how a person is called and how figures and times are written for them."""
    with transaction.atomic():
        person.name, person.locale, person.time_zone = name, locale, time_zone
        person.save(update_fields=["name", "locale", "time_zone"])
        record("account_changed", f"{person} changed name, language or time zone", at=at, by=person)

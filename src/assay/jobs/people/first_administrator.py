"""The first administrator of an empty installation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.rights import StaffRole
from assay.jobs.operations.events import record
from assay.jobs.people.sign_in_links import make_link
from assay.store.models import Person


def first_administrator(email: str, *, base_url: str, at: datetime) -> str | None:
    """Return a one-time link for the first administrator; None once one has signed in.

    The account is made where there is none. Raises Refused for what is no address.
    """
    if email.count("@") != 1:
        raise Refused(Issue(file="--administrator", value=email, message="not an e-mail address"))
    with transaction.atomic():
        administrators = Person.objects.filter(staff_role=StaffRole.ADMINISTRATOR)
        if administrators.exclude(last_login=None).exists():
            return None
        person = administrators.filter(email__iexact=email).first()
        if person is None:
            person = Person.objects.create_user(
                email, joined_at=at, staff_role=StaffRole.ADMINISTRATOR
            )
            record("administrator_made", f"{person} is the first administrator", at=at)
        return make_link(person, base_url=base_url, at=at)

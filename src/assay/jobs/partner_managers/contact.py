"""Say whom a partner writes to."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings

from assay.core.rights import StaffRole
from assay.store.models import Person
from assay.store.queries.partner_managers.assignments import manager_of


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom a partner writes to; `reach` is when and how, `manages` whether it is its manager."""

    name: str
    email: str
    reach: str = ""
    manages: bool = False


def contact_of(partner_id: int) -> Contact:
    """Return a partner's manager, else the desk that settings name, else a program manager.

    Where there is none of them it is the sender of mails.
    """
    manager = manager_of(partner_id)
    if manager is not None:
        return Contact(name=manager.name, email=manager.email, reach=manager.reach, manages=True)
    lead = Person.objects.filter(staff_role=StaffRole.PROGRAM_MANAGER, is_active=True)
    first = None if settings.CONTACT else lead.order_by("joined_at", "pk").first()
    if first is not None:
        return Contact(name=str(first), email=first.email)
    name, address = parseaddr(settings.CONTACT or settings.DEFAULT_FROM_EMAIL)
    return Contact(name=name or "Program team", email=address)

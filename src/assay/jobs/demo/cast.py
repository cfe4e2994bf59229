"""Who plays in a demo: the personas and their partners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.store.models import Membership, Partner, Person

DOMAIN = "demo.example"


@dataclass(frozen=True)
class Cast:
    """People and their partners, by the name of the persona."""

    people: Mapping[str, Person]
    partners: Mapping[str, Partner]


def cast() -> Cast:
    """Return everybody of the demo, as they are."""
    found = Person.objects.filter(email__endswith=f"@{DOMAIN}")
    people = {person.email.partition("@")[0]: person for person in found}
    seats = Membership.objects.filter(person__in=found).select_related("partner", "person")
    return Cast(
        people=people,
        partners={seat.person.email.partition("@")[0]: seat.partner for seat in seats},
    )

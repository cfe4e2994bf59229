"""Judge an address by the shipped lists and the operator's own."""

from __future__ import annotations

from assay.core.addresses import Judged, Kind, judge
from assay.core.issues import Issue, Refused
from assay.documents.mail_lists import shipped_lists
from assay.store.models import Person
from assay.store.queries.access.domains import own_domains
from assay.store.queries.people.people import confirmed_addresses

_SURELY_NOT = (Kind.PUBLIC, Kind.DISPOSABLE, Kind.LOOK_ALIKE, Kind.REFUSED)


def judge_address(address: str) -> Judged:
    """Judge an address as this installation does."""
    return judge(address, shipped_lists(), own_domains())


def refuse_public(address: str, *, file: str) -> None:
    """Raise Refused for an address at a public mail domain, or one that the operator refuses."""
    judged = judge_address(address)
    if judged.kind in _SURELY_NOT:
        raise Refused(Issue(file=file, column="email", message=judged.reason, hint=judged.help))


def has_private_address(person: Person, own: dict[str, bool]) -> bool:
    """Tell whether any address that a person has confirmed is at a private domain."""
    lists = shipped_lists()
    return any(judge(address, lists, own).private for address in confirmed_addresses(person))

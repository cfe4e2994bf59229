"""What every page knows: the program's name, where the reader may go, what waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from assay.core.rights import (
    IMPORT_FACTS,
    SEE_AUDIT,
    SEE_HEALTH,
    SEE_SALES,
    SEE_STAFF,
    Right,
    member_may,
    staff_may,
)
from assay.store.models import Person
from assay.store.queries.people.seats import Seat, seats_of, unread_notices


@dataclass(frozen=True, kw_only=True)
class Link:
    """A place to go: its title, its address, whether the reader is there."""

    title: str
    address: str
    here: bool


_PUBLIC = (
    ("Program", "program"),
    ("Partners", "directory"),
    ("Announcements", "announcements"),
    ("Get started", "start"),
)
_PARTNER: tuple[tuple[str, str, Right | None], ...] = (
    ("Home", "portal_home", None),
    ("Standing", "standing", None),
    ("Sales", "sales", SEE_SALES),
    ("Apps", "apps", None),
    ("Decisions", "decisions", None),
    ("Notices", "notices", None),
    ("Profile", "profile", None),
    ("Team", "team", None),
)
_STAFF: tuple[tuple[str, str, Right], ...] = (
    ("Today", "staff_today", SEE_STAFF),
    ("Partners", "staff_partners", SEE_STAFF),
    ("Apps to approve", "staff_apps", SEE_STAFF),
    ("Claims", "staff_claims", SEE_STAFF),
    ("Imports", "staff_imports", SEE_STAFF),
    ("Disagreements", "staff_disagreements", IMPORT_FACTS),
    ("Announcements", "staff_announcements", SEE_STAFF),
    ("Outbox", "staff_outbox", SEE_STAFF),
    ("Ratings", "staff_ratings", SEE_STAFF),
    ("People and roles", "staff_people", SEE_STAFF),
    ("Record", "staff_record", SEE_AUDIT),
    ("Health", "staff_health", SEE_HEALTH),
)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return what the base template shows on every page."""
    person = getattr(request, "user", None)
    known = person if isinstance(person, Person) else None
    seat: Seat | None = getattr(request, "seat", None)
    in_staff = request.path.startswith("/staff/")
    return {
        "site_title": settings.SITE_TITLE,
        "is_demo": settings.INSTALLATION.is_demo,
        "signed_in": known is not None,
        "public_links": _known(_link(request, title, name) for title, name in _PUBLIC),
        "side_links": _side_links(request, seat, in_staff=in_staff),
        "seat": seat,
        "seats": seats_of(known) if known else (),
        "unread": unread_notices(known) if known else 0,
        "asked_at": getattr(request, "now", None),
        "reader": getattr(request, "reader", None),
    }


def _side_links(request: HttpRequest, seat: Seat | None, *, in_staff: bool) -> list[Link]:
    if seat is not None:
        return _known(
            _link(request, title, name, seat.slug)
            for title, name, right in _PARTNER
            if right is None or seat.viewing or member_may(seat.role, right)
        )
    role = getattr(request.user, "staff_role", "") if hasattr(request, "user") else ""
    if in_staff and role:
        return _known(
            _link(request, title, name) for title, name, right in _STAFF if staff_may(role, right)
        )
    return []


def _known(links: Iterable[Link | None]) -> list[Link]:
    return [link for link in links if link is not None]


def _link(request: HttpRequest, title: str, name: str, *arguments: str) -> Link | None:
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return None
    root = name in ("portal_home", "staff_today")
    here = request.path == address if root else request.path.startswith(address)
    return Link(title=title, address=address, here=here)

"""What every page knows: the program's name, where the reader may go, what waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject as Lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assay.core.rights import (
    IMPORT_FACTS,
    SEE_ANALYTICS,
    SEE_AUDIT,
    SEE_HEALTH,
    SEE_SALES,
    SEE_STAFF,
    Right,
    member_may,
    staff_may,
)
from assay.jobs.content.in_force import in_force
from assay.store.models import Person
from assay.store.queries.content.posts import count_unread
from assay.store.queries.content.readable import credited_tier
from assay.store.queries.people.seats import Seat, seats_of, unread_notices


@dataclass(frozen=True, kw_only=True)
class Link:
    """A place to go: its title, its address, whether the reader is there, how much waits there."""

    title: str
    address: str
    here: bool
    waiting: Any = 0  # how much, asked when it is shown


@dataclass(frozen=True, kw_only=True)
class Group:
    """Places that belong together; the first group of a side has no title."""

    title: str
    links: tuple[Link, ...]


_Places = tuple[tuple[str, tuple[tuple[str, str, Right | None], ...]], ...]

_PUBLIC = (
    (_("Program"), "program"),
    (_("Partners"), "directory"),
    (_("Announcements"), "announcements"),
    (_("Get started"), "start"),
)
# A place is shown as soon as its address exists and the reader may open it.
_PARTNER: _Places = (
    (
        "",
        (
            (_("Home"), "portal_home", None),
            (_("Standing"), "standing", None),
            (_("Outlook"), "outlook", None),
            (_("Decisions"), "decisions", None),
        ),
    ),
    (
        _("Apps and sales"),
        (
            (_("Sales"), "sales", SEE_SALES),
            (_("Apps"), "apps", None),
            (_("Security programs"), "security", None),
            (_("Escalations"), "escalations", None),
            (_("Analytics"), "analytics", SEE_ANALYTICS),
        ),
    ),
    (
        _("Benefits"),
        (
            (_("Benefits and credits"), "benefits", None),
            (_("Free tools"), "tools", None),
            (_("Requests"), "requests", None),
            (_("Badges"), "badges", None),
        ),
    ),
    (
        _("News"),
        (
            (_("Notices"), "notices", None),
            (_("Resources"), "resources", None),
            (_("Webinars"), "webinars", None),
        ),
    ),
    (_("Partner"), ((_("Profile"), "profile", None), (_("Team"), "team", None))),
)
_STAFF: _Places = (
    ("", ((_("Today"), "staff_today", SEE_STAFF), (_("Partners"), "staff_partners", SEE_STAFF))),
    (
        _("Program"),
        (
            (_("Reviews"), "staff_reviews", SEE_STAFF),
            (_("At risk"), "staff_at_risk", SEE_STAFF),
            (_("Appeals"), "staff_appeals", SEE_STAFF),
            (_("Program rules"), "staff_program", SEE_STAFF),
        ),
    ),
    (
        _("Apps and security"),
        (
            (_("Apps to approve"), "staff_apps", SEE_STAFF),
            (_("Security programs"), "staff_security", SEE_STAFF),
            (_("Escalations"), "staff_escalations", SEE_STAFF),
        ),
    ),
    (
        _("Requests and benefits"),
        (
            (_("Claims"), "staff_claims", SEE_STAFF),
            (_("Access requests"), "staff_access", SEE_STAFF),
            (_("Requests"), "staff_requests", SEE_STAFF),
            (_("Benefits ledger"), "staff_benefits", SEE_STAFF),
            (_("Partner managers"), "staff_managers", SEE_STAFF),
            (_("Free tools"), "staff_tools", SEE_STAFF),
        ),
    ),
    (
        _("What is said"),
        (
            (_("Content"), "staff_content", SEE_STAFF),
            (_("Outbox"), "staff_outbox", SEE_STAFF),
            (_("Ratings"), "staff_ratings", SEE_STAFF),
        ),
    ),
    (
        _("Operations"),
        (
            (_("Imports"), "staff_imports", SEE_STAFF),
            (_("Disagreements"), "staff_disagreements", IMPORT_FACTS),
            (_("People and roles"), "staff_people", SEE_STAFF),
            (_("Record"), "staff_record", SEE_AUDIT),
            (_("Health"), "staff_health", SEE_HEALTH),
        ),
    ),
)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return what the base template shows on every page; what a page does not show is not asked."""
    person = getattr(request, "user", None)
    known = person if isinstance(person, Person) else None
    seat: Seat | None = getattr(request, "seat", None)
    unread = Lazy(lambda: unread_notices(known) if known else {})
    own = seat is not None and not seat.viewing
    posts = Lazy(lambda: _unread_posts(request, seat))
    waiting = {
        "notices": Lazy(lambda: unread.get(seat.partner_id, 0) if seat and own else 0),
        "resources": Lazy(lambda: posts[0]),
        "webinars": Lazy(lambda: posts[1]),
    }
    return {
        "site_title": settings.SITE_TITLE,
        "is_demo": settings.INSTALLATION.is_demo,
        "signed_in": known is not None,
        "public_links": Lazy(
            lambda: _known(_link(request, title, name) for title, name in _PUBLIC)
        ),
        "side_groups": Lazy(lambda: _side_groups(request, seat, waiting)),
        "seat": seat,
        "seats": Lazy(lambda: seats_of(known) if known else ()),
        "unread": Lazy(lambda: sum(unread.values())),
        "asked_at": getattr(request, "now", None),
        "reader": getattr(request, "reader", None),
    }


def _unread_posts(request: HttpRequest, seat: Seat | None) -> tuple[int, int]:
    """Count what the reader has not read, and the webinars among it; staff who look have none."""
    at, person = getattr(request, "now", None), request.user
    if seat is None or seat.viewing or at is None or person.pk is None:
        return 0, 0
    program, on = in_force(at)
    tier = credited_tier(seat.partner_id, on)
    return count_unread(tier, seat.role, program, person_id=person.pk, at=at)


def _side_groups(
    request: HttpRequest, seat: Seat | None, waiting: Mapping[str, Any]
) -> list[Group]:
    role = getattr(getattr(request, "user", None), "staff_role", "")
    shown: _Places = ()
    if seat is not None:
        shown = _PARTNER
    elif role and request.path.startswith("/staff/"):
        shown = _STAFF
    arguments = (seat.slug,) if seat is not None else ()

    def may(right: Right | None) -> bool:
        if seat is None:
            return right is None or staff_may(role, right)
        return right is None or seat.viewing or member_may(seat.role, right)

    groups = (
        Group(
            title=gettext(title) if title else "",
            links=tuple(
                _known(
                    _link(request, place, name, *arguments, waiting=waiting.get(name, 0))
                    for place, name, right in places
                    if may(right)
                )
            ),
        )
        for title, places in shown
    )
    return [group for group in groups if group.links]


def _known(links: Iterable[Link | None]) -> list[Link]:
    return [link for link in links if link is not None]


def _link(
    request: HttpRequest, title: str, name: str, *arguments: str, waiting: Any = 0
) -> Link | None:
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return None
    root = name in ("portal_home", "staff_today")
    here = request.path == address if root else request.path.startswith(address)
    return Link(
        title=gettext(title),
        address=address,
        here=here,
        waiting=waiting,
    )

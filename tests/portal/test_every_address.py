"""Every address × everybody who may come × every method, from the list of addresses itself.

What is expected follows from the mark on the view and from the table of rights alone.
"""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from assay.core.rights import SEE_HEALTH, VIEW_AS, Right, StaffRole, member_may, staff_may
from tests.portal.world import (
    MEMBERS,
    NEWCOMER,
    NOBODY,
    ONE_FACTOR,
    OTHER,
    STAFF,
    VIEWING,
    VISITORS,
    digest,
    made_world,
    undone,
)

SAFE = ("GET",)
METHODS = ("GET", "POST", "PUT", "DELETE")
OPEN, SIGN_IN, SECOND_FACTOR, FORBIDDEN, MISSING = (
    "open",
    "to /sign-in/",
    "to the second factor",
    "403",
    "404",
)
SIGNED_IN = tuple(visitor for visitor in VISITORS if visitor != NOBODY)
# What belongs to some of those who are signed in: an address, and to whom it exists.
PERSONAL = {
    "leave_partner": MEMBERS,
    "account_notice": ("owner",),
    "notice_unread": ("owner",),
    "mfa_edit_webauthn": ("owner",),
    "mfa_remove_webauthn": ("owner",),
    "picture": (*MEMBERS, VIEWING, *STAFF),
    "metrics": [f"staff {role}" for role in StaffRole if staff_may(role, SEE_HEALTH)],
}
# Public addresses whose answer, as the world was made, is that there is no such thing.
NOTHING_THERE = {}


def addresses():
    """Return every pattern of the installation: `path()` within `include()` within `path()`."""
    found, waiting = [], list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLPattern):
            found.append(one)
        else:
            waiting += one.url_patterns
    return sorted(found, key=lambda pattern: pattern.name or "")


ADDRESSES = {pattern.name: pattern for pattern in addresses()}


@pytest.fixture
def world(db, tmp_path):
    with made_world(tmp_path) as made:
        yield made


def address_of(world, name):
    parameters = ADDRESSES[name].pattern.regex.groupindex
    return reverse(name, kwargs={key: world.value(name, key) for key in parameters})


def expected(name, access, visitor, method):
    """Return what a visitor is answered, by the view's mark and the rights."""
    if access == "public" and name not in PERSONAL:
        return OPEN
    if access == "public":
        return OPEN if visitor in PERSONAL[name] else MISSING
    if visitor == NOBODY:
        return SIGN_IN
    if access == "signed in":
        return OPEN if visitor in PERSONAL.get(name, SIGNED_IN) else MISSING
    return by_right(access, visitor, method)


def by_right(right, visitor, method):
    if right.roles:
        if visitor in MEMBERS:
            return OPEN if member_may(visitor, right) else FORBIDDEN
        if visitor == VIEWING and staff_may("support", VIEW_AS):
            return OPEN if method in SAFE else FORBIDDEN
        return MISSING
    if visitor in (NEWCOMER, OTHER, *MEMBERS):
        return MISSING
    if visitor == ONE_FACTOR:
        return SECOND_FACTOR
    role = "support" if visitor == VIEWING else visitor.removeprefix("staff ")
    return OPEN if staff_may(role, right) else FORBIDDEN


def told(answer):
    """Put an answer into the words of what is expected."""
    if answer.status_code in (403, 404):
        return str(answer.status_code)
    if answer.status_code >= 500:
        exception = getattr(answer, "exc_info", (None, None))[1]
        return f"{answer.status_code}: {exception!r}"
    where = answer.headers.get("Location", "")
    if where.startswith("/sign-in/?next="):
        return SIGN_IN
    if where == "/account/second-factor/":
        return SECOND_FACTOR
    return OPEN


def test_every_address_has_one_name():
    names = [pattern.name for pattern in addresses()]
    assert None not in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_view_says_who_may_open_it(name):
    access = getattr(ADDRESSES[name].callback, "access", None)
    assert access in ("public", "signed in") or isinstance(access, Right)


def test_an_address_is_open_to_those_who_may_and_to_nobody_else(world, subtests):
    for name in ADDRESSES:
        with subtests.test(name):
            assert wrong_at(world, name, address_of(world, name)) == []


def wrong_at(world, name, address):
    """Return what is answered otherwise than expected; what is refused changes nothing."""
    access = ADDRESSES[name].callback.access
    cases = [
        (visitor, method, expected(name, access, visitor, method))
        for visitor in VISITORS
        for method in METHODS
    ]
    wrong, before = [], digest()
    for visitor, method, wanted in cases:
        if wanted != OPEN:
            got = told(ask(world, visitor, method, address))
            wrong += [f"{method} by {visitor}: {got}, not {wanted}"] * (got != wanted)
    if digest() != before:
        wrong.append("a refused request changed something")
    for visitor, method, wanted in cases:
        if wanted == OPEN:
            with undone():
                got = told(ask(world, visitor, method, address))
            if got not in (OPEN, NOTHING_THERE.get((name, method))):
                wrong.append(f"{method} by {visitor}: {got}, not {wanted}")
    return wrong


def ask(world, visitor, method, address):
    return world.client(visitor).generic(method, address)

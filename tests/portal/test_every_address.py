"""Every address × everybody who may come × every method, from the list of addresses itself.

What is expected follows from the mark on the view and from the table of rights alone.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext

import pytest
from django.core.cache import caches
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from assay.core.rights import (
    DECIDE_CLAIMS,
    MANAGE_PARTNERS,
    SEE_HEALTH,
    VIEW_AS,
    Right,
    StaffRole,
    member_may,
    staff_may,
)
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
from tests.untraced import untraced

IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
METHODS = ("GET", "POST", "PUT", "DELETE")
OPEN, SIGN_IN, SECOND_FACTOR = "open", "to /sign-in/", "to the second factor"
FORBIDDEN, MISSING, NOT_SO = "403", "404", "405"
UNAUTHORIZED = "401"
# What belongs to some of those whom the mark lets in: an address, and to whom it exists.
PERSONAL = {
    "notice": ("owner", VIEWING),
    "leave_partner": MEMBERS,
    "account_notice": ("owner",),
    "notice_unread": ("owner",),
    "mfa_edit_webauthn": (),
    "mfa_remove_webauthn": (),
    "picture": (*MEMBERS, VIEWING, *STAFF),
    "metrics": [f"staff {role}" for role in StaffRole if staff_may(role, SEE_HEALTH)],
}
# Open addresses that answer, as the world was made, that there is no such thing.
NOTHING_THERE = {
    "openid_connect_login": MISSING,  # no provider is configured
    "openid_connect_callback": MISSING,
    "account_reauthenticate": FORBIDDEN,  # nobody has a password or a second factor
    "mfa_reauthenticate": FORBIDDEN,
    "mfa_reauthenticate_webauthn": FORBIDDEN,
    "mfa_deactivate_totp": MISSING,
    "mfa_view_recovery_codes": MISSING,
    "mfa_download_recovery_codes": MISSING,
    "rate": MISSING,  # an empty body names no page
    "staff_ratings_read": MISSING,  # nor a rating
    "staff_appeal_withdraw": MISSING,  # a partner's appeal is not taken back by staff
    "socialaccount_login_error": UNAUTHORIZED,
    "staff_settle": MISSING,  # nor an act
    "account_reset_password_from_key": MISSING,
}
# Pages whose forms ask for another right than the page.
TO_POST = {"staff_claim": DECIDE_CLAIMS, "staff_managers": MANAGE_PARTNERS}


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
def world(db, tmp_path, settings):  # noqa: ARG001 - the tables
    """Make the world; sessions are in memory and refusals are a word, for there are thousands."""
    kept = {"BACKEND": IN_MEMORY, "OPTIONS": {"MAX_ENTRIES": 10**6}}  # none is thrown out
    settings.CACHES = {**settings.CACHES, "sessions": kept}
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    settings.SESSION_CACHE_ALIAS = "sessions"
    pages = tmp_path / "pages" / "assay"
    pages.mkdir(parents=True)
    for refusal in ("not_found", "forbidden"):
        (pages / f"{refusal}.html").write_text(refusal, encoding="utf-8")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [str(pages.parent)]}]
    with made_world(tmp_path) as made:
        yield made


def address_of(world, name):
    parameters = ADDRESSES[name].pattern.regex.groupindex
    return reverse(name, kwargs={key: world.value(name, key) for key in parameters})


def expected(name, access, visitor, method):
    """Return what a visitor is answered, by the view's mark and the rights."""
    if method != "GET" and by_mark(access, visitor, method) == OPEN:
        access = TO_POST.get(name, access)
    wanted = by_mark(access, visitor, method)
    return MISSING if wanted == OPEN and visitor not in PERSONAL.get(name, VISITORS) else wanted


def by_mark(access, visitor, method):
    if access == "public":
        return OPEN
    if access == "token":
        return UNAUTHORIZED
    if visitor == NOBODY:
        return SIGN_IN
    return OPEN if access == "signed in" else by_right(access, visitor, method)


def by_right(right, visitor, method):
    if right.roles:
        if visitor in MEMBERS:
            return OPEN if member_may(visitor, right) else FORBIDDEN
        if visitor == VIEWING and staff_may("support", VIEW_AS):
            return OPEN if method == "GET" else FORBIDDEN
        return MISSING
    if visitor in (NEWCOMER, OTHER, *MEMBERS):
        return MISSING
    if visitor == ONE_FACTOR:
        return SECOND_FACTOR
    role = "support" if visitor == VIEWING else visitor.removeprefix("staff ")
    return OPEN if staff_may(role, right) else FORBIDDEN


def told(answer):
    """Put an answer into the words of what is expected."""
    if answer.status_code in (401, 403, 404, 405):
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
    assert access in ("public", "signed in", "token") or isinstance(access, Right)


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_view_wants_the_token_against_forged_requests(name):
    view = ADDRESSES[name].callback  # what asks for a token reads no cookie
    assert getattr(view, "csrf_exempt", False) == (view.access == "token")


def test_an_address_is_open_to_those_who_may_and_to_nobody_else(world, subtests):
    held = digest()
    for name in ADDRESSES:
        with subtests.test(name):
            assert wrong_at(world, name, address_of(world, name), held) == []


def wrong_at(world, name, address, held):
    """Return what is answered otherwise than expected; what is refused changes nothing held."""
    cases = list(cases_of(name, ADDRESSES[name].callback.access))
    wrong = list(wrongly_open(world, name, address, cases))
    if digest() != held:
        wrong.append("a refused request changed something")
    return [*wrong, *wrongly_refused(world, name, address, cases)]


def cases_of(name, access):
    """Yield visitor, method, what is expected; PUT and DELETE by one visitor of each outcome."""
    for method in METHODS:
        outcomes = set()
        for visitor in VISITORS:
            wanted = expected(name, access, visitor, method)
            if method in ("GET", "POST") or wanted not in outcomes:
                yield visitor, method, wanted
            outcomes.add(wanted)


def wrongly_open(world, name, address, cases):
    for visitor, method, wanted in cases:
        if wanted != OPEN:
            with untraced():
                got = told(ask(world, visitor, method, address))
            known = NOT_SO if name in (*PERSONAL, *TO_POST) else wanted
            if got not in (wanted, known):
                yield f"{method} by {visitor}: {got}, not {wanted}"


def wrongly_refused(world, name, address, cases):
    asked = set()
    for visitor, method, wanted in cases:
        if wanted == OPEN:
            tracing = untraced() if method in asked else nullcontext()  # one of each is traced
            with undone(), sessions_kept(), tracing:
                got = told(ask(world, visitor, method, address))
            asked.add(method)
            if got not in (OPEN, NOT_SO, NOTHING_THERE.get(name)):
                yield f"{method} by {visitor}: {got}, not {wanted}"


@contextmanager
def sessions_kept():
    """Undo what a request does to sessions: who signs out is signed in again."""
    cache = caches["sessions"]  # no transaction holds it
    parts = (cache._cache, cache._expire_info)  # noqa: SLF001 - Django has no other way to them
    before = [dict(part) for part in parts]
    yield
    for part, held in zip(parts, before, strict=True):
        part.clear()
        part.update(held)


def ask(world, visitor, method, address):
    answer = world.client(visitor).generic(method, address)
    if answer.streaming:  # read to its end, which closes the file
        b"".join(answer.streaming_content)
    return answer

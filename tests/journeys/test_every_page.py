"""Every page that a click leads to: nothing that axe finds, nothing too wide, nothing from afar."""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

STARTS = {
    None: ("/", "/sign-in/", "/sign-up/", "/no-such-page/"),
    "newcomer": ("/portal/", "/account/"),
    "owner-at-risk": ("/portal/",),
    "viewer-member": ("/portal/",),
    "staff-manager": ("/staff/",),
    "staff-administrator": ("/staff/",),
}
LEFT_OUT = (
    *("download=", "format=", "/static/", "/files/", "logout", "feed.atom", ".json", "sitemap.xml"),
    *(".svg", ".png", ".pdf", ".jws", ".ics", ".csv", "/badges/status/"),
)

COLOURS = ["color-contrast", "link-in-text-block"]  # what axe measures that a theme can change
BY_COLOURS = {"runOnly": COLOURS}
BUT_COLOURS = {"rules": {name: {"enabled": False} for name in COLOURS}}
FIRST_ROWS = {"exclude": [["tbody tr:nth-child(n+9)"]]}
# Themes differ in colours alone, and from 390 down to 320 no style changes but how lines break.
# Every row is judged in both themes; where theme and width are crossed, a table by its first rows.
VIEWS = (
    *((1280, "light", {}, {}), (1280, "dark", BY_COLOURS, FIRST_ROWS)),
    *((390, "dark", BY_COLOURS, {}), (390, "light", BY_COLOURS, FIRST_ROWS)),
    (320, "light", BUT_COLOURS, {}),
)
AXE = """([rules, part]) => axe.run({include: [['html']], ...part}, {
    resultTypes: ['violations'], preload: false, ...rules,
}).then(found => found.violations)"""


def kind_of(address):
    """Name the kind of page at an address: its pattern, and whether anything narrows it."""
    parts = urlsplit(address)
    try:
        return resolve(parts.path).route, bool(parts.query)
    except Resolver404:
        return address


def links_of(page, url):
    """Return the addresses on this site that a page links to."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    for address in dict.fromkeys(urldefrag(link)[0] for link in found):
        if address.startswith(url) and not any(part in address for part in LEFT_OUT):
            yield address.removeprefix(url)


@pytest.fixture(scope="module")
def seen():
    """Kinds of pages that somebody has opened; the first to come judges them."""
    return set()


@pytest.mark.parametrize("persona", STARTS, ids=str)
def test_every_page_is_readable_by_all_in_both_themes_at_three_widths(demo, seen, persona):
    faults, waiting, page = [], list(STARTS[persona]), demo.page(persona)
    own = set(waiting)  # opened by everybody, whoever came before
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen and address not in own:
            continue
        own.discard(address)
        seen.add(kind)
        answer = page.goto(address)
        waiting += links_of(page, demo.url)
        faults += judge(page, address, answer.status)
    assert faults == []
    demo.close(page)


def judge(page, address, status):
    """Return what is wrong with an open page."""
    if status >= 500:
        yield f"{address}: {status}"
    page.evaluate(Axe().axe_script)
    for width, scheme, rules, part in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{address} at {width}: {wide} wide"
        for one in page.evaluate(AXE, [rules, part]):
            where = one["nodes"][0]["html"][:120]
            yield f"{address} at {width}, {scheme}: {one['id']}: {where}"
    for said in page.complaints:
        if "404 (Not Found)" not in said and "403 (Forbidden)" not in said:
            yield f"{address}: console: {said}"
    page.complaints.clear()

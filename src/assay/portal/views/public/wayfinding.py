"""What search engines ask for: where they may go, and what there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from assay.jobs.programs.program_versions import IN_FORCE, program_versions
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, public_page
from assay.portal.days import today
from assay.store.queries.public.public import public_addresses
from assay.store.queries.public.public_posts import published

_KEPT_SECONDS = 3600
_NAMES = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST = 50_000  # addresses, by the sitemap protocol
_OWN = ("/portal/", "/staff/", "/account/", "/sign-in/", "/sign-up/", "/rate/")


@public_page
@require_safe
def robots(request: Asked) -> HttpResponse:
    """Where robots may go: on the public pages; nowhere in a demo."""
    del request
    closed = ("/",) if settings.INSTALLATION.is_demo else _OWN
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}", ""]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@public_page
@require_safe
def sitemap(request: Asked) -> HttpResponse:
    """Every public page."""
    root = Element("urlset", xmlns=_NAMES)
    addresses = _addresses(today(request))
    for _, address in zip(range(_MOST), addresses, strict=False):
        SubElement(SubElement(root, "url"), "loc").text = settings.BASE_URL + address
    text = tostring(root, encoding="utf-8", xml_declaration=True)
    return _kept(HttpResponse(text, content_type="application/xml"))


def _addresses(on: date) -> Iterator[str]:
    for name in ("home", "start", "access", "program", "directory", "announcements", "colophon"):
        yield reverse(name)
    for version in program_versions(settings.PROGRAM, on):
        if version.state != IN_FORCE:
            yield reverse("program_version", args=[version.program.version])
    tiers = tuple(program_of(settings.PROGRAM).tiers)
    partners, apps = public_addresses(on, tiers)
    posts = tuple(post.slug for post in published())
    named = {"announcement": posts, "public_partner": partners, "public_app": apps}
    for name, slugs in named.items():
        around = reverse(name, args=["-"])  # resolved once: there are thousands
        for slug in slugs:
            yield around.replace("-", slug)


def _kept(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, public=True, max_age=_KEPT_SECONDS)
    return answer

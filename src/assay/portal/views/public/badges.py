"""Badges: is this one genuine, and does it hold? For people, for machines, and as pictures."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from assay.core.credentials import Document
from assay.jobs.badges.draw_badge import Look, draw_png, draw_svg
from assay.jobs.badges.show_badge import badge_page
from assay.jobs.badges.sign_list import KEPT_SECONDS, sign_list
from assay.jobs.badges.tell_keys import did_told, keys_told
from assay.portal.access import Asked, public_page
from assay.store.queries.badges.badges import Shown, badge_of
from assay.words.badges import SIZES, STYLE_HASH, Form, Ground

HTML, JWT, VC, JSON = "html", "jwt", "vc", "json"
_TYPES = {
    "text/html": HTML,
    "application/vc+jwt": JWT,
    "application/jwt": JWT,
    "application/vc": VC,
    "application/json": JSON,
}
_WRITTEN = {JWT: "application/vc+jwt", VC: "application/vc", JSON: "application/json"}
_POLICY = f"default-src 'none'; style-src '{STYLE_HASH}'; frame-ancestors *"
_SIZE = 512


@public_page
@require_safe
def badge(request: Asked, number: str) -> HttpResponse:
    """One badge: a page, the signed credential, or what the page says as JSON."""
    shown = badge_page(number, at=request.now)
    asked = _format(request)
    if shown is None:
        if asked != HTML:
            raise Http404
        return _varied(render(request, "public/badge_missing.html", status=404))
    if asked == HTML:
        return _varied(render(request, "public/badge.html", {"page": shown}))
    texts = {
        JWT: lambda: shown.badge.token,
        VC: lambda: _json(shown.envelope),
        JSON: lambda: _json(shown.document(request.now)),
    }
    return _varied(_open(HttpResponse(texts[asked](), content_type=_WRITTEN[asked])))


@public_page
@require_safe
def badge_svg(request: Asked, number: str) -> HttpResponse:
    """A badge's picture as SVG, its credential baked in; one that does not hold is struck."""
    drawn = draw_svg(_badge(number), _look(request), at=request.now)
    answer = _open(HttpResponse(drawn, content_type="image/svg+xml"))
    answer.headers["Content-Security-Policy"] = _POLICY
    return _embedded(answer)


@public_page
@require_safe
def badge_png(request: Asked, number: str) -> HttpResponse:
    """A badge's picture as PNG, likewise."""
    size = request.GET.get("size", str(_SIZE))
    if size not in map(str, SIZES):
        raise Http404
    drawn = draw_png(_badge(number), _look(request), int(size), at=request.now)
    return _embedded(_open(HttpResponse(drawn, content_type="image/png")))


@public_page
@require_safe
def status_list(request: Asked, purpose: str, number: int) -> HttpResponse:
    """A signed status list: which badges are revoked, or suspended."""
    del request
    told = sign_list(purpose, number)
    if told is None:
        raise Http404
    return _open(HttpResponse(told, content_type="application/vc+jwt"))


@public_page
@require_safe
def keys(request: Asked) -> HttpResponse:
    """The public keys that badges are and were signed with, as a JWK Set."""
    del request
    return _document(keys_told())


@public_page
@require_safe
def did(request: Asked) -> HttpResponse:
    """Who issues badges here, as a DID document."""
    del request
    return _document(did_told())


def _badge(number: str) -> Shown:
    found = badge_of(number)
    if found is None:
        raise Http404
    return found


def _look(request: HttpRequest) -> Look:
    try:
        return Look(
            form=Form(request.GET.get("form", Form.TILE)),
            ground=Ground(request.GET.get("ground", Ground.LIGHT)),
        )
    except ValueError:
        raise Http404 from None


def _format(request: Asked) -> str:
    """Return the format that is asked for, by the address first, then by what is accepted."""
    named = request.GET.get("format")
    if named is not None:
        if named not in (HTML, *_WRITTEN):
            raise Http404
        return named
    return _TYPES[request.get_preferred_type([*_TYPES]) or "text/html"]


def _json(document: Document) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _document(document: Document) -> HttpResponse:
    return _open(HttpResponse(_json(document), content_type="application/json"))


def _open(answer: HttpResponse) -> HttpResponse:
    """Let anybody's page read an answer, and keep it for as long as a status list."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
    return answer


def _embedded(answer: HttpResponse) -> HttpResponse:
    """Let a picture stand on anybody's page."""
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _varied(answer: HttpResponse) -> HttpResponse:
    patch_vary_headers(answer, ("Accept",))
    return answer

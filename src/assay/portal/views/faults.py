"""Pages for what went wrong: not found, not allowed, expired, broken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page."""
    del exception
    return render(request, "assay/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is not allowed."""
    del exception
    return render(request, "assay/forbidden.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old or came from elsewhere."""
    del reason
    return render(request, "assay/form_expired.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something broke, without asking anything that may be broken too."""
    del request
    return HttpResponse(
        "<!doctype html><html lang=en><title>Something broke</title>"
        "<h1>Something broke on our side</h1>"
        "<p>It was recorded. What you entered before is kept. Please try again.</p></html>",
        status=500,
    )

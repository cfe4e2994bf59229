"""Where badges are on the web, and in whose name they are issued."""

from __future__ import annotations

from django.conf import settings

from assay.core.credentials import Issuer


def issuer() -> Issuer:
    """Return this installation as an issuer."""
    return Issuer.at(settings.BASE_URL, settings.SITE_TITLE)


def badge_url(number: str) -> str:
    """Return where anyone sees whether a badge holds; it is the badge's identifier."""
    return f"{settings.BASE_URL}/badges/{number}/"


def picture_url(number: str, kind: str) -> str:
    """Return where a badge's picture is, `svg` or `png`."""
    return f"{settings.BASE_URL}/badges/{number}.{kind}"


def list_url(purpose: str, number: int) -> str:
    """Return where a status list is."""
    return f"{settings.BASE_URL}/badges/status/{purpose}-{number}"

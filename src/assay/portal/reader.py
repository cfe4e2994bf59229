"""Who reads a page: the locale in which figures and days are written, and the time zone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError, negotiate_locale
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from assay.core.clock import zones

DEFAULT_LOCALE = "en_US"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Locale (as Babel names it) and IANA time zone of the person who reads."""

    locale: str
    time_zone: str

    @classmethod
    def of(cls, request: HttpRequest) -> Reader:
        """Tell a request's reader: what the account says, else what the browser asks, else UTC."""
        person = request.user
        locale = getattr(person, "locale", "") or _asked(request.headers.get("Accept-Language", ""))
        zone = getattr(person, "time_zone", "")
        return cls(locale=locale, time_zone=zone if zone in zones() else "UTC")


@lru_cache(maxsize=1000)
def _asked(header: str) -> str:
    """Return the first locale of an Accept-Language header that is known."""
    for tag, _ in parse_accept_lang_header(header):
        try:
            return str(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            known = negotiate_locale([tag.split("-")[0]], [DEFAULT_LOCALE])
            if known:
                return known
    return DEFAULT_LOCALE

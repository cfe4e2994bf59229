"""What every answer carries, and whom a page is written for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assay.jobs.operations.events import acting_from
from assay.portal.reader import Reader

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SEEN_FOR = timedelta(minutes=1)
MOST_SEEN = 10_000  # sessions a process remembers
FEATURES = "camera=(), geolocation=(), microphone=()"


def content_security_policy(answer: Answer) -> Answer:
    """Forbid every answer what it does not need; nothing is unsafe-*, nothing leaves the host."""

    def guarded(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", FEATURES)
        return response

    return guarded


def reader(answer: Answer) -> Answer:
    """Give every request its reader: locale and time zone, by account or by browser."""

    def told(request: HttpRequest) -> HttpResponse:
        request.reader = Reader.of(request)  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(request.reader.time_zone)):  # type: ignore[attr-defined]
            return answer(request)

    return told


def sessions_seen(answer: Answer) -> Answer:
    """Note where each session was last seen: at once when the client changes, else by the minute.

    The list of sessions needs no more, and a page that is read writes nothing.
    """
    seen: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()

    def told(request: HttpRequest) -> HttpResponse:
        session = request.session.session_key
        if session and request.user.is_authenticated:
            key = (session, _address(request), request.headers.get("User-Agent", ""))
            now: datetime = request.now  # type: ignore[attr-defined]
            if key not in seen or not now - SEEN_FOR < seen[key] <= now:
                UserSession.objects.create_from_request(request)
                seen[key] = now
                if len(seen) > MOST_SEEN:
                    seen.popitem(last=False)
        return answer(request)

    return told


def origin(answer: Answer) -> Answer:
    """Let the record say from which address each act of a request came."""

    def told(request: HttpRequest) -> HttpResponse:
        with acting_from(_address(request)):
            return answer(request)

    return told


def _address(request: HttpRequest) -> str:
    """Return the client's address, "" where it cannot be told, as sign-in limits count it."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""

"""What only the edge may know: the time of a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def clock(answer: Answer) -> Answer:
    """Give every request the moment it came as `request.now`, in UTC."""

    def timed(request: HttpRequest) -> HttpResponse:
        request.now = datetime.now(UTC)  # type: ignore[attr-defined]
        return answer(request)

    return timed

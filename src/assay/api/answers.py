"""Requests of machines: let in by token, limited, answered in JSON whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from assay.core.issues import Issue
from assay.jobs.escalations.tokens import use_token
from assay.store.models import ApiToken

View = Callable[..., HttpResponseBase]


class AskedByMachine(HttpRequest):
    """A request that came with a token, and when it came."""

    token: ApiToken
    now: Any


def by_token(*methods: str) -> Callable[[View], View]:
    """Let in whoever sends a token in force: `Authorization: Bearer TOKEN`, with these methods.

    No session or cookie is read, so nothing that a browser sends by itself lets anybody in.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: AskedByMachine) -> HttpResponseBase:
            kind, _, secret = request.headers.get("Authorization", "").partition(" ")
            token = use_token(secret.strip(), at=request.now) if kind.lower() == "bearer" else None
            if token is None:
                return _unknown(request)
            if request.method not in methods:
                answer = refusal(405, message="this address knows no such method", hint="")
                answer["Allow"] = ", ".join(methods)
                return answer
            if not consume(request, action="api", key=str(token.pk)):
                return _slower()
            request.token = token
            return view(request)

        guarded.access = "token"  # type: ignore[attr-defined]
        return guarded

    return wrap


def _unknown(request: HttpRequest) -> HttpResponseBase:
    if not consume(request, action="api_unknown"):
        return _slower()
    hint = "send Authorization: Bearer and a token that the program team made"
    answer = refusal(401, message="no token in force", hint=hint)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _slower() -> HttpResponseBase:
    answer = refusal(429, message="too many requests", hint="wait a minute")
    answer["Retry-After"] = "60"
    return answer


def refusal(status: int, *, message: str, hint: str, field: str | None = None) -> JsonResponse:
    """Answer that something is wrong: with what, and how to mend it."""
    return refusals(status, [Issue(file="request", column=field, message=message, hint=hint)])


def refusals(status: int, issues: Iterable[Issue]) -> JsonResponse:
    """Answer with everything that is wrong."""
    errors = [
        {"field": issue.column, "message": issue.message, "hint": issue.hint} for issue in issues
    ]
    return JsonResponse({"errors": errors}, status=status)

"""Answers that a browser may keep: it asks again, and is told when nothing has changed."""

from __future__ import annotations

import hashlib
import re
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control

from assay.portal.access import View

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[A-Za-z0-9]+"')


def revalidated(view: View) -> View:
    """Give a page an ETag of what it says, so that what is kept is asked for by that alone.

    A form's token is masked anew in every answer; it counts by the secret behind it, so a page
    that is kept still sends its form.
    """

    @wraps(view)
    def answered(request: HttpRequest, *arguments: object, **named: object) -> HttpResponseBase:
        response = view(request, *arguments, **named)
        if not isinstance(response, HttpResponse) or response.status_code != HTTPStatus.OK:
            return response
        secret = str(request.META.get("CSRF_COOKIE", "")).encode()
        told = _TOKEN.sub(b"", response.content)
        etag = f'W/"{hashlib.sha256(secret + told).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        patch_cache_control(response, private=True, no_cache=True)
        return get_conditional_response(request, etag=etag, response=response) or response

    return answered

"""Escalations that machines open."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseBase, JsonResponse

from assay.api.answers import AskedByMachine, by_token, refusal, refusals
from assay.core.escalations import Source
from assay.core.issues import Refused
from assay.jobs.escalations.open_escalation import Way, open_escalation
from assay.jobs.escalations.parts import staff_page
from assay.jobs.escalations.read_request import read_request

MOST_OF_A_KEY = 255
_MOST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@by_token("POST")
def open_(request: AskedByMachine) -> HttpResponseBase:
    """Open an escalation; 201 with its id and address, the same again for the same key."""
    if request.content_type != "application/json":
        return refusal(415, message="the body is not JSON", hint="send application/json")
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > MOST_OF_A_KEY or not key.isprintable():
        hint = f"at most {MOST_OF_A_KEY} printable characters"
        return refusal(422, field="idempotency_key", message="cannot be a key", hint=hint)
    try:
        body = request.body
        said = json.loads(body)
    except RequestDataTooBig:
        return refusal(413, message="the body is too large", hint=f"at most {_MOST:,} bytes")
    except (ValueError, RecursionError):
        return refusal(400, message="the body is no JSON", hint="send one object in UTF-8")
    way = Way(
        source=Source.API,
        token=request.token,
        request=key,
        request_digest=hashlib.sha256(body).hexdigest() if key else "",
    )
    try:
        asked = read_request(said)
        made = open_escalation(asked.partner, asked.asked, way, files=asked.files, at=request.now)
    except Refused as refused:
        taken = any(issue.column == "idempotency_key" for issue in refused.issues)
        return refusals(409 if taken else 422, refused.issues)
    address = settings.BASE_URL + staff_page(made)
    answer = JsonResponse(
        {"id": made.key, "address": address, "opened_at": made.opened_at.isoformat()}, status=201
    )
    answer["Location"] = address
    return answer

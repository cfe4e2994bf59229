"""Whether the installation runs: for monitors (`/healthz`, `/readyz`, `/metrics`) and for staff."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assay.core.rights import SEE_HEALTH, staff_may
from assay.jobs.operations.doctor import examine
from assay.jobs.operations.metrics import metrics_text
from assay.portal.access import Asked, has_second_factor, public_page, staff_page
from assay.store.queries.operations.operations import newest_backups, schema_is_current


@public_page
@never_cache
@require_safe
def alive(request: Asked) -> HttpResponse:
    """Say that the process answers; asks nothing else."""
    del request
    return HttpResponse("ok\n", content_type="text/plain")


@public_page
@never_cache
@require_safe
def ready(request: Asked) -> HttpResponse:
    """Say whether requests can be served: the database answers and has every table."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found = {"database": True, "tables": schema_is_current()}
    except DatabaseError:
        found = {"database": False, "tables": False}
    well = all(found.values())
    return JsonResponse({"ready": well, **found}, status=200 if well else 503)


@public_page
@never_cache
@require_safe
def metrics(request: Asked) -> HttpResponse:
    """Figures for a monitor, to the operator alone: by token, or staff who may see health."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = settings.OPERATOR_TOKEN
    by_token = bool(known) and hmac.compare_digest(token.encode(), known.encode())
    role = getattr(request.user, "staff_role", "")
    if not by_token and not (staff_may(role, SEE_HEALTH) and has_second_factor(request)):
        raise Http404
    text = metrics_text(settings.INSTALLATION, at=request.now)
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


@staff_page(SEE_HEALTH)
@require_safe
def health(request: Asked) -> HttpResponse:
    """What `assay doctor` says, and the newest backups."""
    return render(
        request,
        "staff/health.html",
        {
            "checks": examine(settings.INSTALLATION, at=request.now),
            "backups": newest_backups(settings.INSTALLATION.folder),
            "folder": settings.INSTALLATION.folder,
        },
    )

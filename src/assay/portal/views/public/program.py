"""The program: what the tiers ask and give, since when, and what changed."""

from __future__ import annotations

import json
from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from assay.jobs.programs.program_versions import (
    IN_FORCE,
    Version,
    days_of_review,
    next_review,
    program_versions,
)
from assay.portal.access import Asked, public_page
from assay.portal.days import today
from assay.portal.views.public.caching import revalidated
from assay.store.queries.public.public import newest_review
from assay.words.program_document import program_document
from assay.words.program_page import program_page

_KEPT_SECONDS = 300


@public_page
@require_safe
@revalidated
def program(request: Asked, version: str = "") -> HttpResponse:
    """One version of the program as its page; without one, that in force."""
    day = today(request)
    versions = program_versions(settings.PROGRAM, day)
    shown = _version(versions, version)
    coming = next_review(shown.program, day)
    review = newest_review()
    return render(
        request,
        "public/program.html",
        {
            "page": program_page(shown.program, windows=coming.windows, cut_off=coming.cut_off),
            "shown": shown,
            "next": coming,
            "latest": days_of_review(shown.program, review.on) if review else None,
            "marked_on": coming.on,
            "versions": versions,
            "in_force": shown.state == IN_FORCE,
            "changed": _by_section(shown),
        },
    )


@public_page
@require_safe
def program_json(request: Asked, version: str = "") -> HttpResponse:
    """The program for machines: the document that `assay program show --json` prints."""
    shown = _version(program_versions(settings.PROGRAM, today(request)), version)
    text = json.dumps(program_document(shown.program), indent=2, ensure_ascii=False) + "\n"
    answer = HttpResponse(text, content_type="application/json")
    answer.headers["ETag"] = f'"{shown.program.digest}"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(answer, public=True, max_age=_KEPT_SECONDS)
    return answer


def _version(versions: tuple[Version, ...], asked: str) -> Version:
    for version in versions:
        if version.program.version == asked or (not asked and version.state == IN_FORCE):
            return version
    raise Http404


def _by_section(version: Version) -> list[tuple[str, list[object]]]:
    groups = groupby(version.changes, key=lambda change: change.section)
    return [(section, list(changes)) for section, changes in groups]

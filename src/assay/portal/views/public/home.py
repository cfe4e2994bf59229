"""The first page, the first steps, and what the pages are made of."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.jobs.programs.program_versions import next_review
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, public_page
from assay.portal.days import today
from assay.portal.views.public.caching import revalidated
from assay.store.queries.public.public import newest_review, partners_by_tier
from assay.store.queries.public.public_posts import published
from assay.words.dates import last_day
from assay.words.program_page import tier_glances

NEWEST_POSTS = 3


@public_page
@require_safe
@revalidated
def home(request: Asked) -> HttpResponse:
    """What this is, how to start, the tiers at a glance, what is new."""
    program = program_of(settings.PROGRAM)
    review, day = newest_review(), today(request)
    counts = partners_by_tier(day, tuple(program.tiers))
    glances = tier_glances(program)
    coming = next_review(program, day)
    return render(
        request,
        "public/home.html",
        {
            "program": program,
            "tiers": [(glance, counts.get(glance.name, 0)) for glance in glances],
            "partners": sum(counts.values()),
            "review": review,
            "marked_on": review.on if review else day,
            "next": coming,
            "next_last": last_day(coming.cut_off),
            "posts": published(NEWEST_POSTS),
        },
    )


@public_page
@require_safe
@revalidated
def start(request: Asked) -> HttpResponse:
    """The first steps, who may take part, and where to go from here."""
    program = program_of(settings.PROGRAM)
    glances = tier_glances(program)
    return render(
        request,
        "public/start.html",
        {
            "program": program,
            "bases": [glance for glance in reversed(glances) if glance.base],
            "first_ranked": next((g for g in reversed(glances) if not g.base), None),
            "next": next_review(program, today(request)),
        },
    )


@public_page
@require_safe
@revalidated
def colophon(request: Asked) -> HttpResponse:
    """What the pages are made of, and under which licences."""
    return render(request, "public/colophon.html")

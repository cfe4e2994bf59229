"""What is new for me? Everything that the program publishes for the reader, and sign-ups."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import django_tables2
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from assay.core.content import KIND_TITLES
from assay.core.issues import Refused
from assay.core.rights import READ_CONTENT
from assay.jobs.content import sign_up as places
from assay.jobs.content.in_force import in_force
from assay.jobs.content.read_posts import mark_post_read, mark_posts_read
from assay.portal.access import Asked, partner_page
from assay.portal.attached import streamed
from assay.portal.forms.content import PostFilters
from assay.portal.lists import List, Moment, list_page
from assay.store.models import Post
from assay.store.queries.content.posts import (
    ShownPost,
    attachment_of,
    matching,
    posts_for,
    shown_post,
)
from assay.store.queries.content.readable import credited_tier, readable, unread
from assay.words.audiences import turn_words, why_words
from assay.words.sessions import Meeting, calendar_file


class Posts(List):
    """Posts, what is new first."""

    title = django_tables2.Column(verbose_name=_("Title"), attrs={"td": {"class": "roomy"}})
    kind = django_tables2.Column(verbose_name=_("Kind"))
    published_at = Moment(verbose_name=_("Published"))
    caption = _("What the program publishes")
    empty_title = _("Nothing is published for you yet")
    empty_hint = _("Updates, notes, files, webinars and campaigns for your tier come here.")

    def render_title(self, value: str, record: Any) -> str:
        """Link the title, and say whether it is new."""
        address = reverse("post", args=[self.request.seat.slug, record.slug])
        if not record.is_new or self.request.seat.viewing:
            return format_html('<a href="{}">{}</a>', address, value)
        return format_html(
            '<a href="{}"><strong>{}</strong></a> <span class="pill">{}</span>',
            address,
            value,
            gettext("new"),
        )

    def value_title(self, value: str) -> str:
        """Return the title alone, for downloads."""
        return value

    def render_kind(self, record: Post) -> str:
        """Name the kind."""
        return KIND_TITLES[record.kind]


class _Narrowed(PostFilters):
    def narrow(self, rows: Any) -> Any:
        """Return the posts that pass."""
        told = self.cleaned_data
        if told["kind"]:
            rows = rows.filter(kind=told["kind"])
        if told["unread"]:
            rows = rows.filter(is_new=True)
        return matching(rows, told["q"]) if told["q"] else rows


@partner_page(READ_CONTENT)
@require_safe
def resources(request: Asked) -> HttpResponseBase:
    """Everything that the reader may read."""
    may_read, _tier = readable_by(request)
    new = 0 if request.seat.viewing else unread(may_read, request.user.pk).count()
    return list_page(
        request,
        Posts,
        posts_for(may_read, request.user.pk),
        "partners/content/resources.html",
        {"new": new},
        filters=_Narrowed,
        file="resources",
    )


@partner_page(READ_CONTENT)
@require_POST
def read_all(request: Asked) -> HttpResponse:
    """Mark everything as read."""
    seat = request.seat
    program, on = in_force(request.now)
    tier = credited_tier(seat.partner_id, on)
    mark_posts_read(tier, seat.role, program, person=request.user.pk, at=request.now)
    messages.success(request, gettext("Everything is marked as read."))
    return redirect("resources", seat.slug)


@partner_page(READ_CONTENT)
@require_safe
def post(request: Asked, post: str) -> HttpResponse:
    """One post; opening it is reading it, but for staff who look as the partner."""
    found, tier = _found(request, post)
    viewing = request.seat.viewing
    if not viewing:
        mark_post_read(found.pk, person=request.user.pk, at=request.now)
    shown = shown_post(found, person_id=None if viewing else request.user.pk, at=request.now)
    program, _on = in_force(request.now)
    context = {
        "post": shown,
        "why": why_words(shown.audience, tier, program),
        "turns": turn_words(shown.audience, program) if shown.places else "",
    }
    return render(request, "partners/content/post.html", context)


@partner_page(READ_CONTENT)
@require_safe
def post_file(request: Asked, post: str, file: int) -> HttpResponseBase:
    """A file of a post, streamed to its audience alone."""
    found, _tier = _found(request, post)
    return streamed(attachment_of(found, file, at=request.now))


@partner_page(READ_CONTENT)
@require_safe
def calendar(request: Asked, post: str) -> HttpResponse:
    """A webinar as a calendar file; with the link to join for those who have a place."""
    found, _tier = _found(request, post)
    shown = shown_post(found, person_id=request.user.pk, at=request.now)
    return HttpResponse(
        _calendar_file(request, shown),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{shown.slug}.ics"',
            "Cache-Control": "private, no-store",
        },
    )


@partner_page(READ_CONTENT)
@require_POST
def sign_up(request: Asked, post: str) -> HttpResponse:
    """Take a place, or one on the waiting list."""
    found, _tier = _found(request, post)
    seat = request.seat
    try:
        taken = places.sign_up(
            found.pk, person=request.user, partner=seat.partner_id, at=request.now
        )
    except Refused as refused:
        messages.error(request, _said(refused))
    else:
        said = gettext("You have a place.")
        if taken.state == taken.State.WAITING:
            said = gettext("Every place is taken: you are on the waiting list.")
        messages.success(request, said)
    return redirect("post", seat.slug, post)


@partner_page(READ_CONTENT)
@require_POST
def leave(request: Asked, post: str) -> HttpResponse:
    """Give the place up."""
    found, _tier = _found(request, post)
    try:
        places.leave_place(found.pk, person=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, _said(refused))
    else:
        messages.success(request, gettext("Your place is given up."))
    return redirect("post", request.seat.slug, post)


def readable_by(request: Asked) -> tuple[QuerySet[Post], str]:
    """Return the posts that the reader may read, and the credited tier by which they may."""
    seat = request.seat
    program, on = in_force(request.now)
    tier = credited_tier(seat.partner_id, on)
    return readable(tier, seat.role, program), tier


def _found(request: Asked, slug: str) -> tuple[Post, str]:
    may_read, tier = readable_by(request)
    found = may_read.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found, tier


def _calendar_file(request: Asked, shown: ShownPost) -> bytes:
    changed = shown.changed_at or shown.published_at
    if shown.session is None or changed is None:
        raise Http404
    page = reverse("post", args=[request.seat.slug, shown.slug])
    meeting = Meeting(
        uid=f"webinar-{shown.number}@{urlsplit(settings.BASE_URL).hostname}",
        sequence=shown.sequence,
        title=shown.title,
        link=f"{settings.BASE_URL}{page}",
        session=shown.session,
        changed_at=changed,
        cancelled=shown.is_cancelled,
    )
    return calendar_file(meeting)


def _said(refused: Refused) -> str:
    return " ".join(f"{issue.message[:1].upper()}{issue.message[1:]}." for issue in refused.issues)

"""What is done with a post: published, withdrawn, cancelled, dropped; files; who signed up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_tables2
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import PUBLISH_CONTENT, SEE_STAFF
from assay.jobs.content import attach, publish_post, write_post
from assay.portal.access import Asked, staff_page
from assay.portal.attached import streamed
from assay.portal.forms.content import AttachForm, PublishForm
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import List, Moment, list_page
from assay.portal.views.staff.content import found_post, shown
from assay.store.models import SignUp
from assay.store.queries.content.posts import attachment_of
from assay.store.queries.content.staff_posts import sign_ups_of

_STATES = {"seated": _("Has a place"), "waiting": _("Waits")}


class SignUps(List):
    """Who signed up."""

    person = django_tables2.Column(verbose_name=_("Name"))
    email = django_tables2.Column(verbose_name=_("Address"), accessor="person__email")
    partner = django_tables2.Column(verbose_name=_("Partner"), accessor="partner__name")
    state = django_tables2.Column(verbose_name=_("Place"))
    asked_at = Moment(verbose_name=_("Signed up"))
    caption = _("Who signed up")
    empty_title = _("Nobody has signed up yet")

    def render_state(self, record: SignUp) -> str:
        """Say whether they have a place."""
        return str(_STATES[record.state])


@staff_page(PUBLISH_CONTENT)
@require_POST
def publish(request: Asked, number: int) -> HttpResponse:
    """Publish a draft now, or have it published at a moment."""
    post = found_post(number)
    form = PublishForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            if on is None:
                publish_post.publish_post(number, by=request.user, at=request.now)
            else:
                publish_post.schedule_post(number, on=on, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            planned = gettext("It will be published at that time.")
            messages.success(request, planned if on else gettext("Published."))
            return redirect("staff_post", number)
    return shown(request, post, publishing=form, status=422)


@staff_page(PUBLISH_CONTENT)
@require_POST
def unschedule(request: Asked, number: int) -> HttpResponse:
    """Keep a post that was to be published as a draft."""
    keep = publish_post.schedule_post
    return _act(request, number, keep, gettext("It stays a draft."), on=None)


@staff_page(PUBLISH_CONTENT)
@require_POST
def withdraw(request: Asked, number: int) -> HttpResponse:
    """Take a published post from everybody."""
    said = gettext("Withdrawn: nobody sees it any more.")
    return _act(request, number, publish_post.withdraw_post, said)


@staff_page(PUBLISH_CONTENT)
@require_POST
def cancel(request: Asked, number: int) -> HttpResponse:
    """Cancel a webinar."""
    said = gettext("Cancelled: those who signed up are told.")
    return _act(request, number, publish_post.cancel_webinar, said)


@staff_page(PUBLISH_CONTENT)
@require_POST
def drop(request: Asked, number: int) -> HttpResponse:
    """Drop a draft."""
    post = found_post(number)
    try:
        write_post.drop_post(number, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, _said(refused))
        return redirect("staff_post", number)
    messages.success(request, gettext("The draft “%s” is dropped.") % post.title)
    return redirect("staff_content")


@staff_page(PUBLISH_CONTENT)
@require_POST
def add_attachment(request: Asked, number: int) -> HttpResponse:
    """Attach a file or a link."""
    post = found_post(number)
    form = AttachForm(request.POST, request.FILES, kind=post.kind)
    if form.is_valid():
        told = form.cleaned_data
        more: dict[str, Any] = {
            "title": told["title"],
            "is_recording": told.get("is_recording", False),
            "by": request.user,
            "at": request.now,
        }
        try:
            if told["file"]:
                attach.add_file(number, told["file"], name=told["file"].name, **more)
            else:
                attach.add_link(number, told["url"], **more)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Attached."))
            return redirect("staff_post", number)
    return shown(request, post, attaching=form, status=422)


@staff_page(PUBLISH_CONTENT)
@require_POST
def remove_attachment(request: Asked, number: int, file: int) -> HttpResponse:
    """Take a file or a link off."""
    found_post(number)
    said = gettext("It is taken off.")
    return _act(request, number, attach.detach, said, attachment=file)


@staff_page(SEE_STAFF)
@require_safe
def post_file(request: Asked, number: int, file: int) -> HttpResponseBase:
    """A file of a post, before readers see it too."""
    return streamed(attachment_of(found_post(number), file, at=request.now, early=True))


@staff_page(SEE_STAFF)
@require_safe
def sign_ups(request: Asked, number: int) -> HttpResponseBase:
    """Who signed up for it."""
    post = found_post(number)
    rows = sign_ups_of(post)
    context = {"post": post}
    page = "staff/content/sign_ups.html"
    return list_page(request, SignUps, rows, page, context, file="sign-ups")


def _act(
    request: Asked, number: int, act: Callable[..., object], said: str, **more: Any
) -> HttpResponse:
    found_post(number)
    try:
        act(number, by=request.user, at=request.now, **more)
    except Refused as refused:
        messages.error(request, _said(refused))
    else:
        messages.success(request, said)
    return redirect("staff_post", number)


def _said(refused: Refused) -> str:
    return " ".join(
        f"{issue.message[:1].upper()}{issue.message[1:]}. {issue.hint}".strip()
        for issue in refused.issues
    )

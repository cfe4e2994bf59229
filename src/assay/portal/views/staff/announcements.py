"""Announcements as staff write them: drafted, looked at, published, and then left alone."""

from __future__ import annotations

from datetime import datetime

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import SEE_STAFF, SEND_NOTICES, staff_may
from assay.jobs.notices import announce
from assay.portal.access import Asked, staff_page
from assay.portal.lists import List, list_page
from assay.portal.templatetags.figures import moment
from assay.store.queries.notices.posts import Written, written, written_by_number

_LONGEST_BODY = 40_000


class Announcements(List):
    """Every announcement, drafts first."""

    title = django_tables2.Column(verbose_name=gettext_lazy("Title"))
    published_at = django_tables2.Column(verbose_name=gettext_lazy("Published"), empty_values=())
    made_at = django_tables2.Column(verbose_name=gettext_lazy("Begun"))
    by = django_tables2.Column(verbose_name=gettext_lazy("By"))
    caption = gettext_lazy("Announcements")
    empty_title = gettext_lazy("No announcement yet")
    empty_hint = gettext_lazy("Begin one: nobody but staff sees it before it is published.")

    def render_title(self, value: str, record: Written) -> SafeString:
        """Lead to the announcement as staff see it."""
        address = reverse("staff_announcement", args=[record.number])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_title(self, value: str) -> str:
        """Give the title alone to a file."""
        return value

    def render_published_at(self, value: datetime | None) -> str:
        """Say when, or that it is a draft."""
        if value is None:
            return gettext("Draft")
        return moment({"reader": self.request.reader}, value)

    def value_published_at(self, value: datetime | None) -> datetime | None:
        """Give the moment to a file."""
        return value

    def render_made_at(self, value: datetime) -> str:
        """Say when it was begun."""
        return moment({"reader": self.request.reader}, value)

    def value_made_at(self, value: datetime) -> datetime:
        """Give the moment to a file."""
        return value


class Words(forms.Form):
    """What an announcement says."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Markdown: **bold**, - lists, ## headings, [links](/program/). No HTML, no pictures."
        ),
        max_length=_LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 16}),
    )


@staff_page(SEE_STAFF)
@require_safe
def announcements(request: Asked) -> HttpResponseBase:
    """Drafts, and what is published."""
    may_write = staff_may(request.user.staff_role, SEND_NOTICES)
    return list_page(
        request,
        Announcements,
        list(written()),
        "staff/announcements.html",
        {"may_write": may_write},
        file="announcements",
    )


@staff_page(SEND_NOTICES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_announcement(request: Asked) -> HttpResponse:
    """Begin an announcement as a draft."""
    form = Words(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = announce.draft(told["title"], told["body"], by=request.user, at=request.now)
        messages.success(request, gettext("The draft is kept. This is how it will look."))
        return redirect("staff_announcement", made.pk)
    return render(request, "staff/announcement_edit.html", {"form": form})


@staff_page(SEE_STAFF)
@require_safe
def announcement(request: Asked, number: int) -> HttpResponse:
    """An announcement as readers will see it, and what may be done with it."""
    return render(
        request,
        "staff/announcement.html",
        {
            "post": _found(number),
            "may_write": staff_may(request.user.staff_role, SEND_NOTICES),
        },
    )


@staff_page(SEND_NOTICES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_announcement(request: Asked, number: int) -> HttpResponse:
    """Change a draft."""
    post = _found(number)
    if post.published_at is not None:
        return redirect("staff_announcement", number)
    form = Words(request.POST or None, initial={"title": post.title, "body": post.body})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            announce.edit(number, told["title"], told["body"], by=request.user, at=request.now)
        except Refused as refused:
            form.add_error(None, _said(refused))
        else:
            messages.success(request, gettext("The draft is kept. This is how it will look."))
            return redirect("staff_announcement", number)
    return render(request, "staff/announcement_edit.html", {"form": form, "post": post})


@staff_page(SEND_NOTICES)
@require_POST
def publish_announcement(request: Asked, number: int) -> HttpResponse:
    """Publish a draft."""
    try:
        announce.publish(number, by=request.user, at=request.now)
        messages.success(
            request, gettext("Published: it shows on the public page and in the feed.")
        )
    except Refused as refused:
        messages.error(request, _said(refused))
    return redirect("staff_announcement", _found(number).number)


@staff_page(SEND_NOTICES)
@require_POST
def drop_announcement(request: Asked, number: int) -> HttpResponse:
    """Drop a draft."""
    post = _found(number)
    try:
        announce.drop(number, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, _said(refused))
        return redirect("staff_announcement", number)
    messages.success(request, gettext("The draft “%s” is dropped.") % post.title)
    return redirect("staff_announcements")


def _found(number: int) -> Written:
    post = written_by_number(number)
    if post is None:
        raise Http404
    return post


def _said(refused: Refused) -> str:
    return " ".join(f"{issue.message} {issue.hint}".strip() for issue in refused.issues)

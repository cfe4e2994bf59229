"""Content: what do partners read? Posts are drafted, looked at as any reader, and published."""

from __future__ import annotations

from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.content import KIND_TITLES, KIND_WORDS, PostKind, admits
from assay.core.issues import Refused
from assay.core.rights import PUBLISH_CONTENT, SEE_STAFF, Role, staff_may
from assay.jobs.content.acts import content_of
from assay.jobs.content.in_force import in_force
from assay.jobs.content.write_post import draft_post, edit_post
from assay.portal.access import Asked, staff_page
from assay.portal.forms.content import AttachForm, PostForm, PreviewForm, PublishForm
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import Figure, Filters, List, Moment, list_page
from assay.portal.templatetags.figures import moment
from assay.store.models import Post
from assay.store.queries.content.posts import shown_post
from assay.store.queries.content.readable import audience_of
from assay.store.queries.content.staff_posts import (
    StaffPost,
    post_by_number,
    staff_posts,
    state_of,
    versions_of,
)
from assay.words.audiences import audience_words, why_words

STATES = {
    "draft": _("Draft"),
    "scheduled": _("Scheduled"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
}


class Content(List):
    """Every post, drafts first."""

    title = django_tables2.Column(verbose_name=_("Title"), attrs={"td": {"class": "roomy"}})
    kind_title = django_tables2.Column(verbose_name=_("Kind"))
    state = django_tables2.Column(verbose_name=_("State"))
    audience = django_tables2.Column(
        verbose_name=_("For"), orderable=False, attrs={"td": {"class": "roomy"}}
    )
    read = Figure(verbose_name=_("Read by members"))
    readers = Figure(verbose_name=_("Members who may"), visible=False)
    signed_up = Figure(verbose_name=_("Signed up"))
    published_at = Moment(verbose_name=_("Published"), default="")
    by = django_tables2.Column(verbose_name=_("By"), visible=False)
    caption = _("Content")
    empty_title = _("Nothing is written yet")
    empty_hint = _("Begin a post: nobody but staff sees it before it is published.")

    def render_title(self, value: str, record: StaffPost) -> SafeString:
        """Lead to the post as staff see it."""
        return format_html(
            '<a href="{}">{}</a>', reverse("staff_post", args=[record.number]), value
        )

    def value_title(self, value: str) -> str:
        """Return the title alone, for downloads."""
        return value

    def render_state(self, value: str, record: StaffPost) -> str:
        """Say where it stands, and when it will be published."""
        said = str(STATES[value])
        if value != "scheduled":
            return said
        return f"{said}: {moment({'reader': self.request.reader}, record.publish_at)}"

    def render_audience(self, value: Any) -> str:
        """Say who reads it."""
        program, _on = in_force(self.request.now)
        return audience_words(value, program)

    def render_read(self, value: int, record: StaffPost) -> str:
        """Say how many of those who may read it have."""
        said = {"read": value, "readers": record.readers}
        return gettext("%(read)s of %(readers)s") % said

    def value_read(self, value: int) -> int:
        """Return the number alone, for downloads."""
        return value


class ContentFilters(Filters):
    """What staff narrow the list by."""

    q = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Everything")), *KIND_TITLES.items()]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any")), *STATES.items()]
    )

    def narrow(self, rows: Any) -> Any:
        """Return the posts that pass."""
        told = self.cleaned_data
        return [
            row
            for row in rows
            if told["q"].casefold() in row.title.casefold()
            and told["kind"] in ("", row.kind)
            and told["state"] in ("", row.state)
        ]


@staff_page(SEE_STAFF)
@require_safe
def content(request: Asked) -> HttpResponseBase:
    """Every post, with who reads it and how many have."""
    program, on = in_force(request.now)
    rows = staff_posts(on, program)
    context = {"may_write": _may_write(request)}
    return list_page(
        request,
        Content,
        list(rows),
        "staff/content/content.html",
        context,
        filters=ContentFilters,
        file="content",
    )


@staff_page(PUBLISH_CONTENT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """Begin a post: choose its kind, then write it."""
    kind = request.GET.get("kind", "")
    if kind not in KIND_TITLES:
        kinds = [(key, KIND_TITLES[key], KIND_WORDS[key]) for key in PostKind]
        return render(request, "staff/content/kinds.html", {"kinds": kinds})
    program, _on = in_force(request.now)
    form = PostForm(request.POST or None, kind=PostKind(kind), program=program)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_post(form.content(), by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The draft is kept. This is how it will look."))
            return redirect("staff_post", made.pk)
    context = {"form": form, "kind_title": KIND_TITLES[kind], "kind_words": KIND_WORDS[kind]}
    return render(request, "staff/content/edit.html", context, status=422 if form.errors else 200)


@staff_page(PUBLISH_CONTENT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Asked, number: int) -> HttpResponse:
    """Change a post; what a published one said before is kept."""
    post = found_post(number)
    said = content_of(post)
    program, _on = in_force(request.now)
    form = PostForm(
        request.POST or None,
        kind=said.kind,
        program=program,
        content=said,
    )
    if request.method == "POST" and form.is_valid():
        try:
            edit_post(number, form.content(), by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The change is kept. This is how it looks."))
            return redirect("staff_post", number)
    context = {
        "form": form,
        "post": post,
        "state": state_of(post),
        "kind_title": KIND_TITLES[said.kind],
    }
    return render(request, "staff/content/edit.html", context, status=422 if form.errors else 200)


@staff_page(SEE_STAFF)
@require_safe
def post(request: Asked, number: int) -> HttpResponse:
    """A post as a reader of a chosen tier and role sees it, and what may be done with it."""
    return shown(request, found_post(number))


def shown(
    request: Asked,
    post: Post,
    *,
    publishing: PublishForm | None = None,
    attaching: AttachForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page of a post; the forms are those with faults, if any."""
    (program, _on), audience = in_force(request.now), audience_of(post)
    tier, role = request.GET.get("tier", ""), request.GET.get("role", "")
    preview = {"tier": tier, "role": role}
    as_reader = tier in ("none", *program.tiers) and role in set(Role)
    readable = as_reader and admits(audience, tier, role, program)
    context = {
        "post": shown_post(post, person_id=None, at=request.now),
        "held": post,
        "state": state_of(post),
        "state_words": STATES[state_of(post)],
        "audience_words": audience_words(audience, program),
        "preview": PreviewForm(initial=preview, program=program),
        "as_reader": as_reader,
        "readable": readable,
        "why": why_words(audience, tier, program) if readable else "",
        "versions": versions_of(post),
        "attachments": post.attachments.all(),
        "publishing": publishing or PublishForm(initial={"on": post.publish_at}),
        "attaching": attaching or AttachForm(kind=post.kind),
        "may_write": _may_write(request) and state_of(post) != "withdrawn",
    }
    return render(request, "staff/content/post.html", context, status=status)


def found_post(number: int) -> Post:
    """Return a post; one that is gone does not exist."""
    post = post_by_number(number)
    if post is None:
        raise Http404
    return post


def _may_write(request: Asked) -> bool:
    return staff_may(request.user.staff_role, PUBLISH_CONTENT)

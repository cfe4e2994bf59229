"""What readers say of pages: by page, and each rating with its comment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from assay.core.rights import READ_RATINGS, SEE_STAFF, staff_may
from assay.jobs.notices.read_ratings import read_ratings
from assay.portal.access import Asked, staff_page
from assay.portal.lists import Figure, Filters, List, Moment, list_page
from assay.store.queries.notices.ratings import narrowed, newest_unread, ratings, ratings_by_page

MOST = 2**63 - 1  # what a number of the database may be

_EMPTY = gettext_lazy("Nobody has rated a page yet")
_HINT = gettext_lazy("Every page asks at its foot whether it helped.")


class ByPage(List):
    """A row for each page that was rated."""

    path = django_tables2.Column(verbose_name=gettext_lazy("Page"))
    yes = Figure(verbose_name=gettext_lazy("Helped"))
    no = Figure(verbose_name=gettext_lazy("Did not help"))
    comments = Figure(verbose_name=gettext_lazy("Comments"))
    newest = Moment(verbose_name=gettext_lazy("Newest"))
    caption = gettext_lazy("Ratings by page")
    empty_title = _EMPTY
    empty_hint = _HINT

    def render_path(self, value: str) -> SafeString:
        """Lead to the ratings of the page."""
        address = f"{reverse('staff_ratings')}?{urlencode({'path': value})}"
        return format_html('<a href="{}">{}</a>', address, value)

    def value_path(self, value: str) -> str:
        """Give the address alone to a file."""
        return value


class Ratings(List):
    """Every rating, the newest first."""

    at = Moment(verbose_name=gettext_lazy("When"))
    path = django_tables2.Column(verbose_name=gettext_lazy("Page"))
    helped = django_tables2.Column(verbose_name=gettext_lazy("Helped"))
    comment = django_tables2.Column(
        verbose_name=gettext_lazy("Comment"), attrs={"td": {"class": "prose"}}
    )
    by = django_tables2.Column(
        verbose_name=gettext_lazy("By"), empty_values=(), orderable=False, accessor="by__name"
    )
    read = django_tables2.Column(
        verbose_name=gettext_lazy("Read"), empty_values=(), accessor="read_at"
    )
    caption = gettext_lazy("Ratings")
    empty_title = _EMPTY
    empty_hint = _HINT

    def render_path(self, value: str) -> str:
        """Lead to the page; of one whose address is private, the pattern is kept and shown."""
        return value if "<" in value else format_html('<a href="{0}">{0}</a>', value)

    def value_path(self, value: str) -> str:
        """Give the address alone to a file."""
        return value

    def render_helped(self, value: bool) -> str:  # noqa: FBT001 - as django-tables2 calls it
        """Say yes or no."""
        return gettext("Yes") if value else gettext("No")

    def render_by(self, record: dict[str, Any]) -> str:
        """Name who it was, where they were signed in."""
        return record["by__name"] or record["by__email"] or gettext("Not signed in")

    def render_read(self, record: dict[str, Any]) -> str:
        """Say who read it and when, or offer to mark it."""
        context = {"one": record, "may_read": _may_read(self.request)}
        return render_to_string("staff/rating_read.html", context, self.request)

    def value_read(self, record: dict[str, Any]) -> datetime | None:
        """Give the moment to a file."""
        found: datetime | None = record["read_at"]
        return found


class Narrow(Filters):
    """Which ratings are shown."""

    path = forms.CharField(label=gettext_lazy("Page begins with"), max_length=300, required=False)
    helped = forms.ChoiceField(
        label=gettext_lazy("Helped"),
        choices=[
            ("", gettext_lazy("Either")),
            ("no", gettext_lazy("No")),
            ("yes", gettext_lazy("Yes")),
        ],
        required=False,
    )
    text = forms.CharField(label=gettext_lazy("Words"), max_length=100, required=False)
    since = forms.DateField(
        label=gettext_lazy("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    commented = forms.BooleanField(label=gettext_lazy("With a comment"), required=False)

    def narrow(self, rows: Any) -> Any:
        """Return the ratings that pass."""
        told = self.cleaned_data
        return narrowed(
            rows,
            path=told["path"].strip(),
            helped={"yes": True, "no": False}.get(told["helped"]),
            commented=told["commented"],
            text=told["text"].strip(),
            since=told["since"],
        )


@staff_page(SEE_STAFF)
@require_safe
def all_ratings(request: Asked) -> HttpResponseBase:
    """Every rating with its comment, those to be read first."""
    count, newest = newest_unread()
    context = {"unread_count": count, "newest": newest, "may_read": _may_read(request)}
    return list_page(
        request, Ratings, ratings(), "staff/ratings.html", context, filters=Narrow, file="ratings"
    )


def _number(told: str | None) -> int | None:
    found = int(told) if told and told.isdecimal() else MOST + 1
    return found if found <= MOST else None


def _may_read(request: Asked) -> bool:
    return staff_may(request.user.staff_role, READ_RATINGS)


@staff_page(READ_RATINGS)
@require_POST
def read(request: Asked) -> HttpResponse:
    """Mark one rating as read, or all up to the newest that was shown."""
    number, until = _number(request.POST.get("number")), _number(request.POST.get("until"))
    if number is None and until is None:
        raise Http404
    many = read_ratings(by=request.user, at=request.now, number=number, until=until)
    messages.success(
        request,
        ngettext("One rating is marked as read.", "%(many)s ratings are marked as read.", many)
        % {"many": many},
    )
    return redirect("staff_ratings")


@staff_page(SEE_STAFF)
@require_safe
def by_page(request: Asked) -> HttpResponseBase:
    """What each page was rated; those that helped least come first."""
    return list_page(
        request,
        ByPage,
        ratings_by_page(),
        "staff/ratings.html",
        {"by_page": True},
        file="ratings-by-page",
    )

"""Notices: what was I told, when? In a partner's portal, and of all partners in the account."""

from __future__ import annotations

from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.notices import KINDS, TOPICS
from assay.core.rights import SEE_NOTICES
from assay.jobs.notices.read_notices import choose_mail, mark_all_read, mark_read, mark_unread
from assay.portal.access import Asked, partner_page, signed_in_page
from assay.portal.lists import Filters, List, Moment, list_page
from assay.store.queries.notices.notices import (
    Told,
    choices_of,
    notice_of,
    notices_of,
    unread_of,
)


class Notices(List):
    """Notices, newest first; what is not read yet is marked by a word."""

    subject = django_tables2.Column(
        verbose_name=gettext_lazy("Notice"), attrs={"td": {"class": "roomy"}}
    )
    kind = django_tables2.Column(verbose_name=gettext_lazy("About"))
    partner = django_tables2.Column(accessor="partner__name", verbose_name=gettext_lazy("Partner"))
    person = django_tables2.Column(verbose_name=gettext_lazy("Told to"))
    told_at = Moment(verbose_name=gettext_lazy("Told"))
    caption = gettext_lazy("Notices")
    empty_title = gettext_lazy("You have not been told anything yet")
    empty_hint = gettext_lazy(
        "Here you find what the program tells you: decisions on your apps, changes of your "
        "standing, who joins your team."
    )

    def render_subject(self, value: str, record: Any) -> str:
        """Link the subject, and say whether it is new."""
        seat = getattr(self.request, "seat", None)
        where = reverse("notice", args=[seat.slug, record.pk]) if seat else ""
        address = where or reverse("account_notice", args=[record.pk])
        if record.read_at is not None:
            return format_html('<a href="{}">{}</a>', address, value)
        return format_html(
            '<a href="{}"><strong>{}</strong></a> <span class="pill">{}</span>',
            address,
            value,
            _("new"),
        )

    def value_subject(self, value: str) -> str:
        """Return the subject alone, for downloads."""
        return value

    def render_kind(self, value: str) -> str:
        """Say the topic."""
        return KINDS[value].topic if value in KINDS else value


class NoticeFilters(Filters):
    """Narrow notices by topic, and to those not read."""

    topic = forms.ChoiceField(
        required=False,
        label=gettext_lazy("About"),
        choices=[("", gettext_lazy("Everything")), *((topic, topic) for topic in TOPICS)],
    )
    unread = forms.BooleanField(required=False, label=gettext_lazy("Not read yet"))

    def narrow(self, rows: Any) -> Any:
        """Return the notices that pass."""
        topic = self.cleaned_data["topic"]
        if topic:
            rows = rows.filter(kind__in=[k.key for k in KINDS.values() if k.topic == topic])
        return rows.filter(read_at=None) if self.cleaned_data["unread"] else rows


class _OfOnePartner(Notices):
    class Meta:
        exclude = ("partner", "person")


class _OfAPerson(Notices):
    class Meta:
        exclude = ("person",)


class _Viewed(Notices):
    class Meta:
        exclude = ("partner",)


@partner_page(SEE_NOTICES)
@require_safe
def notices(request: Asked) -> HttpResponseBase:
    """What the reader was told about this partner."""
    seat = request.seat
    rows = notices_of(request.user, partner=seat.partner_id, of_all=seat.viewing)
    new = 0 if seat.viewing else unread_of(request.user, partner=seat.partner_id)
    return list_page(
        request,
        _Viewed if seat.viewing else _OfOnePartner,
        rows,
        "partners/notices.html",
        {"new": new},
        filters=NoticeFilters,
        file="notices",
    )


@partner_page(SEE_NOTICES)
@require_safe
def notice(request: Asked, notice: int) -> HttpResponse:
    """One notice; opening it is reading it, but for staff who look as the partner."""
    seat = request.seat
    told = notice_of(request.user, notice, partner=seat.partner_id, of_all=seat.viewing)
    return _shown(request, told, back=reverse("notices", args=[seat.slug]))


@partner_page(SEE_NOTICES)
@require_POST
def read_all(request: Asked) -> HttpResponse:
    """Mark all notices about this partner as read."""
    mark_all_read(request.user, partner=request.seat.partner_id, at=request.now)
    messages.success(request, _("All notices are marked as read."))
    return redirect("notices", request.seat.slug)


@signed_in_page
@require_safe
def account_notices(request: Asked) -> HttpResponseBase:
    """What the reader was told, of every partner and as staff."""
    return list_page(
        request,
        _OfAPerson,
        notices_of(request.user),
        "accounts/notices.html",
        {"new": unread_of(request.user)},
        filters=NoticeFilters,
        file="notices",
    )


@signed_in_page
@require_safe
def account_notice(request: Asked, notice: int) -> HttpResponse:
    """One notice."""
    told = notice_of(request.user, notice)
    return _shown(request, told, back=reverse("account_notices"))


def _shown(request: Asked, told: Told | None, *, back: str) -> HttpResponse:
    if told is None:
        raise Http404
    seat = getattr(request, "seat", None)
    if seat is None or not seat.viewing:
        mark_read(request.user, notice=told.id, at=request.now)
    return render(request, "partners/notice.html", {"told": told, "back": back})


@signed_in_page
@require_POST
def account_read_all(request: Asked) -> HttpResponse:
    """Mark all notices as read."""
    mark_all_read(request.user, at=request.now)
    messages.success(request, _("All notices are marked as read."))
    return redirect("account_notices")


@signed_in_page
@require_POST
def unread(request: Asked, notice: int) -> HttpResponse:
    """Put a notice back among those not read."""
    if notice_of(request.user, notice) is None:
        raise Http404
    mark_unread(request.user, notice=notice)
    messages.success(request, _("The notice is marked as not read."))
    return redirect("account_notices")


@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Asked) -> HttpResponse:
    """Which kinds reach the reader by mail; required ones cannot be switched off, and say why."""
    offered = choices_of(request.user)
    if request.method == "POST":
        keys = [choice.kind.key for choice in offered]
        wanted = [key for key in request.POST.getlist("by_mail") if key in keys]
        choose_mail(request.user, wanted=wanted, among=keys, at=request.now)
        messages.success(request, _("Your choices are kept."))
        return redirect("notice_choices")
    return render(
        request,
        "accounts/notice_choices.html",
        {
            "free": [choice for choice in offered if not choice.kind.required],
            "required": [choice for choice in offered if choice.kind.required],
        },
    )

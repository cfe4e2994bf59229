"""The record: who did what, on which partner, when, from where; and whether it is whole."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import django_tables2
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import SEE_AUDIT
from assay.jobs.records.ask_check import ask_check
from assay.jobs.records.check_events import PART, SOUND
from assay.jobs.records.export_events import event_lines
from assay.jobs.records.export_record import record_text
from assay.portal.access import Asked, staff_page
from assay.portal.lists import Filters, List, Moment, list_page
from assay.store.models import Event
from assay.store.queries.operations.chain import chained
from assay.store.queries.operations.record import (
    acts,
    between,
    by_person,
    from_address,
    kept_records,
    kinds_of_acts,
    last_check,
    on_partner,
    one_act,
)


class Acts(List):
    """A row an act."""

    at = Moment(verbose_name=gettext_lazy("When"))
    number = django_tables2.Column(
        verbose_name=gettext_lazy("Number"), accessor="link__number", visible=False
    )
    who = django_tables2.Column(verbose_name=gettext_lazy("Who"), default="", orderable=False)
    words = django_tables2.Column(verbose_name=gettext_lazy("What"), orderable=False)
    partner = django_tables2.Column(
        verbose_name=gettext_lazy("Partner"),
        accessor="partner__name",
        default="",
        orderable=False,
        attrs={"td": {"class": "still"}},
    )
    act = django_tables2.Column(verbose_name=gettext_lazy("Act"), orderable=False)
    from_where = django_tables2.Column(
        verbose_name=gettext_lazy("From where"), default="", orderable=False
    )
    by = django_tables2.Column(
        verbose_name=gettext_lazy("Address"), accessor="by__email", default="", visible=False
    )
    target = django_tables2.Column(verbose_name=gettext_lazy("On"), visible=False)
    as_partner = django_tables2.Column(verbose_name=gettext_lazy("As partner"), visible=False)
    caption = gettext_lazy("Acts")
    empty_title = gettext_lazy("Nobody has done anything yet")
    empty_hint = gettext_lazy("Every act of people and of the product stands here from then on.")

    class Meta:
        """The widest column keeps its lines."""

        attrs = {"class": "record"}  # noqa: RUF012 - django-tables2 reads it off the class

    def render_words(self, value: str, record: dict[str, Any]) -> str:
        """Link the act; what staff did as a partner is marked."""
        number = record["link__number"]
        if number is None:
            return value
        words = format_html('<a href="{}">{}</a>', reverse("staff_event", args=[number]), value)
        if not record["as_partner"]:
            return words
        return format_html('{} <span class="badge">{}</span>', words, _("as partner"))

    def value_words(self, value: str) -> str:
        """Return the words alone."""
        return value

    def render_partner(self, value: str, record: dict[str, Any]) -> str:
        """Link the partner."""
        page = reverse("staff_partner", args=[record["partner__slug"]])
        return format_html('<a href="{}">{}</a>', page, value)

    def value_partner(self, value: str) -> str:
        """Return the partner's name alone."""
        return value

    def render_act(self, value: str) -> str:
        """Write the kind of act as words."""
        return value.replace("_", " ")

    def value_act(self, value: str) -> str:
        """Return the kind of act as it is kept."""
        return value


def _kinds() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("All")), *((one, one.replace("_", " ")) for one in kinds_of_acts())]


class RecordFilters(Filters):
    """Narrow the record by person, partner, act, address and days."""

    person = forms.CharField(required=False, max_length=200, label=gettext_lazy("Who"))
    partner = forms.CharField(required=False, max_length=200, label=gettext_lazy("Partner"))
    act = forms.ChoiceField(required=False, label=gettext_lazy("Act"), choices=_kinds)
    where = forms.CharField(required=False, max_length=45, label=gettext_lazy("From where"))
    since = forms.DateField(
        required=False, label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        required=False, label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"})
    )

    def narrow(self, rows: Any) -> Any:
        """Return the acts that pass; days are days of the reader's time zone."""
        asked = self.cleaned_data
        if asked["person"]:
            rows = by_person(rows, asked["person"])
        if asked["partner"]:
            rows = on_partner(rows, asked["partner"])
        if asked["act"]:
            rows = rows.filter(act=asked["act"])
        if asked["where"]:
            rows = from_address(rows, asked["where"])
        zone = ZoneInfo(get_current_timezone_name())
        return between(rows, asked["since"], asked["until"], zone)


@staff_page(SEE_AUDIT)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every act, the newest first; the last check; the signed records of reviews."""
    if request.GET.get("download") == "jsonl":
        return _lines(request)
    checked = last_check(PART)
    return list_page(
        request,
        Acts,
        acts(),
        "staff/record/record.html",
        {
            "checked": checked,
            "sound": checked is not None and checked.words.startswith(SOUND),
            "kept": kept_records(),
        },
        filters=RecordFilters,
        file="record",
    )


def _lines(request: Asked) -> HttpResponseBase:
    """Answer with the acts as filtered, an event a line, sealed; `assay verify` checks them."""
    filters = RecordFilters(request.GET)
    rows = Event.objects.all()
    narrowed = filters.is_valid() and any(filters.cleaned_data.values())
    lines = event_lines(
        settings.INSTALLATION,
        chained(filters.narrow(rows) if narrowed else rows),
        whole=not narrowed,
    )
    answer = StreamingHttpResponse(lines, content_type="application/jsonl")
    answer["Content-Disposition"] = 'attachment; filename="record.jsonl"'
    return answer


@staff_page(SEE_AUDIT)
@require_safe
def event(request: Asked, number: int) -> HttpResponse:
    """One act: what is kept of it, its place in the chain, the acts beside it."""
    found = one_act(number)
    if found is None:
        raise Http404
    details = json.dumps(found.chained.act.details, indent=2, ensure_ascii=False)
    context = {"event": found, "act": found.chained.act, "details": details}
    return render(request, "staff/record/event.html", context)


@staff_page(SEE_AUDIT)
@require_POST
def check(request: Asked) -> HttpResponse:
    """Have every event checked now."""
    ask_check(by=request.user, at=request.now)
    messages.success(request, _("The record is being checked. The result stands here in a moment."))
    return redirect("staff_record")


@staff_page(SEE_AUDIT)
@require_safe
def review_record(request: Asked, review: int) -> HttpResponse:
    """The signed record of a review as a file."""
    try:
        text = record_text(settings.INSTALLATION, review, at=request.now)
    except Refused:
        raise Http404 from None
    answer = HttpResponse(text, content_type="application/jose")
    answer["Content-Disposition"] = f'attachment; filename="review-{review}.jws"'
    return answer

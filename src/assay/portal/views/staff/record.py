"""The record: who did what, on which partner, when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import django_tables2
from django import forms
from django.http import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assay.core.rights import SEE_AUDIT
from assay.portal.access import Asked, staff_page
from assay.portal.lists import Filters, List, list_page
from assay.portal.templatetags.figures import moment
from assay.store.queries.operations.record import (
    acts,
    between,
    by_person,
    kinds_of_acts,
    on_partner,
)


class Acts(List):
    """A row an act."""

    at = django_tables2.Column(verbose_name=gettext_lazy("When"))
    who = django_tables2.Column(verbose_name=gettext_lazy("Who"), default="")
    words = django_tables2.Column(verbose_name=gettext_lazy("What"), orderable=False)
    partner = django_tables2.Column(
        verbose_name=gettext_lazy("Partner"), accessor="partner__name", default=""
    )
    act = django_tables2.Column(verbose_name=gettext_lazy("Act"))
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

    def render_at(self, value: datetime) -> str:
        """Write the moment as the reader does."""
        return moment({"reader": self.request.reader}, value)

    def value_at(self, value: datetime) -> datetime:
        """Return the moment itself."""
        return value

    def render_who(self, value: str) -> str:
        """Name who did it."""
        return value

    def render_words(self, value: str, record: dict[str, Any]) -> str:
        """Say the act; what staff did as a partner is marked."""
        if not record["as_partner"]:
            return value
        return format_html('{} <span class="badge">{}</span>', value, _("as partner"))

    def value_words(self, value: str) -> str:
        """Return the words alone."""
        return value

    def render_partner(self, value: str, record: dict[str, Any]) -> str:
        """Link the partner."""
        try:
            page = reverse("staff_partner", args=[record["partner__slug"]])
        except NoReverseMatch:
            return value
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
    """Narrow the record by person, partner, act and days."""

    person = forms.CharField(required=False, max_length=200, label=gettext_lazy("Who"))
    partner = forms.CharField(required=False, max_length=200, label=gettext_lazy("Partner"))
    act = forms.ChoiceField(required=False, label=gettext_lazy("Act"), choices=_kinds)
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
        zone = ZoneInfo(get_current_timezone_name())
        return between(rows, asked["since"], asked["until"], zone)


@staff_page(SEE_AUDIT)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every act, the newest first."""
    return list_page(
        request, Acts, acts(), "staff/record.html", filters=RecordFilters, file="record"
    )

"""Webinars: which are coming, which are mine, what can I watch again?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_tables2
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assay.core.rights import READ_CONTENT
from assay.portal.access import Asked, partner_page
from assay.portal.lists import List, Moment, list_page
from assay.portal.templatetags.figures import moment
from assay.portal.views.partners.content import readable_by
from assay.store.queries.content.posts import coming, past, signed_up_for, webinars_for

_MINE = {"seated": _("You have a place"), "waiting": _("You wait for a place")}


class Webinars(List):
    """Webinars with their times in the reader's zone and in the host's."""

    title = django_tables2.Column(verbose_name=_("Webinar"), attrs={"td": {"class": "roomy"}})
    starts_at = Moment(verbose_name=_("Begins"))
    host_time = django_tables2.Column(
        verbose_name=_("For the host"), accessor="starts_at", orderable=False
    )
    places = django_tables2.Column(verbose_name=_("Places left"), empty_values=(), orderable=False)
    mine = django_tables2.Column(verbose_name=_("You"), default="")
    caption = _("Webinars")
    empty_title = _("No webinar")
    empty_hint = _("As soon as one is planned for your tier, you find it here.")

    def render_title(self, value: str, record: Any) -> str:
        """Lead to the webinar."""
        address = reverse("post", args=[self.request.seat.slug, record.slug])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_title(self, value: str) -> str:
        """Return the title alone, for downloads."""
        return value

    def render_host_time(self, value: datetime, record: Any) -> str:
        """Write the moment in the host's zone, and name the zone."""
        return f"{moment({'reader': self.request.reader}, value, record.zone)} ({record.zone})"

    def render_places(self, record: Any) -> str:
        """Say how many places are left, or how it ended."""
        if record.cancelled_at is not None:
            return gettext("cancelled")
        if record.ends_at <= self.request.now:
            return gettext("recorded") if record.recorded else gettext("over")
        if record.places is None:
            return gettext("no limit")
        left = max(record.places - record.taken, 0)
        return str(left) if left else gettext("none, but a waiting list")

    def render_mine(self, value: str) -> str:
        """Say whether the reader has a place."""
        return str(_MINE.get(value, ""))


@partner_page(READ_CONTENT)
@require_safe
def webinars(request: Asked) -> HttpResponseBase:
    """The reader's webinars: coming, those they signed up for, and those that are over."""
    may_read, _tier = readable_by(request)
    found = webinars_for(may_read, request.user.pk)
    shown = request.GET.get("show", "coming")
    rows = {
        "mine": signed_up_for(found),
        "past": past(found, request.now),
    }.get(shown, coming(found, request.now))
    tabs = (("coming", _("Coming")), ("mine", _("Mine")), ("past", _("Past, with recordings")))
    context = {"tabs": tabs, "shown": shown if shown in ("mine", "past") else "coming"}
    return list_page(
        request, Webinars, rows, "partners/content/webinars.html", context, file="webinars"
    )

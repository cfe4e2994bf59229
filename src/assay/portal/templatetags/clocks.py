"""Response clocks in words: when an answer is due on both clocks, and how much time is left."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django import template
from django.utils.translation import gettext

from assay.core.clock import HOUR
from assay.jobs.escalations.clocks import Clock, city_of

register = template.Library()
_MINUTE = HOUR // 60


def span_words(microseconds: int) -> str:
    """Say a stretch of time in hours and minutes: `5 h 20 min`; begun minutes are left out."""
    hours, minutes = divmod(abs(microseconds) // _MINUTE, 60)
    told = [gettext("%d h") % hours] if hours else []
    if minutes or not hours:
        told.append(gettext("%d min") % minutes)
    return " ".join(told)


def local_words(moment: datetime, zone: str, locale: str, *, beside: datetime | None = None) -> str:
    """Say a moment on the clocks of a zone; the time alone where `beside` shows the same day."""
    local = moment.astimezone(ZoneInfo(zone))
    same = beside is not None and beside.date() == local.date()
    return str(
        format_datetime(local, format="HH:mm" if same else "EEE d MMM, HH:mm", locale=locale)
    )


def due_words(clock: Clock, *, zone: str, locale: str) -> str:
    """Say `Due Tue 24 Nov, 14:00 in Berlin · 08:00 for you`, empty where nobody can tell."""
    if clock.due_at is None:
        return ""
    theirs = clock.due_at.astimezone(ZoneInfo(clock.zone))
    words = gettext("Due %(time)s in %(city)s") % {
        "time": local_words(clock.due_at, clock.zone, locale),
        "city": city_of(clock.zone),
    }
    if theirs.utcoffset() == clock.due_at.astimezone(ZoneInfo(zone)).utcoffset():
        return words
    yours = local_words(clock.due_at, zone, locale, beside=theirs)
    return f"{words} · {gettext('%s for you') % yours}"


def left_words(clock: Clock) -> str:
    """Say how much time is left, or by how much it is overdue."""
    if clock.left is None:
        return ""
    span = span_words(clock.left)
    if not clock.is_running:
        return gettext("answered after %s") % span_words(clock.counted or 0)
    words = gettext("overdue by %s") if clock.in_time is False else gettext("%s left")
    words %= span
    return f"{words}, {gettext('weekend there')}" if clock.stands_still else words


@register.simple_tag(takes_context=True)
def due(context: dict[str, Any], clock: Clock) -> str:
    """Say when an answer is due on the partner's and on the reader's clocks."""
    reader = context["reader"]
    return due_words(clock, zone=reader.time_zone, locale=reader.locale)


@register.simple_tag
def span(microseconds: int) -> str:
    """Say a stretch of time in hours and minutes."""
    return span_words(microseconds)


@register.filter
def left(clock: Clock) -> str:
    """Say how much time is left."""
    return left_words(clock)


@register.simple_tag(takes_context=True)
def local(context: dict[str, Any], value: datetime | None, zone: str) -> str:
    """Say a moment on the partner's clocks, to the second where it has any; nothing for None."""
    if value is None:
        return ""
    return str(
        format_datetime(
            value,
            format="EEE d MMM y, HH:mm:ss" if value.second else "EEE d MMM y, HH:mm",
            tzinfo=ZoneInfo(zone or "UTC"),
            locale=context["reader"].locale,
        )
    )


@register.filter
def city(zone: str) -> str:
    """Name a zone by its place."""
    return city_of(zone) if zone else gettext("UTC, as the profile has no time zone")


@register.filter
def size(count: int) -> str:
    """Say the size of a file."""
    kilobyte = 1024
    if count < kilobyte:
        return gettext("%d bytes") % count
    if count < kilobyte**2:
        return gettext("%d KB") % (count // kilobyte)
    return gettext("%d MB") % (count // kilobyte**2)

"""When a webinar is, in words and as a calendar file (RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from assay.core.content import Session
from assay.words.dates import day_words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A webinar as a calendar keeps it.

    `uid` never changes, `sequence` grows with each change; `link` is its page, and
    `session.join_link` where it takes place, "" for those who may not join.
    """

    uid: str
    sequence: int
    title: str
    link: str
    session: Session
    changed_at: datetime
    cancelled: bool = False


def session_words(session: Session, zone: str) -> str:
    """Say when it is, in a time zone, and in the host's where that is another."""
    words = _times(session, zone)
    if zone == session.zone:
        return words
    return f"{words}; for the host {_times(session, session.zone)}"


def _times(session: Session, zone: str) -> str:
    starts, ends = (m.astimezone(ZoneInfo(zone)) for m in (session.starts_at, session.ends_at))
    last = f"{ends:%H:%M}"
    if ends.date() != starts.date():
        last = f"{WEEKDAYS[ends.weekday()]} {day_words(ends)}, {last}"
    return f"{WEEKDAYS[starts.weekday()]} {day_words(starts)}, {starts:%H:%M} to {last} ({zone})"


def calendar_file(meeting: Meeting) -> bytes:
    """Write a calendar file; its times are in UTC, which every calendar shows in its own zone."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at.astimezone(UTC))
    event.add("dtstart", meeting.session.starts_at.astimezone(UTC))
    event.add("dtend", meeting.session.ends_at.astimezone(UTC))
    event.add("summary", meeting.title)
    event.add("url", meeting.link)
    if meeting.session.join_link:
        event.add("location", meeting.session.join_link)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Assay//Webinars//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from assay.core.content import Audience, Session
from assay.jobs.programs.programs import program_of
from assay.words.audiences import audience_words, turn_words, why_words
from assay.words.sessions import Meeting, calendar_file, session_words

PROGRAM = program_of("atlassian-marketplace@2024-06-13")
STARTS = datetime(2026, 7, 8, 13, tzinfo=UTC)
SESSION = Session(
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=90),
    zone="Europe/Stockholm",
    join_link="https://meet.example/1",
)


def test_a_time_is_said_in_the_readers_zone_and_the_hosts():
    assert session_words(SESSION, "Europe/Stockholm") == (
        "Wednesday 8 July 2026, 15:00 to 16:30 (Europe/Stockholm)"
    )
    assert session_words(SESSION, "Pacific/Auckland") == (
        "Thursday 9 July 2026, 01:00 to 02:30 (Pacific/Auckland); "
        "for the host Wednesday 8 July 2026, 15:00 to 16:30 (Europe/Stockholm)"
    )


def test_a_time_over_midnight_says_both_days():
    assert session_words(SESSION, "Asia/Vladivostok").startswith(
        "Wednesday 8 July 2026, 23:00 to Thursday 9 July 2026, 00:30 (Asia/Vladivostok)"
    )


def test_a_calendar_file_is_read_back_by_its_fields():
    meeting = Meeting(
        uid="webinar-7@program.example",
        sequence=2,
        title="Sales, rows; and\nmore — " + "long " * 30,
        link="https://program.example/portal/acme/resources/sales/",
        session=SESSION,
        changed_at=STARTS - timedelta(days=3),
        cancelled=True,
    )
    written = calendar_file(meeting)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == (
        "webinar-7@program.example",
        2,
        "CANCELLED",
    )
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        STARTS,
        STARTS + timedelta(minutes=90),
    )
    assert str(event["SUMMARY"]) == meeting.title
    assert str(event["LOCATION"]) == "https://meet.example/1"


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience(), "every partner"),
        (Audience(public=True), "Everybody, in public"),
        (Audience(tiers=("none",)), "partners without a tier"),
        (Audience(benefit="early_access", roles=("owner",)), "Gold and Platinum; owner only"),
        (Audience(benefit="gone"), "nobody: the program no longer gives this benefit"),
    ],
)
def test_an_audience_is_said(audience, words):
    assert audience_words(audience, PROGRAM) == words


def test_a_reader_is_told_why_and_who_else():
    assert why_words(Audience(benefit="early_access"), "gold", PROGRAM) == (
        "You can read this because Gold has the benefit “Early access to programs” (B14) at the "
        "level “preferential”. It is for Gold and Platinum."
    )
    assert why_words(Audience(tiers=("gold",), roles=("owner", "support")), "gold", PROGRAM) == (
        "You can read this because your tier is Gold. It is for Gold. "
        "In your team it is for these roles: owner and support."
    )
    assert why_words(Audience(), "none", PROGRAM) == "Every partner can read this."
    public = why_words(Audience(public=True), "none", PROGRAM)
    assert public == "Everybody can read this; it is public."


def test_who_goes_first_is_said_where_levels_differ():
    assert turn_words(Audience(benefit="early_access"), PROGRAM) == (
        "Places that become free go to Platinum first, then to Gold."
    )
    assert turn_words(Audience(benefit="campaign_roadmap"), PROGRAM) == ""

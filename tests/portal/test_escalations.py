"""Pages of escalations: both clocks, the year, disputes, tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assay.core.escalations import target_of
from assay.jobs.escalations.clocks import clock_of
from assay.jobs.programs.programs import program_of
from assay.portal.access import BOTH_FACTORS
from assay.portal.templatetags.clocks import due_words, left_words, span_words
from assay.store.models import ApiToken, Escalation, Person
from tests.few_partners import PROGRAM
from tests.jobs.escalations import FRIDAY, MONDAY, acme, opened, staff

pytestmark = pytest.mark.django_db
HOUR = 3_600_000_000
HERE = "/portal/acme/escalations/"


def client_of(email, **session):
    client = Client()
    client.force_login(Person.objects.get(email=email))
    kept = client.session
    kept.update(session)
    kept.save()
    return client


def clock(*, answered=None, at=MONDAY, tier="gold"):
    target = target_of(program_of(PROGRAM), tier)
    return clock_of(FRIDAY, answered, "Europe/Berlin", target, at=at)


def test_due_is_told_on_both_clocks():
    berlin = {"zone": "Europe/Berlin", "locale": "en_US"}
    assert due_words(clock(), **berlin) == "Due Mon 6 Jul, 18:00 in Berlin"
    chicago = {"zone": "America/Chicago", "locale": "en_US"}
    assert due_words(clock(), **chicago) == "Due Mon 6 Jul, 18:00 in Berlin · 11:00 for you"
    auckland = {"zone": "Pacific/Auckland", "locale": "en_US"}
    assert due_words(clock(), **auckland) == (
        "Due Mon 6 Jul, 18:00 in Berlin · Tue 7 Jul, 04:00 for you"
    )


def test_time_left_is_of_the_clock_that_counts():
    minutes = timedelta(minutes=2 * 60 + 40)
    assert left_words(clock(at=MONDAY + minutes)) == "5 h 20 min left"
    assert left_words(clock(at=datetime(2026, 7, 4, 9, tzinfo=UTC))) == "18 h left, weekend there"
    assert left_words(clock(at=MONDAY + timedelta(hours=11))) == "overdue by 3 h"
    assert left_words(clock(answered=MONDAY)) == "answered after 16 h"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (0, "0 min"),
        (HOUR // 60 - 1, "0 min"),
        (HOUR, "1 h"),
        (HOUR + HOUR // 60, "1 h 1 min"),
        (-2 * HOUR, "2 h"),
    ],
)
def test_a_span_in_words(time, words):
    assert span_words(time) == words


def test_the_list_has_what_waits_and_the_years_share_and_slowest():
    acme()
    late, soon = opened(at=FRIDAY), opened(at=MONDAY)
    Escalation.objects.filter(pk=late.pk).update(answered_at=MONDAY + timedelta(hours=72))
    Escalation.objects.filter(pk=soon.pk).update(answered_at=MONDAY + timedelta(hours=1))
    page = client_of("viewer@acme.example").get(HERE).content.decode()
    assert "1 of 2" in page
    assert "88 hours" in page
    assert "under 48 hours, Monday to Friday, as Silver asks" in page
    assert "Send" not in page
    told = client_of("viewer@acme.example").get(f"{HERE}?download=csv").getvalue().decode()
    rows = [line.split(",")[-4:] for line in told.splitlines()]
    assert rows[1:] == [["0", "1", "yes", "False"], ["48", "88", "no", "False"]]


def test_a_viewer_does_not_answer_and_support_does():
    acme()
    one = opened()
    form = {"text": "We look at it."}
    assert client_of("viewer@acme.example").post(f"{HERE}{one.pk}/answer/", form).status_code == 403
    support = client_of("support@acme.example")
    assert support.post(f"{HERE}{one.pk}/answer/", {"text": " "}).status_code == 422
    assert support.post(f"{HERE}{one.pk}/answer/", form).status_code == 302
    assert Escalation.objects.get().answered_by.email == "support@acme.example"


def test_a_file_is_downloaded_by_both_sides_and_never_shown():
    acme()
    staff()
    desk = client_of("opener@staff.example", **{BOTH_FACTORS: True})
    form = {"partner": "acme", "customer": "C", "severity": "low", "subject": "S", "text": "T"}
    sent = desk.post(
        "/staff/escalations/open/", form | {"attachments": [SimpleUploadedFile("log.txt", b"log")]}
    )
    assert sent.status_code == 302
    kept = Escalation.objects.get().files.get()
    path = f"{Escalation.objects.get().pk}/files/{kept.pk}/"
    for client, root in (
        (client_of("viewer@acme.example"), HERE),
        (desk, "/staff/escalations/"),
    ):
        answer = client.get(root + path)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content) == b"log"


def test_a_token_is_shown_once():
    staff()
    desk = client_of("opener@staff.example", **{BOTH_FACTORS: True})
    page = desk.post("/staff/escalations/tokens/", {"name": "Desk"})
    assert "assay_" in page.content.decode()
    assert "assay_" not in desk.get("/staff/escalations/tokens/").content.decode()
    assert ApiToken.objects.get().name == "Desk"

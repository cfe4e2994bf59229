from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from assay.core.rights import StaffRole
from assay.jobs.operations.events import acting_from, record
from assay.jobs.records.check_events import anchor_events
from assay.jobs.records.verify_file import verify_file
from assay.store.models import Event, Link
from tests.people import partner, person
from tests.portal.test_staff_people import staff

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"


@pytest.fixture
def acts(client):
    """Three acts, around midnight in Berlin (summer: two hours before UTC)."""
    acme = partner("acme", ann="owner")
    auditor = staff(client, "aud", StaffRole.AUDITOR)
    auditor.time_zone = BERLIN
    auditor.save(update_fields=["time_zone"])
    ann = person("ann")
    record(
        "first", "Ann did it", at=datetime(2026, 6, 30, 21, 59, tzinfo=UTC), by=ann, partner=acme
    )
    with acting_from("192.0.2.7"):
        record(
            "second",
            "=1+1 is told",
            at=datetime(2026, 6, 30, 22, 0, tzinfo=UTC),
            by=ann,
            why={"reason": "“so”"},
        )
    record("third", "It happened", at=datetime(2026, 7, 1, 22, 0, tzinfo=UTC))
    chain()
    return client


def chain():
    """Give the events their places, as the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def number_of(act):
    return Link.objects.get(event__act=act).number


def told(client, query):
    answer = client.get(f"/staff/record/?download=csv&{query}")
    return [line.split(",")[3] for line in b"".join(answer).decode().splitlines()[1:]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-07-01&until=2026-07-01", ["'=1+1 is told"]),
        ("until=2026-06-30", ["Ann did it"]),
        ("act=third", ["It happened"]),
        ("person=ann", ["'=1+1 is told", "Ann did it"]),
        ("partner=acme", ["Ann did it"]),
        ("partner=nobody", []),
        ("where=192.0.2.7", ["'=1+1 is told"]),
        ("where=192.0.2", []),
    ],
)
def test_the_record_is_narrowed_and_downloaded(acts, query, words):
    assert told(acts, query) == words


def test_the_page_shows_the_newest_first_with_who_and_when(acts):
    page = acts.get("/staff/record/?until=2026-07-02").content.decode()
    assert page.index("It happened") < page.index("Ann did it")
    assert "30 Jun 2026, 23:59" in page


@pytest.mark.parametrize("role", [StaffRole.FINANCE, StaffRole.SECURITY, StaffRole.SUPPORT])
def test_the_record_is_not_for_every_role(client, role):
    staff(client, "one", role)
    assert client.get("/staff/record/").status_code == 403
    assert client.get("/staff/record/?download=csv").status_code == 403


@pytest.mark.usefixtures("acts")
def test_no_event_is_changed_or_deleted():
    for act in (
        lambda: Event.objects.update(words="nothing happened"),
        lambda: Event.objects.all()._raw_delete("default"),  # noqa: SLF001 - past Django's own
    ):
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            act()
    assert Event.objects.filter(words="Ann did it").count() == 1


def test_an_act_opens_with_its_details_its_place_and_what_is_beside_it(acts):
    number = number_of("second")
    page = acts.get(f"/staff/record/{number}/").content.decode()
    found = Link.objects.get(number=number)
    for words in ("=1+1 is told", "192.0.2.7", "“so”", found.digest, found.previous, "Whole"):
        assert words in page
    assert f'<a rel="prev" href="/staff/record/{number - 1}/">' in page
    assert f'<a rel="next" href="/staff/record/{number + 1}/">' in page
    assert acts.get("/staff/record/999999/").status_code == 404


def test_an_act_that_was_changed_says_so(acts):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE store_event SET words = 'Bob did it' WHERE act = 'second'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    page = acts.get(f"/staff/record/{number_of('second')}/").content.decode()
    assert "what it says was changed" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "events, the whole record"),
        ("&act=second", "1 events, a part of the record, as it was filtered"),
        ("&since=nonsense", "events, the whole record"),
    ],
)
def test_the_record_is_downloaded_as_lines_that_can_be_verified(acts, tmp_path, query, words):
    file = tmp_path / "record.jsonl"
    file.write_bytes(b"".join(acts.get(f"/staff/record/?download=jsonl{query}")))
    assert verify_file(file).words.endswith(words)


def test_the_page_says_what_the_last_check_found(acts, settings):
    assert "Not checked yet" in acts.get("/staff/record/").content.decode()
    anchor_events(settings.INSTALLATION, at=datetime(2026, 7, 2, 3, 15, tzinfo=UTC))
    page = acts.get("/staff/record/").content.decode()
    assert ("Whole" in page, "Checked 2 Jul 2026, 05:15" in page) == (True, True)


def test_a_check_is_asked_for_and_recorded(acts):
    answer = acts.post("/staff/record/check/", follow=True)
    assert "The record is being checked." in answer.content.decode()
    assert Event.objects.get(act="record_check_asked").words.endswith(" had the record checked")


def test_an_act_by_request_says_from_where(client):
    staff(client, "one", StaffRole.AUDITOR)
    client.post("/staff/record/check/", REMOTE_ADDR="198.51.100.4")
    assert Event.objects.get(act="record_check_asked").from_where == "198.51.100.4"

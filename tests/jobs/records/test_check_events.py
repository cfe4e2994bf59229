"""The chain of events: whatever is changed, removed, cut or put in is found where it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from assay.core.issues import Refused
from assay.gateways.checkpoints import Checkpoints
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.operations.events import acting_from, record
from assay.jobs.records.check_events import anchor_events, check_events, check_lately
from assay.store.models import Event, Link, Notice, Person
from assay.store.queries.operations.chain import chained
from tests.people import account, partner, person

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 7, 1, 9, 30, 15, 123_456, tzinfo=UTC)


@pytest.fixture
def installation(tmp_path):
    return Installation.at(tmp_path)


@pytest.fixture
def five(installation):
    """Five events by Ann on Acme, chained and signed."""
    acme = partner("acme", ann="owner")
    for number in range(5):
        with acting_from("192.0.2.7"):
            record(
                "tried",
                f"Ann tried {number}",
                at=AT + timedelta(minutes=number),
                by=person("ann"),
                partner=acme,
                target="app:one",
                counts={"b": 2, "a": [number, None, True]},
            )
    assert str(anchor_events(installation, at=AT)) == "sound: 5 events, 0 signed checkpoints"
    return installation


@contextmanager
def as_superuser():
    """Write past every trigger and constraint, as who owns the database can."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def broken(installation):
    found = check_events(installation).broken
    return None if found is None else (found.number, found.words)


def test_a_chain_that_nobody_touched_is_sound(five):
    assert str(check_events(five)) == "sound: 5 events, 1 signed checkpoints"
    assert str(check_lately(five)) == "sound: 5 events, 1 signed checkpoints"
    assert [event.number for event in chained()] == [1, 2, 3, 4, 5]
    assert Event.objects.first().from_where == "192.0.2.7"


CHANGES = {
    "at": "at + interval '1 microsecond'",
    "act": "'tires'",
    "target": "'app:two'",
    "words": "'Ann tried 9'",
    "details": """'{"counts": {"b": 3}}'""",
    "as_partner": "true",
    "from_where": "''",
    "by_id": "NULL",
    "partner_id": "NULL",
    "content": "repeat('a', 64)",
    "id": "id + 1000",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_of_any_column_is_found(five, column):
    third = Link.objects.get(number=3).event_id
    with as_superuser() as cursor:
        cursor.execute(f"UPDATE store_event SET {column} = {CHANGES[column]} WHERE id = {third}")
    number, words = broken(five)
    assert number == 3
    assert words == ("is missing" if column == "id" else "what it says was changed")


def test_every_column_is_among_those_that_are_changed():
    assert {field.column for field in Event._meta.concrete_fields} == set(CHANGES)  # noqa: SLF001


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("previous = repeat('a', 64)", (3, "does not follow the event before it")),
        ("digest = repeat('a', 64)", (3, "its digest is not its own")),
        ("number = 30", (3, "is missing")),
        ("number = NULL", (3, "is missing")),
    ],
)
def test_a_change_of_a_place_is_found(five, change, expected):
    with as_superuser() as cursor:
        cursor.execute(f"UPDATE store_link SET {change} WHERE number = 3")
    assert broken(five) == expected


def test_an_event_that_was_removed_is_found(five):
    with as_superuser() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM store_link WHERE number = 2 RETURNING event_id)"
            " DELETE FROM store_event USING gone WHERE id = event_id"
        )
    assert broken(five) == (2, "is missing")
    assert check_lately(five).broken.number == 2


def test_events_that_changed_places_are_found(five):
    with as_superuser() as cursor:
        cursor.execute("UPDATE store_link SET number = -number WHERE number > 3")
        cursor.execute("UPDATE store_link SET number = 9 + number WHERE number < 0")
    assert broken(five) == (4, "does not follow the event before it")


def test_an_event_put_in_is_found(five):
    with as_superuser() as cursor:
        cursor.execute(
            "INSERT INTO store_event SELECT 900, at, act, target, words, details, as_partner,"
            " from_where, content, by_id, partner_id FROM store_event LIMIT 1"
        )
    assert broken(five) == (6, "1 events stand outside the chain")


def test_a_tail_that_was_cut_off_is_found_by_the_signed_checkpoint(five):
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM store_link WHERE number > 3")
        cursor.execute("DELETE FROM store_event WHERE id NOT IN (SELECT event_id FROM store_link)")
    assert broken(five) == (4, "is missing; event 5 was signed at 2026-07-01 09:30 UTC")


def test_a_chain_that_was_forged_anew_is_found_by_the_signed_checkpoint(five):
    kept = list(Event.objects.order_by("pk"))
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM store_link; DELETE FROM store_event")
    for event in kept:
        record("tried", f"{event.words}!", at=event.at, by=event.by, partner=event.partner)
    assert broken(five) == (5, "is not the one that was signed at 2026-07-01 09:30 UTC")


def test_a_checkpoint_of_another_key_is_found(five, tmp_path):
    other = Installation.at(tmp_path / "other")
    anchor_events(other, at=AT)
    Checkpoints.of(five).append(Checkpoints.of(other).read()[0])
    assert broken(five) == (6, "checkpoint 2 is signed by another's key")


def test_every_changed_character_of_a_checkpoint_is_found(five):
    path = Checkpoints.of(five).path
    text = path.read_bytes()
    for place in range(len(text) - 1):
        path.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        assert check_lately(five).broken is not None


def test_a_checkpoint_of_a_former_key_still_holds(five):
    Keys.of(five).rotate()
    assert broken(five) is None


def test_the_same_newest_event_is_signed_once(five):
    anchor_events(five, at=AT)
    assert len(Checkpoints.of(five).read()) == 1
    record("more", "More happened", at=AT)
    anchor_events(five, at=AT)
    assert len(Checkpoints.of(five).read()) == 2


def test_a_broken_chain_is_not_signed(five):
    with as_superuser() as cursor:
        cursor.execute("UPDATE store_event SET words = 'x'")
    record("more", "More happened", at=AT)
    assert anchor_events(five, at=AT).broken.number == 1
    assert len(Checkpoints.of(five).read()) == 1


@pytest.mark.usefixtures("five")
def test_neither_events_nor_places_are_changed_removed_or_emptied():
    forbidden = (
        "UPDATE store_link SET number = 9 WHERE number = 5",
        "DELETE FROM store_link",
        "UPDATE store_event SET words = ''",
        "DELETE FROM store_event",
    )
    for statement in forbidden:
        with pytest.raises(DatabaseError, match="pgtrigger"), connection.cursor() as cursor:
            cursor.execute(statement)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_event ENABLE TRIGGER USER")
        with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic():
            cursor.execute("TRUNCATE store_event CASCADE")
        transaction.set_rollback(True)


def test_an_event_without_its_digest_is_refused():
    with pytest.raises(DatabaseError, match="event_has_a_digest"):
        Event.objects.create(at=AT, act="a", words="b")


def test_an_event_with_decimals_is_refused():
    with pytest.raises(TypeError):
        record("a", "b", at=AT, share=0.1)


def test_many_who_act_at_once_leave_no_gap(installation):
    """Twenty at once, five transactions each, two events a transaction; a fifth are undone."""
    account("ann@acme.example")

    def act(writer):
        try:
            for turn in range(5):
                with transaction.atomic():
                    record("one", f"{writer} {turn}", at=AT)
                    record("two", f"{writer} {turn}", at=AT)
                    if turn == 4:
                        transaction.set_rollback(True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(act, range(20)))
    assert broken(installation) is None
    assert [event.number for event in chained()] == list(range(1, 161))


def test_who_chains_waits_for_nobody_who_waits_for_the_chain(installation):
    """A notice to Ann is checked against her row while another, who holds it, records an act."""
    ann = account("ann@acme.example")
    acme = partner("acme")

    def tell(turn):
        try:
            with transaction.atomic():
                record("told", "Ann was told", at=AT)
                Notice.objects.create(
                    person=ann, kind="x", occasion=f"{turn}", subject="s", body="b", told_at=AT
                )
        finally:
            connections.close_all()

    def hold(turn):
        try:
            with transaction.atomic():
                Person.objects.select_for_update().get(pk=ann.pk)
                record("held", f"{turn}", at=AT, partner=acme)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(act, turn) for turn in range(40) for act in (tell, hold)]
        for one in done:
            one.result()
    assert broken(installation) is None


def test_a_key_that_cannot_be_read_is_told_and_not_made_anew(five):
    (five.folder / "keys" / "signing.jwk").write_text("{}")
    with pytest.raises(Refused, match="no key that signs"):
        check_events(five)

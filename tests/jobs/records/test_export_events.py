"""Exports of who did what, verified without the installation."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from assay.core.issues import Refused
from assay.core.signatures import new_key, signed
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.operations.events import record
from assay.jobs.records.export_events import event_lines, export_events
from assay.jobs.records.verify_file import EVENTS, verify_file
from assay.store.models import Event
from assay.store.queries.operations.chain import chained
from tests.people import partner, person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture
def exported(tmp_path):
    """Three acts, exported whole."""
    acme = partner("acme", ann="owner")
    for number in range(3):
        record("tried", f"“{number}”", at=AT, by=person("ann"), partner=acme, why={"a": [1]})
    chain()
    file = tmp_path / "record.jsonl"
    assert export_events(Installation.at(tmp_path), file) == 3
    return file


def chain():
    """Give the events of this test their places, as the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_an_export_is_verified(exported, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(Keys.of(Installation.at(tmp_path)).jwks()))
    done = verify_file(exported, keys=keys)
    assert (done.words, done.known) == ("3 events, the whole record", True)
    lines = exported.read_text().splitlines()
    told = json.loads(lines[1])
    assert (told["number"], told["words"], told["previous"]) == (1, "“0”", "0" * 64)


def test_any_flipped_byte_is_found(exported):
    content = exported.read_bytes()
    for place in range(0, len(content), 3):
        exported.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(Refused) as refused:
            verify_file(exported)
        assert str(refused.value)


def changed(exported, change):
    lines = exported.read_bytes().splitlines(keepends=True)
    exported.write_bytes(b"".join(change(lines)))
    with pytest.raises(Refused) as refused:
        verify_file(exported)
    return refused.value.issues[0].message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda x: [*x[:2], *x[3:]], "event 2: is missing", id="removed"),
        pytest.param(
            lambda x: [x[0], x[2], x[1], *x[3:]], "event 1: is missing", id="in another order"
        ),
        pytest.param(lambda x: [*x[:2], x[1], *x[2:]], "event 2: stands there twice", id="put in"),
        pytest.param(lambda x: x[:-1], "is cut off: its last line is no seal", id="cut"),
        pytest.param(
            lambda x: [*x[:-2], x[-1]], "its events are not those that its seal signs", id="tail"
        ),
        pytest.param(lambda _: [b"{}\n"], "line 2 is not as it was written", id="nothing"),
        pytest.param(
            lambda x: [x[0], x[1].replace(b"tried", b"tires"), *x[2:]],
            "event 1: what it says was changed",
            id="a word",
        ),
        pytest.param(lambda x: [x[0], b"{}\n", *x[1:]], "line 2 is no event", id="no event"),
        pytest.param(lambda x: [b'{"a":1}\n', *x], "is no exported record of events", id="head"),
    ],
)
def test_what_was_changed_is_told(exported, change, words):
    assert changed(exported, change) == words


def test_a_seal_by_another_key_is_told_with_the_keys(exported, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(Keys(tmp_path / "other").jwks()))
    with pytest.raises(Refused, match="none of the keys given"):
        verify_file(exported, keys=tmp_path / "keys.json")


def test_a_seal_of_other_lines_is_refused(exported):
    seal = signed(b'{"events":3}', new_key(), kind=EVENTS)
    line = b'{"seal":"%s"}\n' % seal.encode()
    message = changed(exported, lambda x: [*x[:-1], line])
    assert message == "its events are not those that its seal signs"


@pytest.mark.usefixtures("exported")
def test_a_part_of_the_record_is_verified_event_by_event(tmp_path):
    part = tmp_path / "part.jsonl"
    rows = Event.objects.filter(link__number=2)
    part.write_bytes(b"".join(event_lines(Installation.at(tmp_path), chained(rows), whole=False)))
    assert verify_file(part).words == "1 events, a part of the record, as it was filtered"
    message = changed(part, lambda x: [x[0], x[1].replace(b"tried", b"tires"), x[2]])
    assert message == "event 2: what it says was changed"


def test_an_export_over_a_file_that_is_there_is_refused(exported, tmp_path):
    with pytest.raises(Refused, match="is there already"):
        export_events(Installation.at(tmp_path), exported)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="no such file"):
        verify_file(tmp_path / "none")

"""From a file that staff send to a batch of the ledger and back, with the real worker."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from django.db import connection

from assay.core.issues import Issue, Refused
from assay.gateways.installation import Installation
from assay.jobs.imports.catch_up_imports import catch_up_imports, sweep_broken_off
from assay.jobs.imports.commit_upload import ask_commit
from assay.jobs.imports.drop_upload import drop_upload
from assay.jobs.imports.import_reports import import_report
from assay.jobs.imports.preview_upload import read_again
from assay.jobs.imports.receive_upload import Said, harmless, receive_upload
from assay.jobs.imports.undo_import import ask_undo
from assay.jobs.imports.uploads import ledger, order_of, path_of, sent_of, turn, with_room
from assay.store.models import Event, Person, Upload
from assay.tables.duck import AMPLE, NARROW, room
from tests.ledger.sales import prices
from tests.worker import work

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
SAID = Said(source="marketplace", partner_key="p1")
HEADER = "transactionLineItemId,addonKey,saleDate,hosting,purchasePrice,vendorAmount,extra\n"
JANUARY = HEADER + "a,app,2025-01-02,Cloud,1.00,0.80,x\nb,app,2025-01-03,Cloud,2.50,1.60,x\n"
FEBRUARY = (
    HEADER + "b,app,2025-01-03,Cloud,5.00,1.60,x\n"  # changed
    "a,app,2025-01-02,Cloud,1.00,0.80,x\n"  # the same
    "c,app,2025-02-03,Server,7.00,5.60,x\n"  # new
    "d,app,03/02/2025,Server,8.00,5.60,x\n"  # refused
    "e,app,04/02/2025,Server,8.00,5.60,x\n"
    "f,app,2025-02-05,Toaster,8.00,5.60,x\n"
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path / "installation")


@pytest.fixture
def ann():
    return Person.objects.create_user(
        "ann@demo.example", joined_at=AT, staff_role="program_manager"
    )


@pytest.fixture
def send(tmp_path, ann):
    """Send a file as staff do, and let the worker read it."""

    def send_it(content, *, name="report.csv", said=SAID, read=True):
        path = tmp_path / "sent"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        upload = receive_upload(path, name, said, by=ann, at=AT)
        if read:
            work()
            upload.refresh_from_db()
        return upload

    return send_it


def counts(upload):
    return (upload.rows, upload.new, upload.same, upload.restated, upload.refused)


@pytest.fixture
def commit(ann):
    def commit_it(upload):
        ask_commit(upload.pk, by=ann, at=AT)
        work()
        upload.refresh_from_db()
        return upload

    return commit_it


@pytest.fixture
def undo(ann):
    def undo_it(upload):
        ask_undo(upload.pk, "it was the wrong month", by=ann, at=AT)
        work()
        upload.refresh_from_db()
        return upload

    return undo_it


def test_a_preview_tells_what_would_become_of_every_row_and_changes_nothing(send, commit):
    commit(send(JANUARY))
    upload = send(FEBRUARY)
    assert (upload.state, upload.kind) == ("ready", "transactions report")
    assert counts(upload) == (6, 1, 1, 1, 3)
    assert prices(ledger()) == {"a": 100, "b": 250}
    assert upload.preview["unused"] == ["extra"]
    assert {"column": "saleDate", "read_as": "sale_date"} in upload.preview["columns"]


def test_a_preview_shows_changed_rows_old_beside_new(send, commit):
    commit(send(JANUARY))
    upload = send(FEBRUARY)
    assert upload.preview["changed"] == [
        {
            "table": "transactions",
            "row": 1,
            "key": ["b"],
            "cells": [{"column": "purchase_price", "old": "2.50", "new": "5.00"}],
        }
    ]


def test_refused_rows_are_grouped_by_cause(send):
    upload = send(FEBRUARY)
    told = [(c["column"], c["rows"], c["message"]) for c in upload.preview["causes"]]
    assert told == [
        ("saleDate", 2, "is not a date of the form YYYY-MM-DD"),
        ("hosting", 1, "is not a known hosting"),
    ]
    assert upload.preview["causes"][1]["first"] == [
        {
            "file": "report.csv",
            "row": 6,
            "column": "hosting",
            "value": "Toaster",
            "message": "is not a known hosting",
            "hint": "write one of cloud, data_center, server",
        }
    ]


def test_an_import_does_what_the_preview_said(send, commit):
    commit(send(JANUARY))
    previewed = send(FEBRUARY)
    before = counts(previewed)
    upload = commit(previewed)
    assert (upload.state, upload.batch) == ("done", 2)
    assert counts(upload) == before
    assert (upload.report["moved"], upload.report["differs"]) == (False, False)
    assert prices(ledger()) == {"a": 100, "b": 500, "c": 700}
    assert ledger().batch(2).reference == f"upload:{upload.pk}"


def test_refused_rows_are_mended_and_sent_again(send, commit):
    upload = commit(send(FEBRUARY))
    mended = path_of(upload.rejected_file).read_text(encoding="utf-8")
    mended = mended.replace("03/02/2025", "2025-02-03").replace("04/02/2025", "2025-02-04")
    again = commit(send(mended.replace("Toaster", "Cloud"), name="mended.csv"))
    assert counts(again) == (3, 3, 0, 0, 0)
    assert again.preview["unused"] == ["extra"]
    assert sorted(prices(ledger())) == ["a", "b", "c", "d", "e", "f"]


def test_a_ledger_that_moved_on_since_the_preview_is_told(send, commit):
    upload = send(FEBRUARY)
    assert counts(upload) == (6, 3, 0, 0, 3)
    commit(send(JANUARY, name="other.csv"))
    commit(upload)
    assert counts(upload) == (6, 1, 1, 1, 3)
    assert (upload.report["moved"], upload.report["differs"]) == (True, True)
    assert upload.report["previewed"]["new"] == 3


def test_the_same_file_twice_is_held_once(send, commit):
    commit(send(JANUARY))
    upload = send(JANUARY, name="copy.csv")
    assert (upload.state, upload.preview["again"]) == ("ready", 1)
    commit(upload)
    assert (upload.state, upload.batch, upload.report["ours"]) == ("done", 1, False)
    assert len(ledger().batches()) == 1


def test_two_who_press_at_once_import_once(send, ann):
    upload = send(JANUARY)
    ask_commit(upload.pk, by=ann, at=AT)
    with pytest.raises(Refused, match="somebody was first"):
        ask_commit(upload.pk, by=ann, at=AT)
    work()
    assert len(ledger().batches()) == 1
    assert Event.objects.filter(act="import_done").count() == 1


def test_an_undone_import_leaves_the_ledger_as_it_was(send, commit, undo):
    commit(send(JANUARY))
    before = ledger().facts().digest
    upload = undo(commit(send(FEBRUARY)))
    assert (upload.state, upload.undo_batch) == ("undone", 3)
    assert upload.undo_report == {"withdrawn": 1, "restored": 1, "left": 0, "facts": 2}
    assert prices(ledger()) == {"a": 100, "b": 250}
    assert ledger().facts().digest == before


def test_an_import_is_undone_once(send, commit, ann):
    upload = commit(send(JANUARY))
    ask_undo(upload.pk, "wrong", by=ann, at=AT)
    with pytest.raises(Refused, match="cannot be undone"):
        ask_undo(upload.pk, "wrong", by=ann, at=AT)
    work()
    assert len(ledger().batches()) == 2


def test_a_file_that_added_no_batch_cannot_be_undone(send, commit, ann):
    commit(send(JANUARY))
    copy = commit(send(JANUARY, name="copy.csv"))
    with pytest.raises(Refused, match="no batch of its own"):
        ask_undo(copy.pk, "wrong", by=ann, at=AT)
    copy.refresh_from_db()
    assert copy.state == "done"


def test_a_file_of_the_wrong_kind_is_refused_with_the_reason(send):
    upload = send("Call me Ishmael.\n", name="novel.txt")
    assert upload.state == "refused"
    assert [one["message"] for one in upload.trouble] == [
        "is not a report Assay knows: no table of facts has its key among the columns"
    ]


def test_a_file_without_a_good_row_cannot_be_imported(send, ann):
    upload = send(HEADER + "d,app,03/02/2025,Server,8.00,5.60,x\n")
    assert (upload.state, counts(upload)) == ("refused", (1, 0, 0, 0, 1))
    with pytest.raises(Refused):
        ask_commit(upload.pk, by=ann, at=AT)


def test_a_refused_report_is_read_again_with_what_was_missing(send, ann):
    upload = send(JANUARY, said=Said(source="marketplace"))
    assert (upload.state, upload.refused) == ("refused", 2)
    read_again(upload.pk, SAID, by=ann, at=AT)
    work()
    upload.refresh_from_db()
    assert (upload.state, counts(upload)) == ("ready", (2, 2, 0, 0, 0))


def test_the_day_that_is_said_reaches_the_reader(send):
    said = replace(SAID, as_of=date(2025, 2, 1))
    assert order_of(send(JANUARY, said=said)).as_of == date(2025, 2, 1)


def test_a_dropped_file_is_gone_and_cannot_be_imported(send, ann):
    upload = send(FEBRUARY)
    drop_upload(upload.pk, by=ann, at=AT)
    assert not path_of(upload.file).exists()
    assert not path_of(upload.rejected_file).exists()
    with pytest.raises(Refused):
        ask_commit(upload.pk, by=ann, at=AT)


def test_a_file_dropped_before_it_was_read_stays_dropped(send, ann):
    upload = send(JANUARY, read=False)
    drop_upload(upload.pk, by=ann, at=AT)
    work()
    upload.refresh_from_db()
    assert upload.state == "dropped"


def test_what_the_queue_lost_is_asked_for_again(send):
    upload = send(JANUARY, read=False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert catch_up_imports(at=AT + timedelta(minutes=1)) == 0
    assert catch_up_imports(at=AT + timedelta(minutes=6)) == 1
    work()
    upload.refresh_from_db()
    assert upload.state == "ready"


def test_a_step_that_was_begun_five_times_is_given_up(send):
    upload = send(JANUARY, read=False)
    Upload.objects.filter(pk=upload.pk).update(attempts=5)
    catch_up_imports(at=AT + timedelta(minutes=1))
    upload.refresh_from_db()
    assert upload.state == "refused"
    assert upload.trouble[0]["message"] == "This was begun 5 times and never ended."


def test_what_little_memory_does_not_hold_is_done_again_in_more(send):
    upload = send(JANUARY, read=False)
    rooms = []

    def act():
        rooms.append(room())
        if room() == NARROW:
            raise Refused(Issue(file="x", message="y")) from duckdb.OutOfMemoryException("z")
        return "done"

    assert with_room(upload, act) == "done"
    assert rooms == [NARROW, AMPLE]


def test_what_a_broken_off_sending_left_is_swept_after_a_day(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    for name in ("old.upload.csv", "new.upload.csv"):
        (tmp_path / name).touch()
    os.utime(tmp_path / "old.upload.csv", (0, 0))
    assert sweep_broken_off(at=datetime.now(UTC)) == 1  # noqa: TID251 - the disk's clock
    assert [file.name for file in tmp_path.iterdir()] == ["new.upload.csv"]


def test_what_was_appended_before_the_worker_died_is_told_as_it_was(send, ann):
    upload = send(FEBRUARY)
    ask_commit(upload.pk, by=ann, at=AT)
    upload.refresh_from_db()
    import_report(ledger(), sent_of(upload), order_of(upload), imported_at=AT)
    work()
    upload.refresh_from_db()
    assert (upload.state, upload.batch, counts(upload)) == ("done", 1, (6, 3, 0, 0, 3))
    assert len(ledger().batches()) == 1


def test_events_say_who_did_what(send, commit, undo, ann):
    upload = undo(commit(send(JANUARY)))
    told = Event.objects.filter(target=f"upload:{upload.pk}").order_by("pk")
    assert [(event.act, event.by) for event in told] == [
        ("upload_received", ann),
        ("import_asked", ann),
        ("import_done", None),
        ("undo_asked", ann),
        ("import_undone", None),
    ]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\reports\\june.csv", "june.csv"),
        ("umsätze júní 売上.csv", "umsätze júní 売上.csv"),
        ("ju\0ne\n\u202efdp.csv", "junefdp.csv"),
        ("\ud800.csv", ".csv"),
        ("   ", "file"),
        ("x" * 300 + ".csv", "x" * 59 + "…" + "x" * 56 + ".csv"),
    ],
)
def test_a_hostile_name_is_made_harmless(name, kept):
    assert harmless(name) == kept


def test_a_file_whose_turn_another_worker_has_is_left_alone(send):
    upload = send(JANUARY, read=False)
    with turn(upload.pk, Upload.State.READING, at=AT) as mine:
        assert mine == upload
        assert mine.attempts == 1

"""Files whose row was never kept are removed; those that a row names stay."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from assay.gateways.installation import Installation
from assay.jobs.content.attach import add_file, attachments
from assay.jobs.content.sweep_files import sweep_files
from assay.jobs.escalations.write_escalation import answer_escalation
from assay.store.models import App, EvidenceFile, Person
from tests.jobs.escalations import MONDAY, acme, note, opened
from tests.posts import make_person, posted

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 8, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)


def files():
    return {one.name for one in attachments().folder.iterdir()}


def age(moment):
    for one in attachments().folder.iterdir():
        os.utime(one, (moment.timestamp(), moment.timestamp()))


def app_of(partner, key):
    return App.objects.create(
        partner=partner, key=key, slug=key, name=key, created_at=NOW, changed_at=NOW
    )


def applied(app):
    """Show evidence for an app, as an application in a transaction does."""
    made = app.enrolments.create(program="x", state="applied", made_at=NOW, changed_at=NOW)
    kept = attachments().keep(io.BytesIO(b"%PDF-1.7"), "answers.pdf", column="answers")
    row = EvidenceFile(enrolment=made, asked="answers", **vars(kept), at=NOW)
    row.save()
    return row.file


def applied_in_vain(app):
    with transaction.atomic():
        applied(app)
        raise IntegrityError


def test_a_file_whose_transaction_was_rolled_back_goes_after_a_day_and_others_stay():
    of, sam = acme(), make_person("Sam")
    post = add_file(posted().pk, io.BytesIO(b"x"), name="a.txt", title="", by=sam, at=NOW)
    support = Person.objects.get(email="support@acme.example")
    answer_escalation(opened().pk, "Here.", by=support, files=[note()], at=MONDAY)
    shown = applied(app_of(of, "a"))
    with pytest.raises(IntegrityError):
        applied_in_vain(app_of(of, "b"))
    (attachments().folder / f"{'0' * 32}.attached.new").write_bytes(b"half")
    (attachments().folder / "logo.png").write_bytes(b"of somebody else")
    assert len(files()) == 6
    age(NOW - DAY + timedelta(seconds=1))
    assert sweep_files(at=NOW) == 0
    age(NOW - DAY - timedelta(seconds=1))
    assert [sweep_files(at=NOW), sweep_files(at=NOW)] == [2, 0]
    assert {post.file, shown, "logo.png"} < files()
    assert len(files()) == 4


def test_where_nothing_was_ever_attached_there_is_nothing_to_do():
    assert sweep_files(at=NOW) == 0

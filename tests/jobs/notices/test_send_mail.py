"""The outbox against a real mail server: never twice, never lost."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction

from assay.core.issues import Refused
from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.notices.send_mail import resend_mail, send_due_mail, send_mail
from assay.store.models import Event, Mail, Person
from tests.mail_sink import Sink
from tests.worker import work

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def minutes(number):
    return AT + timedelta(minutes=number)


@pytest.fixture
def sink(settings):
    with Sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def mail():
    return queue_mail(
        to="ann@acme.example",
        subject="You hold Gold\nnow",
        text="Gold.\n.\nSince today.",
        html="<p>Gold.</p>",
        at=AT,
    )


def state(mail):
    mail.refresh_from_db()
    return mail.state


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, (args->>'mail')::int FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_a_mail_is_sent_once_under_the_id_it_was_given(mail, sink):
    assert send_mail(mail.pk, at=AT) == Mail.State.SENT
    assert send_mail(mail.pk, at=AT) is None
    assert send_due_mail(at=AT) == 0
    (letter,) = sink.letters
    assert (letter["Message-ID"], letter["To"], letter["Subject"]) == (
        mail.message_id,
        "ann@acme.example",
        "You hold Gold now",
    )
    plain, html = letter.get_payload()
    assert plain.get_content().splitlines() == ["Gold.", ".", "Since today."]
    assert html.get_content() == "<p>Gold.</p>"
    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts, mail.error) == (AT, 1, "")


@pytest.mark.django_db(transaction=True)
def test_a_mail_and_its_job_are_gone_with_the_transaction_of_their_cause():
    before = jobs()
    with transaction.atomic():
        queue_mail(to="a@b.example", subject="S", text="T", at=AT)
        assert len(jobs()) == len(before) + 1
        transaction.set_rollback(True)
    assert (Mail.objects.count(), jobs()) == (0, before)


def test_the_worker_is_asked_for_each_mail_by_name(mail):
    assert jobs()[-1] == ("send_mail", mail.pk)


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_what_was_written(sink):
    mail = queue_mail(to="ann@acme.example", subject="S", text="T", at=AT)
    work()
    assert state(mail) == Mail.State.SENT
    assert [letter["Message-ID"] for letter in sink.letters] == [mail.message_id]


def test_mail_waits_while_the_server_is_gone_and_leaves_when_it_is_back(mail, settings, sink):
    settings.EMAIL_PORT = 1
    assert send_due_mail(at=AT) == 1
    assert state(mail) == Mail.State.WAITING
    assert mail.error == "The mail server could not be reached: Connection refused"
    assert mail.due_at == minutes(1)
    settings.EMAIL_PORT = sink.port
    assert send_due_mail(at=AT) == 0
    assert send_due_mail(at=minutes(1)) == 1
    assert state(mail) == Mail.State.SENT
    assert len(sink.letters) == 1


def test_a_server_that_is_busy_is_asked_again_later_each_time_and_at_last_no_more(mail, sink):
    sink.answer_rcpt = "450 4.2.0 Greylisted, come back later"
    waits, at = [], AT
    while send_mail(mail.pk, at=at) == Mail.State.WAITING:
        mail.refresh_from_db()
        waits.append((mail.due_at - at) // timedelta(minutes=1))
        at = mail.due_at
    assert waits == [1, 5, 15, 60, 240, 720, 1440]
    assert state(mail) == Mail.State.FAILED
    assert mail.error == "The mail server answered 450 4.2.0 Greylisted, come back later"


def test_an_address_that_does_not_exist_fails_at_once_and_says_why(mail, sink):
    sink.answer_rcpt = "550 5.1.1 No such person"
    assert send_mail(mail.pk, at=AT) == Mail.State.FAILED
    assert state(mail) == Mail.State.FAILED
    assert mail.error == "The mail server answered 550 5.1.1 No such person"


def test_a_text_that_the_server_refuses_fails(mail, sink):
    sink.answer_data = "554 5.7.1 Refused as spam"
    assert send_mail(mail.pk, at=AT) == Mail.State.FAILED
    assert state(mail) == Mail.State.FAILED
    assert mail.error == "The mail server answered 554 5.7.1 Refused as spam"


def test_an_answer_that_never_comes_leaves_it_open_and_nothing_is_sent_again(mail, sink):
    sink.hang_up_after_data = True
    assert send_mail(mail.pk, at=AT) == Mail.State.UNSURE
    assert send_due_mail(at=minutes(10_000)) == 0
    assert len(sink.letters) == 1


def test_a_person_sends_again_what_may_have_been_sent_under_the_same_id(mail, sink):
    sink.hang_up_after_data = True
    send_mail(mail.pk, at=AT)
    sink.hang_up_after_data = False
    staff = Person.objects.create_user("s@demo.example", joined_at=AT, staff_role="support")
    resend_mail(mail.pk, by=staff, at=minutes(5))
    assert send_mail(mail.pk, at=minutes(5)) == Mail.State.SENT
    assert [letter["Message-ID"] for letter in sink.letters] == [mail.message_id] * 2
    event = Event.objects.get(act="mail_resent")
    assert (event.target, event.details["was"]) == (f"mail:{mail.pk}", "unsure")


def test_mail_that_was_sent_is_not_sent_again(mail, sink):
    send_mail(mail.pk, at=AT)
    staff = Person.objects.create_user("s@demo.example", joined_at=AT, staff_role="support")
    with pytest.raises(Refused, match="this mail is sent"):
        resend_mail(mail.pk, by=staff, at=AT)
    assert len(sink.letters) == 1


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def test_without_a_server_each_mail_is_a_file(mail, folder):
    assert send_mail(mail.pk, at=AT) == Mail.State.SENT
    (file,) = folder.glob("*.log")
    assert mail.message_id in file.read_text()


@pytest.mark.usefixtures("folder")
def test_on_a_full_disk_mail_waits(mail):
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most[1]))
    try:
        assert send_mail(mail.pk, at=AT) == Mail.State.WAITING
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert state(mail) == Mail.State.WAITING
    assert mail.error == "The mail could not be written: File too large"


def test_an_address_that_would_add_a_header_fails_and_says_so(sink):
    mail = queue_mail(to="ann@acme.example\nBcc: eve@acme.example", subject="S", text="T", at=AT)
    assert send_mail(mail.pk, at=AT) == Mail.State.FAILED
    assert state(mail) == Mail.State.FAILED
    assert mail.error.startswith("This cannot be sent as a mail: ")
    assert sink.letters == []


def test_a_server_that_hangs_up_before_the_text_is_asked_again(mail, sink):
    sink.answer_rcpt = "421 4.3.2 Going down"
    assert send_mail(mail.pk, at=AT) == Mail.State.WAITING


# A sender that is killed. The server kills it: at its QUIT, after it was told that the mail is
# taken and before it wrote that down; with the text in hand, before any answer; or before it.

SEND = """
import django, sys; django.setup()
from datetime import UTC, datetime
from assay.jobs.notices.send_mail import send_mail
print("sending", flush=True)
send_mail(int(sys.argv[1]), at=datetime(2026, 7, 1, 9, tzinfo=UTC))
"""


def sender(mail, port):
    where = connection.get_connection_params()
    query = urlencode({name: where[name] for name in ("host", "port") if name in where})
    return subprocess.Popen(
        [sys.executable, "-c", SEND, str(mail.pk)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "assay.site.settings",
            "DATABASE_URL": f"postgresql://{where['user']}:@/{where['dbname']}?{query}",
            "ASSAY_MAIL_URL": f"smtp://127.0.0.1:{port}",
        },
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("point", "taken"), [("taken", 1), ("in_hand", 1), ("addressed", 0)])
def test_a_sender_killed_in_the_middle_leaves_a_mail_that_may_have_been_sent(point, taken):
    mail = queue_mail(to="ann@acme.example", subject="S", text="T", at=AT)
    with Sink() as sink:
        sink.kill_at = point
        process = sender(mail, sink.port)
        sink.prey.put(process.pid)
        assert process.wait(timeout=60) == -signal.SIGKILL
        assert state(mail) == Mail.State.SENDING
        assert len(sink.letters) == taken
        assert send_due_mail(at=minutes(14)) == 0
        assert state(mail) == Mail.State.SENDING
        assert send_due_mail(at=minutes(15)) == 0
        assert state(mail) == Mail.State.UNSURE
        assert len(sink.letters) == taken
    assert mail.error == (
        "The sender stopped after it had begun; the mail server may have taken the mail."
    )


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_one_mail():
    mail = queue_mail(to="ann@acme.example", subject="S", text="T", at=AT)
    with Sink() as sink:
        both = [sender(mail, sink.port), sender(mail, sink.port)]
        assert [process.wait(timeout=60) for process in both] == [0, 0]
        assert len(sink.letters) == 1
    assert state(mail) == Mail.State.SENT

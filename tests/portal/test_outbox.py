"""The outbox: what failed and why, sent again by those who may; letters of accounts stay shut."""

from __future__ import annotations

import pytest

from assay.core.notices.people import MEMBER_JOINED
from assay.core.rights import Role
from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.notices.tell import tell
from assay.store.models import (
    Mail,
    Membership,
    Notice,
    Person,
)
from tests.portal.test_staff import AT, page, partner, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed():
    acme = partner("P1", "Acme Demo", country="DE", state="active")
    owner = Person.objects.create_user("ann@acme.example", joined_at=AT)
    Membership.objects.create(partner=acme, person=owner, role=Role.OWNER, since=AT)
    tell(MEMBER_JOINED, occasion="1", subject="Bob joined", body="Bob did.", at=AT, partner=acme)
    Mail.objects.update(state="failed", error="The mail server answered 550 no such person")
    return Mail.objects.get()


def test_the_outbox_says_what_failed_and_why_and_lets_it_go_again(client, failed):
    sign_in(client, "support")
    shown = page(client, "/staff/outbox/?state=stuck")
    assert "The mail server answered 550 no such person" in shown
    assert "One mail could not be delivered." in shown
    assert "Nothing passes these filters" in page(client, "/staff/outbox/?state=sent")
    one = page(client, f"/staff/outbox/{failed.pk}/")
    assert "Bob did." in one
    assert "Send again" in one
    client.post(f"/staff/outbox/{failed.pk}/again/")
    failed.refresh_from_db()
    assert failed.state == Mail.State.WAITING
    assert "sent the mail “Bob joined” to ann@acme.example again" in page(
        client, f"/staff/outbox/{failed.pk}/"
    )
    answer = client.post(f"/staff/outbox/{failed.pk}/again/", follow=True)
    assert "this mail is waiting" in answer.content.decode()


def rows(answer):
    return b"".join(answer.streaming_content).decode().splitlines()


@pytest.mark.usefixtures("failed")
def test_mails_and_notices_are_downloaded_as_they_are(client):
    sign_in(client, "auditor")
    assert rows(client.get("/staff/outbox/?download=csv&q=bob")) == [
        "Mail,To,State,Why,Tries,Written,Sent",
        (
            "Bob joined,ann@acme.example,Failed,The mail server answered 550 no such person,0,"
            "2026-07-10T09:00:00+00:00,"
        ),
    ]
    Notice.objects.update(read_at=AT)
    assert rows(client.get("/staff/partners/p1/notices/?download=csv")) == [
        "Notice,About,Told to,Told,Mail,Read",
        (
            "Bob joined,People,ann@acme.example,2026-07-10T09:00:00+00:00,Failed,"
            "2026-07-10T09:00:00+00:00"
        ),
    ]
    assert "10 Jul 2026, 09:00" in page(client, "/staff/partners/p1/notices/")


def test_a_mail_that_does_not_exist_is_not_sent_again(client):
    sign_in(client, "support")
    assert client.post("/staff/outbox/77/again/").status_code == 404


def test_who_may_not_resend_is_told_who_may(client, failed):
    sign_in(client, "auditor")
    assert "Program managers and support may send it again." in page(
        client, f"/staff/outbox/{failed.pk}/"
    )
    assert client.post(f"/staff/outbox/{failed.pk}/again/").status_code == 403


def test_the_text_of_a_mail_about_an_account_is_shown_to_nobody(client):
    mail = queue_mail(to="a@b.example", subject="Reset", text="https://x/secret", at=AT)
    sign_in(client, "administrator")
    shown = page(client, f"/staff/outbox/{mail.pk}/")
    assert "secret" not in shown
    assert "its text is shown to nobody but its reader" in shown

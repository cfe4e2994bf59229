"""Mail that opens escalations, and mail that must not."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from allauth.account.models import EmailAddress

from assay.core.issues import Refused
from assay.jobs.escalations.receive_mail import receive_mail
from assay.store.models import Escalation, EscalationFile, Event
from tests.jobs.escalations import FRIDAY, acme, staff

pytestmark = pytest.mark.django_db
SECRET = "4f9a1c7e20b85d36"  # noqa: S105 - made up
TEXT = "Customer: Example Corp\nSeverity: High\n\nSince noon.\nNobody can sign in.\n"


def mail(**headers):
    message = EmailMessage()
    told = {
        "From": "Opener <opener@staff.example>",
        "To": f"escalations+{SECRET}@program.example",
        "Subject": "[acme] Login fails",
        "Message-ID": "<1@staff.example>",
    }
    for name, value in {**told, **headers}.items():
        if value is not None:
            message[name.replace("_", "-")] = value
    message.set_content(TEXT)
    return message


def received(message):
    return receive_mail(message.as_bytes(), at=FRIDAY)


def notes():
    return list(Event.objects.filter(act__startswith="mail_").values_list("act", flat=True))


@pytest.fixture(autouse=True)
def _people(db, settings):  # noqa: ARG001 - the tables
    settings.ESCALATION_MAIL_SECRET = SECRET
    acme()
    staff()


def test_a_mail_of_staff_opens_an_escalation():
    message = mail()
    message.add_attachment("log", filename="log.txt")
    made = received(message).escalation
    assert (made.partner.slug, made.subject, made.customer) == (
        "acme",
        "Login fails",
        "Example Corp",
    )
    assert (made.severity, made.source, made.opened_by.email) == (
        "high",
        "mail",
        "opener@staff.example",
    )
    assert made.turns.get().text == "Since noon.\nNobody can sign in."
    assert EscalationFile.objects.get().name == "log.txt"


def test_the_partner_may_stand_in_the_address():
    address = f"Desk <Escalations+{SECRET.upper()}+acme@program.example>"
    message = mail(To=address, Subject="Login fails")
    assert received(message).escalation.partner.slug == "acme"


@pytest.mark.parametrize(
    "to",
    [
        f"escalations+{SECRET}@program.example, , ,",
        f'"Doe, Jane" <jane@staff.example>, escalations+{SECRET}@program.example',
        f"Team: escalations+{SECRET}@program.example;",
    ],
)
def test_the_address_is_found_among_others(to):
    assert received(mail(To=to)).escalation.partner.slug == "acme"


def test_the_address_is_found_in_the_copy_and_in_what_servers_note():
    address = f"escalations+{SECRET}@program.example"
    for header in ("Cc", "Delivered-To", "X-Original-To"):
        told = {"To": "jane@staff.example", "Message-ID": f"<{header}@staff.example>"}
        assert received(mail(**told, **{header: address})).escalation is not None
    assert Escalation.objects.count() == 3


def test_a_header_that_is_malformed_spoils_no_other():
    message = mail(To=None, Cc=None)
    raw = message.as_bytes().replace(
        b"Subject:",
        b"To: (((jane@staff.example <jane@staff.example\n"
        b"Delivered-To: jane@staff.example\n"
        b"Delivered-To: escalations+" + SECRET.encode() + b"@program.example\nSubject:",
        1,
    )
    assert receive_mail(raw, at=FRIDAY).escalation.partner.slug == "acme"


@pytest.mark.parametrize("secret", ["", "0" * 16, SECRET[:-1], f"{SECRET}0", "é" * 16])
def test_a_forged_sender_without_the_secret_opens_nothing(secret):
    for address in ("escalations@p.example", f"escalations+{secret}@p.example", "a@p.example"):
        with pytest.raises(Refused, match="is not sent to the address that opens escalations"):
            received(mail(To=address))
    assert notes() == ["mail_refused"] * 3
    assert not Escalation.objects.exists()


@pytest.mark.parametrize("secret", ["", "short"])
def test_without_a_secret_of_the_installation_none_is_taken_by_mail(settings, secret):
    settings.ESCALATION_MAIL_SECRET = secret
    for address in ("escalations@p.example", f"escalations+{secret}@p.example"):
        with pytest.raises(Refused, match="takes no escalations by mail"):
            received(mail(To=address))


def test_the_same_mail_twice_opens_one():
    first, again = received(mail()), received(mail())
    assert first.escalation == again.escalation
    assert Escalation.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<all.staff.example>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_machine_sent_by_itself_is_dropped_with_a_note(headers):
    told = received(mail(**headers))
    assert told.escalation is None
    assert told.dropped
    assert notes() == ["mail_dropped"]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"From": "stranger@else.example"}, "is not from somebody who may open"),
        ({"From": "owner@acme.example"}, "is not from somebody who may open"),
        ({"From": None}, "has no sender"),
        ({"Subject": "Login fails"}, "names no partner"),
        ({"Subject": "[nobody] Login fails"}, "is not known"),
        ({"Subject": "[acme]"}, "is empty"),
    ],
)
def test_what_opens_nothing_is_refused_with_a_note(headers, words):
    with pytest.raises(Refused, match=words):
        received(mail(**headers))
    assert notes() == ["mail_refused"]
    assert not Escalation.objects.exists()


def test_an_address_that_is_not_confirmed_opens_nothing():
    EmailAddress.objects.filter(email="opener@staff.example").update(verified=False)
    with pytest.raises(Refused, match="is not from somebody"):
        received(mail())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff",
        b"From: opener@staff.example\n\n",
        b"x" * 1000,
        b"From: =?utf-8?b?!!?=\n\nx",
    ],
)
def test_garbage_is_refused(raw):
    with pytest.raises(Refused):
        receive_mail(raw, at=FRIDAY)


def test_without_plain_text_it_is_refused():
    message = mail()
    message.set_content("<p>x</p>", subtype="html")
    with pytest.raises(Refused, match="no plain text"):
        received(message)

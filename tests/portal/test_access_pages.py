"""Pages of access: asking, following by the link, the queue, the operator's domains."""

from __future__ import annotations

import pytest
from django.test import Client

from assay.portal.access import BOTH_FACTORS
from assay.store.models import AccessRequest, Event, Mail, MailDomain
from tests.access import ASKER, active, paid_app, secret_in
from tests.people import account, newest_mail, partner

pytestmark = pytest.mark.django_db
FORM = {"name": "Ann", "email": ASKER, "partner": "Acme", "app": "", "why": "I make the app."}


@pytest.fixture(autouse=True)
def _acme():
    paid_app(active(partner("acme", olga="owner")))


def staff(role):
    made = account(f"{role}@platform.example", staff_role=role)
    client = Client()
    client.force_login(made)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return client


@pytest.fixture
def support():
    return staff("support")


def check(client, **cells):
    page = client.post("/access/check/", {**FORM, **cells}, headers={"HX-Request": "true"})
    return page.content.decode()


def asked(client, **cells):
    return client.post("/access/", {**FORM, **cells})


def ticket(client):
    asked(client)
    secret = secret_in(newest_mail())
    client.post(f"/access/{secret}/", {"act": "confirm"})
    return secret, AccessRequest.objects.get().pk


def test_the_form_is_linked_from_the_first_steps_and_from_signing_in(client):
    for page in ("/start/", "/sign-in/"):
        assert b'href="/access/"' in client.get(page).content


def test_the_conditions_are_told_while_the_form_is_filled_in(client):
    page = check(client, email="ann@gmail.com", partner="")
    assert "This address will not do" in page
    assert "gmail.com is a public mail domain" in page
    assert "Use the address that your employer gave you" in page
    page = check(client)
    assert "Your address will do" in page
    assert "Acme has an app that is paid via the platform" in page
    assert "<form" not in page


def test_the_check_is_for_scripts_alone(client):
    assert client.post("/access/check/", FORM)["Location"] == "/access/"


def test_without_a_script_the_same_is_told_when_the_form_is_sent(client):
    page = asked(client, email="ann@gmail.com")
    assert page.status_code == 422
    assert b"This address will not do" in page.content
    assert b"has an app that is paid via the platform" in page.content
    assert not Mail.objects.exists()


@pytest.mark.parametrize("field", ["name", "email", "partner", "why"])
def test_what_is_needed_is_asked_for(client, field):
    assert asked(client, **{field: ""}).status_code == 422
    assert not Mail.objects.exists()


@pytest.mark.parametrize("text", ["\x00", "x" * 5000, "<script>", "a\nb", "😀" * 80])
@pytest.mark.parametrize("field", ["name", "email", "partner", "app", "why", "chosen"])
def test_no_text_breaks_the_form(client, field, text):
    assert asked(client, **{field: text}).status_code in (302, 422)
    assert "checks" in check(client, **{field: text})


def test_of_two_that_may_be_meant_one_is_chosen_without_a_script(client):
    paid_app(active(partner("acmeworks")))
    page = asked(client, partner="acm")
    assert page.status_code == 422
    assert b'name="chosen" id="chosen-acmeworks"' in page.content
    assert asked(client, partner="acm", chosen="acmeworks")["Location"] == "/access/sent/"
    assert AccessRequest.objects.get().partner.slug == "acmeworks"


def test_who_asks_is_answered_the_same_whatever_the_address_asked_before(client):
    answers = [asked(client), asked(client)]
    assert [answer["Location"] for answer in answers] == ["/access/sent/"] * 2
    assert AccessRequest.objects.get().times_asked == 2


def test_an_address_is_written_to_three_times_a_day_from_wherever_it_is_asked(client):
    got = [
        client.post("/access/", FORM, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(5)
    ]
    assert got == [302, 302, 302, 429, 429]
    assert Mail.objects.filter(to=ASKER).count() == 3


def test_a_client_asks_for_twenty_addresses_an_hour():
    got = [asked(Client(), email=f"a{number}@acme-tools.com").status_code for number in range(22)]
    assert got == [302] * 20 + [429] * 2


def test_the_link_shows_the_request_and_confirming_takes_a_click(client):
    asked(client)
    secret = secret_in(newest_mail())
    page = client.get(f"/access/{secret}/")
    assert b"Yes, I ask for this" in page.content
    assert AccessRequest.objects.get().state == "unconfirmed"
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    client.post(f"/access/{secret}/", {"act": "confirm"})
    assert b"with the support team" in client.get(f"/access/{secret}/").content
    assert Client().get("/access/of-nobody/").status_code == 410


def test_support_ask_back_the_asker_answers_and_support_grant(client, support):
    secret, number = ticket(client)
    assert ASKER in support.get("/staff/access/").content.decode()
    support.post(f"/staff/access/{number}/ask-back/", {"words": "Which app?", "role": "viewer"})
    page = client.get(f"/access/{secret}/").content.decode()
    assert "Which app?" in page
    assert "support@platform.example" not in page  # the team answers, not a person
    assert client.post(f"/access/{secret}/", {"act": "answer", "words": ""}).status_code == 422
    client.post(f"/access/{secret}/", {"act": "answer", "words": "The linker."})
    assert "The linker." in support.get(f"/staff/access/{number}/").content.decode()
    form = {"words": "Known to the owner.", "role": "security"}
    assert support.post(f"/staff/access/{number}/grant/", form)["Location"] == "/staff/access/"
    assert b"Granted." in client.get(f"/access/{secret}/").content
    assert Mail.objects.filter(to=ASKER, subject__startswith="Join Acme").count() == 1


@pytest.mark.parametrize("role", ["finance", "security", "auditor", "administrator"])
def test_who_does_not_decide_reads_the_queue_alone(client, role):
    _, number = ticket(client)
    reader = staff(role)
    page = reader.get(f"/staff/access/{number}/").content.decode()
    assert "Program managers and support decide." in page
    for act in ("grant", "refuse", "ask-back"):
        form = {"words": "W", "role": "viewer"}
        assert reader.post(f"/staff/access/{number}/{act}/", form).status_code == 403
    assert AccessRequest.objects.get().state == "open"


def test_a_request_that_nobody_confirmed_does_not_exist_for_staff(client, support):
    asked(client)
    number = AccessRequest.objects.get().pk
    assert support.get(f"/staff/access/{number}/").status_code == 404
    assert ASKER not in support.get("/staff/access/").content.decode()


def test_a_second_decision_is_refused_beside_the_form(client, support):
    _, number = ticket(client)
    form = {"words": "Nobody knows them.", "role": "viewer"}
    support.post(f"/staff/access/{number}/refuse/", form)
    again = support.post(f"/staff/access/{number}/grant/", form)
    assert again.status_code == 422
    assert AccessRequest.objects.get().state == "refused"


def test_the_queue_is_oldest_first_filtered_and_downloaded(client, support):
    for number in range(3):
        asked(client, email=f"a{number}@acme-tools.com")
        client.post(f"/access/{secret_in(newest_mail())}/", {"act": "confirm"})
    rows = support.get("/staff/access/?state=waiting&download=csv")
    told = b"".join(rows.streaming_content).decode().splitlines()
    assert [line.partition(",")[0] for line in told] == [
        "Asked by",
        *(f"a{number}@acme-tools.com" for number in range(3)),
    ]
    assert b"Nothing passes" in support.get("/staff/access/?state=granted").content


def test_staff_today_tells_of_requests_that_wait(client, support):
    ticket(client)
    assert b"Requests for access" in support.get("/staff/").content


def test_staff_put_domains_on_lists_and_try_addresses(support):
    form = {"domain": "acme-tools.com", "list": "refused", "reason": "A rival"}
    assert support.post("/staff/access/domains/keep/", form)["Location"] == (
        "/staff/access/domains/"
    )
    page = support.get("/staff/access/domains/", {"address": ASKER}).content.decode()
    assert "on the program team&#x27;s list of refused domains" in page
    kept = MailDomain.objects.get()
    support.post(f"/staff/access/domains/{kept.pk}/drop/")
    assert not MailDomain.objects.exists()
    bad = support.post(
        "/staff/access/domains/keep/", {**form, "domain": "co.uk", "list": "allowed"}
    )
    assert bad.status_code == 422
    acts = [event.act for event in Event.objects.filter(act__startswith="domain").order_by("pk")]
    assert acts == ["domain_refused", "domain_dropped"]


def test_what_is_told_says_nothing_of_who_is_in_a_partner(client):
    account("eve@acme-tools.com")
    pages = client.get("/access/").content + check(client).encode() + asked(client).content
    for words in (b"olga", b"owner@", b"eve@"):
        assert words not in pages

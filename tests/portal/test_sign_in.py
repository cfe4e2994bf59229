from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assay.jobs.people.sign_in_links import make_link
from assay.portal.sign_in import SecondFactorAdapter
from assay.store.models import Event, Person
from tests.people import AT, PASSWORD, account, link_in, newest_mail

WRONG = "five words nobody guesses"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return account("ann@acme.example")


def sign_in(client, email="ann@acme.example", password=PASSWORD):
    return client.post("/sign-in/", {"login": email, "password": password})


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_newcomer_signs_up_confirms_the_address_and_is_in(client):
    answer = client.post(
        "/sign-up/",
        {"name": "Bo Demo", "email": "Bo@New.example", "password1": PASSWORD},
    )
    assert answer["Location"] == "/sign-up/sent/"
    mail = newest_mail()
    assert (mail.to, mail.subject) == ("bo@new.example", "Confirm your address")
    confirm = link_in(mail, "sign-up/")
    assert b"Yes, it is mine" in client.get(confirm).content
    assert client.post(confirm)["Location"] == "/sign-in/done/"
    person = Person.objects.get()
    assert (person.name, person.email, person.staff_role) == ("Bo Demo", "bo@new.example", "")
    assert client.get("/account/").status_code == 200


def test_signing_up_goes_on_to_where_the_newcomer_wanted_to_be(client):
    form = {"name": "Bo", "email": "bo@new.example", "password1": PASSWORD, "next": "/rights/"}
    client.post("/sign-up/", form)
    assert client.post(link_in(newest_mail(), "sign-up/"))["Location"] == "/rights/"


def test_an_address_that_is_not_confirmed_does_not_sign_in(client):
    form = {"name": "Bo", "email": "bo@new.example", "password1": PASSWORD}
    client.post("/sign-up/", form)
    client.cookies.clear()
    assert sign_in(client, "bo@new.example")["Location"] == "/sign-up/sent/"
    assert client.get("/account/").status_code == 302


def test_who_signs_up_cannot_make_themselves_staff(client):
    form = {
        "name": "Bo",
        "email": "bo@new.example",
        "password1": PASSWORD,
        "staff_role": "administrator",
        "is_staff": "true",
        "is_active": "false",
        "role": "owner",
    }
    client.post("/sign-up/", form)
    person = Person.objects.get()
    assert (person.staff_role, person.is_staff, person.is_active) == ("", False, True)


def test_signing_up_with_a_known_address_answers_alike_and_makes_nothing(client, ann):
    form = {"name": "Eve", "email": "ann@acme.example", "password1": PASSWORD}
    assert client.post("/sign-up/", form)["Location"] == "/sign-up/sent/"
    assert list(Person.objects.all()) == [ann]
    assert newest_mail().subject == "You have an account already"


@pytest.mark.parametrize("password", ["short", "qwerty123456", "ann@acme.example"])
def test_a_password_that_is_guessed_is_refused(client, password):
    form = {"name": "Ann", "email": "ann@acme.example", "password1": password}
    answer = client.post("/sign-up/", form)
    assert (answer.status_code, Person.objects.count()) == (200, 0)
    assert b"errorlist" in answer.content


def test_a_name_with_a_line_break_is_refused(client):
    form = {"name": "Bo\x07", "email": "bo@new.example", "password1": PASSWORD}
    assert b"control characters" in client.post("/sign-up/", form).content


def test_who_confirms_an_address_gets_it_from_who_never_did(client):
    Person.objects.create_user("ann@acme.example", WRONG, joined_at=AT)
    other = account("ann@home.example")
    sign_in(client, "ann@home.example")
    client.post("/account/addresses/", {"email": "ann@acme.example", "action_add": ""})
    client.post(link_in(newest_mail(), "sign-up/"))
    assert list(Person.objects.all()) == [other]
    client.post("/account/addresses/", {"email": "ann@acme.example", "action_primary": ""})
    other.refresh_from_db()
    assert other.email == "ann@acme.example"


def test_signing_in_is_recorded(client, ann):
    assert sign_in(client)["Location"] == "/sign-in/done/"
    assert [(event.act, event.by) for event in Event.objects.all()] == [("signed_in", ann)]


def test_signing_in_goes_to_no_other_host(client, ann):
    form = {"login": ann.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/sign-in/", form)["Location"] == "/sign-in/done/"


@pytest.mark.parametrize("email", ["ann@acme.example", "nobody@acme.example"])
@pytest.mark.usefixtures("ann")
def test_five_wrong_passwords_are_one_answer_and_the_sixth_is_refused(client, email):
    answers = [sign_in(client, email, WRONG) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert b"do not go together" in answers[4].content
    refused = sign_in(client, email, WRONG)
    assert refused.status_code == 429
    assert b"Too many tries" in refused.content
    assert sign_in(client, email).status_code == 429


def test_a_forgotten_password_is_set_anew_by_mail(client, ann):
    assert client.post("/password/", {"email": ann.email})["Location"] == "/password/sent/"
    link = link_in(newest_mail(), "password/new/")
    form = client.get(link)["Location"]
    assert client.post(form, {"password1": WRONG})["Location"] == "/password/done/"
    assert newest_mail().subject == "Your password was changed"
    assert sign_in(client, password=WRONG)["Location"] == "/sign-in/done/"
    assert b"does not work any more" in client.get(link).content


def test_asking_for_a_password_of_nobody_answers_alike(client):
    answer = client.post("/password/", {"email": "nobody@acme.example"})
    assert answer["Location"] == "/password/sent/"
    assert newest_mail().subject == "There is no account with this address"


def test_links_in_mails_begin_with_the_installation_whatever_the_host(client, ann):
    client.post("/password/", {"email": ann.email}, headers={"host": "localhost"})
    assert f"{settings.BASE_URL}/password/new/" in newest_mail().text


@pytest.mark.usefixtures("ann")
def test_a_changed_password_ends_every_other_session(client):
    other = Client()
    sign_in(other)
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": WRONG}
    assert client.post("/account/password/", form)["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def set_up_app(client):
    page = client.get("/account/security/app/")
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    answer = client.post("/account/security/app/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/security/codes/"
    return secret


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ann")
def test_an_app_is_set_up_and_asked_for_from_then_on(client):
    sign_in(client)
    secret = set_up_app(client)
    assert newest_mail().subject == "An authenticator app was added"
    client.post("/sign-out/")
    assert sign_in(client)["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert b"This code is not right" in wrong.content
    assert client.post("/sign-in/code/", {"code": code_of(secret)})["Location"] == "/sign-in/done/"
    assert client.get("/account/").status_code == 200


def test_a_recovery_code_signs_in_once(client, ann):
    TOTP.activate(ann, "A" * 32)
    code = RecoveryCodes.activate(ann).get_unused_codes()[0]
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": code})["Location"] == "/sign-in/done/"
    client.post("/sign-out/")
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_staff_are_led_through_setting_up_and_back(client):
    account("s@demo.example", staff_role="support")
    sign_in(client, "s@demo.example")
    assert client.get("/staff/people/")["Location"] == "/account/second-factor/"
    assert b"Set up an authenticator app" in client.get("/account/second-factor/").content
    set_up_app(client)
    assert b'href="/account/second-factor/"' in client.get("/account/security/codes/").content
    assert client.get("/account/second-factor/")["Location"] == "/staff/people/"
    assert client.get("/staff/people/").status_code == 200


def test_a_session_that_never_showed_the_factor_does_not_open_staff_pages(client):
    person = account("s@demo.example", staff_role="support")
    client.force_login(person)
    TOTP.activate(person, "A" * 32)
    assert client.get("/staff/")["Location"] == "/account/second-factor/"
    assert b"Show your second factor" in client.get("/account/second-factor/").content


@pytest.mark.django_db(transaction=True)
def test_a_removed_factor_shuts_the_staff_pages(client):
    person = account("s@demo.example", staff_role="support")
    sign_in(client, "s@demo.example")
    set_up_app(client)
    Authenticator.objects.filter(user=person).delete()
    assert client.get("/staff/")["Location"] == "/account/second-factor/"


def test_a_one_time_link_asks_for_the_second_factor_of_who_has_one(client, ann):
    TOTP.activate(ann, "A" * 32)
    link = make_link(ann, base_url="", at=timezone.now())
    assert client.get(link)["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302


def test_a_demo_link_stands_for_both_factors(client):
    person = account("s@demo.example", staff_role="support")
    link = make_link(person, base_url="", at=timezone.now(), both_factors=True)
    assert client.get(link)["Location"] == "/sign-in/done/"
    assert client.get("/staff/people/").status_code == 200


@pytest.mark.usefixtures("ann")
def test_a_sensitive_page_asks_again_after_a_quarter_of_an_hour(client):
    sign_in(client)
    assert client.get("/account/security/app/").status_code == 200
    session = client.session
    session["signed_in_at"] -= 901
    for entry in session["account_authentication_methods"]:
        entry["at"] -= 901
    session.save()
    assert client.get("/account/security/app/")["Location"].startswith("/account/confirm/?next=")
    answer = client.post(
        "/account/confirm/", {"password": PASSWORD, "next": "/account/security/app/"}
    )
    assert answer["Location"] == "/account/security/app/"
    assert client.get("/account/security/app/").status_code == 200


@pytest.mark.usefixtures("ann")
def test_others_passkeys_do_not_exist(client):
    other = account("bo@new.example")
    key = Authenticator.objects.create(
        user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "Bo's", "credential": {}}
    )
    sign_in(client)
    for path in (
        f"/account/security/passkeys/{key.pk}/",
        f"/account/security/passkeys/{key.pk}/remove/",
    ):
        assert client.post(path, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Bo's"


def test_somebody_elses_address_cannot_be_made_first_or_removed(client, ann):
    bo = account("bo@new.example")
    sign_in(client)
    for act in ("action_primary", "action_remove", "action_send"):
        client.post("/account/addresses/", {"email": "bo@new.example", act: ""})
    assert [one.user for one in EmailAddress.objects.filter(email="bo@new.example")] == [bo]
    assert Person.objects.get(pk=ann.pk).email == "ann@acme.example"


@pytest.mark.usefixtures("ann")
def test_other_sessions_are_listed_and_signed_out(client):
    other = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    sign_in(other)
    other.get("/account/")
    sign_in(client)
    client.get("/account/")
    assert b"Firefox 140 on Linux" in client.get("/account/sessions/").content
    client.post("/account/sessions/")
    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_the_link_lives_for_thirty_days(ann, client):
    old = make_link(ann, base_url="", at=timezone.now() - timedelta(days=31))
    assert client.get(old).status_code == 410


@pytest.mark.parametrize("page", ["/sign-in/", "/sign-up/", "/password/", "/rights/"])
def test_a_page_on_the_way_in_has_no_inline_script_or_style(client, page):
    content = client.get(page).content.decode()
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", content) == []
    assert re.findall(r"<[^>]+\sstyle=", content) == []
    assert "on" + "click=" not in content


def test_the_secret_of_a_second_factor_is_sealed_in_the_database():
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"

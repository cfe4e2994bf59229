"""Escalations that machines open."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from assay.jobs.escalations.tokens import make_token, revoke_token
from assay.store.models import ApiToken, Escalation, EscalationFile, Notice
from tests.jobs.escalations import acme, staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
SAID = {
    "partner": "acme",
    "subject": "Login fails",
    "text": "Since noon.\nNobody can sign in.",
    "customer": "Example Corp",
    "severity": "high",
}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def secret():
    acme()
    return make_token("Desk", by=staff(), at=AT)


def post(secret, said=SAID, **headers):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", **headers}
    body = said if isinstance(said, str | bytes) else json.dumps(said)
    client = Client(enforce_csrf_checks=True)
    return client.post("/api/escalations", body, content_type="application/json", **headers)


def errors(answer):
    return [(error["field"], error["message"]) for error in answer.json()["errors"]]


def test_a_token_opens_an_escalation(secret):
    answer = post(secret)
    one = Escalation.objects.get()
    assert answer.status_code == 201
    assert answer.json()["id"] == one.key
    assert answer["Location"] == answer.json()["address"]
    assert answer["Location"].endswith(f"/staff/escalations/{one.pk}/")
    assert "Set-Cookie" not in answer
    assert (one.source, one.severity, one.token.name, one.opened_by) == (
        "api",
        "high",
        "Desk",
        None,
    )
    assert one.turns.get().text == "Since noon.\nNobody can sign in."
    assert Notice.objects.filter(kind="escalation_opened").count() == 2
    assert ApiToken.objects.get().last_used_at is not None


def test_only_the_digest_of_a_token_is_kept(secret):
    token = ApiToken.objects.get()
    assert secret not in (token.digest, token.name)
    assert len(token.digest) == 64


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", "Basic YTpi"])
def test_without_a_token_nothing_is_told(secret, sent):
    answer = post(secret, HTTP_AUTHORIZATION=sent)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert not Escalation.objects.exists()


def test_a_revoked_token_opens_nothing(secret):
    revoke_token(ApiToken.objects.get().pk, by=ApiToken.objects.get().made_by, at=AT)
    assert post(secret).status_code == 401


def test_the_same_key_opens_once_and_never_something_else(secret):
    first, again = (post(secret, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = post(secret, SAID | {"subject": "Other"}, HTTP_IDEMPOTENCY_KEY="one")
    assert other.status_code == 409
    assert errors(other) == [("idempotency_key", "was used for another request")]
    assert Escalation.objects.count() == 1


def test_everything_wrong_is_told_at_once(secret):
    said = {"partner": 7, "subject": " ", "severity": "grave", "colour": "red", "text": "x" * 8001}
    answer = post(secret, said)
    assert answer.status_code == 422
    assert errors(answer) == [
        ("colour", "is not a field of an escalation"),
        ("partner", "is no text"),
        ("subject", "is empty"),
        ("customer", "is missing"),
        ("text", "has 8001 characters, more than 8000"),
        ("severity", "is none of those known"),
    ]
    assert all(error["hint"] for error in answer.json()["errors"])


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"partner": "nobody"}, ("partner", "is not known")),
        ({"app": "com.example.none"}, ("app", "is not an app of this partner")),
        ({"attachments": "x"}, ("attachments", "are not as they should be")),
        ({"attachments": [{"name": "a.txt"}]}, ("attachments", "are not as they should be")),
        (
            {"attachments": [{"name": "a.exe", "content": "AAAA"}]},
            ("attachments", "is of a kind that cannot be attached"),
        ),
    ],
)
def test_what_cannot_be_is_told_by_its_field(secret, change, wrong):
    answer = post(secret, SAID | change)
    assert (answer.status_code, errors(answer)) == (422, [wrong])
    assert not Escalation.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        (b"\xff\xfe", 400),
        ("[" * 100_000, 400),
        ("[]", 422),
        ('"x"', 422),
        (" " * (2 * 1024 * 1024 + 1), 413),
    ],
)
def test_a_body_that_is_none_is_refused(secret, body, status):
    assert post(secret, body).status_code == status


def test_another_kind_of_body_and_another_method_are_refused(secret):
    client, let_in = Client(), {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert client.post("/api/escalations", {"a": "b"}, **let_in).status_code == 415
    answer = client.get("/api/escalations", **let_in)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_what_is_not_shown_is_left_out(secret):
    post(secret, SAID | {"subject": "A\u0000 \u202eB\ud800", "text": "one\r\ntwo\u0000"})
    one = Escalation.objects.get()
    assert (one.subject, one.turns.get().text) == ("A B", "one\ntwo")


def test_a_file_comes_as_base64(secret):
    content = base64.b64encode(b"log").decode()
    post(secret, SAID | {"attachments": [{"name": "a.txt", "content": content}]})
    assert (EscalationFile.objects.get().name, EscalationFile.objects.get().size) == ("a.txt", 3)


def test_too_many_requests_are_told_to_wait(secret):
    answers = [post(secret, "{").status_code for _ in range(61)]
    assert (answers[59], answers[60]) == (400, 429)

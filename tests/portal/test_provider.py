"""Sign-in by an identity provider: a small one that answers on this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from assay.store.models import Person
from tests.people import account

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """Answers what OpenID Connect asks for: where things are, a token, who it is."""

    def do_GET(self):
        self.answer(self.server.person if self.path == "/userinfo" else self.configuration())

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "token", "token_type": "bearer"})

    def configuration(self):
        issuer = self.server.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
        }

    def answer(self, told):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *told):
        """Say nothing."""


@pytest.fixture
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.issuer = f"http://127.0.0.1:{server.server_port}"
    server.person = {
        "sub": "7",
        "email": "ann@acme.example",
        "email_verified": True,
        "name": "Ann Demo",
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": "Sign in with Example",
                    "client_id": "assay",
                    "secret": "secret",
                    "settings": {"server_url": server.issuer},
                }
            ],
        }
    }
    yield server
    server.shutdown()
    server.server_close()


def come_back(client, **told):
    """Go to the provider and come back, as told by it."""
    there = urlsplit(client.get("/sign-in/with/oidc/")["Location"])
    asked = {key: value[0] for key, value in parse_qs(there.query).items()}
    assert there.path == "/authorize"
    assert (asked["client_id"], asked["code_challenge_method"]) == ("assay", "S256")
    body = {"code": "code", "state": asked["state"], **told}
    return client.get("/sign-in/with/oidc/back/", body)


@pytest.mark.usefixtures("provider")
def test_the_button_is_there_where_a_provider_is_set(client):
    page = client.get("/sign-in/").content.decode()
    assert 'href="/sign-in/with/oidc/?process=login"' in page
    assert "Sign in with Example" in page


def test_there_is_no_button_without_a_provider(client):
    assert b"/sign-in/with/" not in client.get("/sign-in/").content
    assert client.get("/sign-in/with/oidc/").status_code == 404


@pytest.mark.usefixtures("provider")
def test_a_newcomer_gets_an_account_whose_address_is_confirmed(client):
    assert come_back(client)["Location"] == "/sign-in/done/"
    person = Person.objects.get()
    assert (person.name, person.email, person.staff_role) == ("Ann Demo", "ann@acme.example", "")
    assert client.get("/account/").status_code == 200


@pytest.mark.usefixtures("provider")
def test_somebody_with_an_account_is_signed_in_to_it(client):
    ann = account("ann@acme.example")
    assert come_back(client)["Location"] == "/sign-in/done/"
    assert list(Person.objects.all()) == [ann]


@pytest.mark.usefixtures("provider")
def test_the_second_factor_is_asked_for_all_the_same(client):
    TOTP.activate(account("ann@acme.example"), "A" * 32)
    assert come_back(client)["Location"] == "/sign-in/code/"


def test_an_address_that_the_provider_did_not_confirm_opens_no_account(client, provider):
    account("ann@acme.example")
    provider.person["email_verified"] = False
    come_back(client)
    assert client.get("/account/").status_code == 302


@pytest.mark.usefixtures("provider")
def test_an_answer_that_nobody_asked_for_signs_nobody_in(client):
    answer = come_back(client, state="another")
    assert answer.status_code == 401
    assert b"did not sign you in" in answer.content
    assert Person.objects.count() == 0

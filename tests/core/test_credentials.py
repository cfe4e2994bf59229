"""What a badge says and how it is signed: Open Badges 3.0, did:web, the published schema."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path

import jsonschema
import pytest

from assay.core.credentials import credential, did_document, did_web, enveloped, key_set
from assay.core.signatures import public_key
from tests.credentials import ATTESTED, ISSUER, KEY, OTHER_KEY, badge

SCHEMA = json.loads(
    Path(__file__)
    .with_name("open_badges")
    .joinpath("ob_v3p0_achievementcredential_schema.json")
    .read_text(encoding="utf-8")
)


def parts(token):
    return [json.loads(urlsafe_b64decode(f"{part}===")) for part in token.split(".")[:2]]


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://market.example", "did:web:market.example"),
        ("https://market.example/", "did:web:market.example"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
        ("https://example.org/partner/program", "did:web:example.org:partner:program"),
        ("https://example.org:8443/a b", "did:web:example.org%3A8443:a%20b"),
    ],
)
def test_the_did_of_an_address(address, did):
    assert did_web(address) == did


def test_the_header_has_what_open_badges_allows_and_nothing_else():
    header, _ = parts(badge())
    assert header == {
        "alg": "EdDSA",
        "kid": f"did:web:market.example#{KEY.thumbprint()}",
        "typ": "JWT",
    }


def test_the_payload_is_the_credential_with_five_claims():
    _, payload = parts(badge())
    claims = {name: payload.pop(name) for name in ("iss", "jti", "sub", "nbf", "exp")}
    assert claims == {
        "iss": "did:web:market.example",
        "jti": "https://market.example/badges/0123456789abcdef/",
        "sub": "https://market.example/partners/acme/",
        "nbf": 1_782_864_000,  # 2026-07-01T00:00:00Z
        "exp": 1_817_078_400,  # 2027-08-01T00:00:00Z
    }
    assert payload == credential(ATTESTED, ISSUER)
    assert "vc" not in payload


def test_the_published_schema_is_one_that_can_be_checked_by():
    jsonschema.Draft201909Validator.check_schema(SCHEMA)


def test_a_badge_passes_the_published_schema_as_document_and_as_payload():
    validator = jsonschema.Draft201909Validator(SCHEMA)
    assert [error.message for error in validator.iter_errors(credential(ATTESTED, ISSUER))] == []
    assert [error.message for error in validator.iter_errors(parts(badge())[1])] == []


@pytest.mark.parametrize("missing", ["issuer", "credentialSubject", "validFrom", "id", "type"])
def test_the_published_schema_refuses_a_badge_that_lacks_something(missing):
    document = credential(ATTESTED, ISSUER)
    del document[missing]
    assert not jsonschema.Draft201909Validator(SCHEMA).is_valid(document)


def test_the_same_badge_is_signed_to_the_same_bytes():
    assert badge() == badge()


def test_keys_and_did_document_name_every_key_and_no_private_half():
    keys = [public_key(KEY), public_key(OTHER_KEY)]
    document, told = did_document(ISSUER, keys), key_set(ISSUER, keys)
    assert document["id"] == told["issuer"] == "did:web:market.example"
    assert [one["id"] for one in document["verificationMethod"]] == document["assertionMethod"]
    named = [{**one["publicKeyJwk"], "kid": one["id"]} for one in document["verificationMethod"]]
    assert named == told["keys"]
    assert told["keys"][0]["kid"] == parts(badge())[0]["kid"]
    assert {name for key in told["keys"] for name in key} == {"kty", "crv", "x", "kid", "use"}


def test_an_envelope_holds_the_token():
    assert enveloped("a.b.c") == {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": "data:application/vc+jwt,a.b.c",
        "type": "EnvelopedVerifiableCredential",
    }

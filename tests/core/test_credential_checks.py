"""Every badge that does not hold is refused, with the reason; of one that holds nothing is said."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from assay.core.credential_checks import Reason, check_badge
from assay.core.credentials import REGISTRY, Issuer, credential
from tests.credentials import (
    ATTESTED,
    HOLDS,
    ISSUER,
    KEY,
    OTHER_KEY,
    PLACE,
    REVOCATIONS,
    SUSPENSIONS,
    badge,
    ring,
    signed_list,
)

FOREIGN = Issuer.at("https://elsewhere.example", "Made-up Program")


def reasons(token, *, keys=None, at=HOLDS, lists=None):
    verdict = check_badge(token, keys or ring(), at=at, lists=lists)
    return [fault.reason for fault in verdict.faults]


def encoded(document):
    return urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def decoded(part):
    return json.loads(urlsafe_b64decode(f"{part}==="))


def signed_as(changed, *, header=None, key=KEY):
    """Sign a payload as it is told, whatever the issuer would never sign."""
    head, body, _ = badge().split(".")
    payload = {**decoded(body), **changed}
    content = {name: value for name, value in payload.items() if value is not None}
    return jws.serialize_compact(
        header or decoded(head), json.dumps(content), key, registry=REGISTRY
    )


def test_a_good_badge():
    verdict = check_badge(badge(), ring(), at=HOLDS)
    assert (verdict.holds, verdict.status_checked) == (True, False)
    assert verdict.credential.subject_name == "Acme Made-up"
    assert verdict.credential.criteria == ATTESTED.achieved.criteria


def test_a_good_badge_with_both_lists():
    lists = [signed_list(), signed_list(SUSPENSIONS, "suspension")]
    verdict = check_badge(badge(), ring(), at=HOLDS, lists=lists)
    assert (verdict.faults, verdict.status_checked) == ((), True)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (ATTESTED.valid_from - timedelta(seconds=1), [Reason.NOT_YET_VALID]),
        (ATTESTED.valid_from, []),
        (ATTESTED.valid_until - timedelta(seconds=1), []),
        (ATTESTED.valid_until, [Reason.EXPIRED]),
    ],
)
def test_the_bounds_of_its_time(at, expected):
    assert reasons(badge(), at=at) == expected


def test_revoked():
    lists = [signed_list(places=[PLACE]), signed_list(SUSPENSIONS, "suspension")]
    assert reasons(badge(), lists=lists) == [Reason.REVOKED]


def test_suspended():
    lists = [signed_list(), signed_list(SUSPENSIONS, "suspension", [PLACE])]
    assert reasons(badge(), lists=lists) == [Reason.SUSPENDED]


def test_revoked_and_expired_are_both_told():
    lists = [signed_list(places=[PLACE])]
    assert reasons(badge(), at=ATTESTED.valid_until, lists=lists) == [
        Reason.EXPIRED,
        Reason.REVOKED,
    ]


def test_a_neighbour_in_the_list_does_not_revoke():
    assert reasons(badge(), lists=[signed_list(places=[PLACE - 1, PLACE + 1])]) == []


def test_a_list_of_another_address_is_not_its_list():
    lists = [signed_list(f"{REVOCATIONS}0", places=[PLACE])]
    verdict = check_badge(badge(), ring(), at=HOLDS, lists=lists)
    assert (verdict.faults, verdict.status_checked) == ((), False)


@pytest.mark.parametrize(
    "bad",
    [
        signed_list(key=OTHER_KEY),
        signed_list(issuer=FOREIGN),
        signed_list(purpose="suspension"),
        signed_list()[:-4] + "AAAA",
        badge(url=REVOCATIONS),
        "no list",
    ],
)
def test_a_list_that_cannot_be_trusted_tells_nothing_good(bad):
    assert set(reasons(badge(), lists=[bad])) == {Reason.STATUS_UNKNOWN}


def test_another_key():
    assert reasons(badge(key=OTHER_KEY)) == [Reason.WRONG_KEY]


def test_a_foreign_issuer_with_a_key_of_its_own():
    told = reasons(badge(key=OTHER_KEY, issuer=FOREIGN))
    assert told == [Reason.WRONG_KEY, Reason.FOREIGN_ISSUER]


def test_a_foreign_issuer_that_has_our_key():
    assert reasons(badge(issuer=FOREIGN)) == [Reason.FOREIGN_ISSUER]


def test_our_name_over_a_foreign_key_id():
    header = {**decoded(badge().split(".")[0]), "kid": f"{FOREIGN.did}#{KEY.thumbprint()}"}
    assert reasons(signed_as({}, header=header)) == [Reason.FOREIGN_ISSUER]


def test_keys_that_do_not_say_whose_they_are_still_bind_key_and_issuer():
    keys = replace(ring(), issuer="")
    assert reasons(badge(), keys=keys) == []
    assert reasons(badge(key=OTHER_KEY, issuer=FOREIGN), keys=keys) == [Reason.WRONG_KEY]


def test_after_a_rotation_old_badges_are_good_by_the_old_key():
    keys = ring(OTHER_KEY, KEY)
    assert reasons(badge(), keys=keys) == reasons(badge(key=OTHER_KEY), keys=keys) == []


@pytest.mark.parametrize("part", [0, 1, 2])
def test_each_byte_of_a_badge_counts(part):
    parts = badge().split(".")
    for place, letter in enumerate(parts[part]):
        changed = "A" if letter != "A" else "B"
        text = parts[part][:place] + changed + parts[part][place + 1 :]
        told = reasons(".".join([*parts[:part], text, *parts[part + 1 :]]))
        assert told, (part, place)
        assert part == 0 or told == [Reason.TAMPERED]


def test_each_bit_of_the_last_letter_counts():
    token = badge()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    told = [reasons(token[:-1] + letter) for letter in letters if letter != token[-1]]
    assert told == [[Reason.TAMPERED]] * 63


def test_a_changed_tier_is_tampered():
    head, body, signature = badge().split(".")
    payload = {**decoded(body), "name": "Platinum Marketplace Partner 2026"}
    assert reasons(f"{head}.{encoded(payload)}.{signature}") == [Reason.TAMPERED]


def test_without_a_signature():
    head, body, _ = badge().split(".")
    header = {**decoded(head), "alg": "none"}
    assert reasons(f"{encoded(header)}.{body}.") == [Reason.MALFORMED]


def test_the_public_key_as_a_shared_secret():
    head, body, _ = badge().split(".")
    header = {**decoded(head), "alg": "HS256"}
    for secret in (KEY.as_pem(private=False), KEY.as_bytes(private=False)):
        signing = f"{encoded(header)}.{body}".encode()
        code = hmac.new(secret, signing, hashlib.sha256).digest()
        token = f"{signing.decode()}.{urlsafe_b64encode(code).rstrip(b'=').decode()}"
        verdict = check_badge(token, ring(), at=HOLDS)
        assert [(fault.reason, fault.words) for fault in verdict.faults] == [
            (Reason.MALFORMED, "it is signed by the algorithm 'HS256', not EdDSA")
        ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"iss": "did:web:elsewhere.example"}, "its claim iss is not what the credential says"),
        ({"sub": None}, "its claim sub is not what the credential says"),
        ({"jti": "x"}, "its claim jti is not what the credential says"),
        ({"nbf": 0}, "its claim nbf is not what the credential says"),
        ({"exp": None}, "its claim exp is not what the credential says"),
        ({"type": ["VerifiableCredential"]}, "it is no Open Badges credential"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "its context is not that of"),
        ({"credentialSubject": "x"}, "it lacks credentialSubject"),
        ({"credentialSubject": {"id": "x"}}, "it lacks achievement"),
        ({"credentialSubject": {"id": "x", "achievement": {"type": "x"}}}, "names no achievement"),
        ({"name": ""}, "it lacks name"),
        ({"validFrom": "yesterday"}, "its validFrom is no moment"),
        ({"validFrom": "2026-07-01T00:00:00"}, "its validFrom has no zone"),
        ({"credentialStatus": ["x"]}, "its status is told in a way that is not known"),
        ({"credentialStatus": {"type": "1EdTechRevocationList"}}, "in a way that is not known"),
    ],
)
def test_a_signed_credential_of_another_shape(changed, words):
    verdict = check_badge(signed_as(changed), ring(), at=HOLDS)
    assert [fault.reason for fault in verdict.faults] == [Reason.MALFORMED]
    assert words in verdict.faults[0].words


@pytest.mark.parametrize("index", ["-1", "x", "", "1" * 19, "٣"])
def test_a_place_that_is_no_number(index):
    entry = credential(ATTESTED, ISSUER)["credentialStatus"] | {"statusListIndex": index}
    assert reasons(signed_as({"credentialStatus": entry})) == [Reason.MALFORMED]


def test_a_place_that_no_list_has():
    entry = credential(ATTESTED, ISSUER)["credentialStatus"] | {"statusListIndex": "131072"}
    token = signed_as({"credentialStatus": entry})
    assert reasons(token, lists=[signed_list()]) == [Reason.STATUS_UNKNOWN]


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "ä.b.c", "eyJ9.e30.AA", f"{'e30' * 500_000}.e30.AA", "e30.e30.e30"],
)
def test_what_is_no_token_is_malformed(token):
    assert reasons(token) == [Reason.MALFORMED]


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "at+jwt"},
        {"crit": ["exp"]},
        {"jwk": {"kty": "OKP"}},
        {"kid": 7},
    ],
)
def test_a_header_with_something_else(header):
    head, body, signature = badge().split(".")
    changed = {**decoded(head), **header}
    assert reasons(f"{encoded(changed)}.{body}.{signature}") == [Reason.MALFORMED]


def test_the_signature_of_rfc_8037():
    # RFC 8037, appendices A.1 to A.5: key, thumbprint, signed text.
    key = OKPKey.import_key(
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }
    )
    text = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt"
        "9g7sVvpAr_MuM0KAg"
    )
    assert key.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    signed = jws.serialize_compact(
        {"alg": "EdDSA"}, b"Example of Ed25519 signing", key, registry=REGISTRY
    )
    assert signed == text
    read = jws.deserialize_compact(text, key, registry=REGISTRY)
    assert read.payload == b"Example of Ed25519 signing"


def test_an_hour_of_another_zone_is_the_same_moment():
    at = datetime.fromisoformat("2027-08-01T01:59:59+02:00")
    assert at.astimezone(UTC) == datetime(2027, 7, 31, 23, 59, 59, tzinfo=UTC)
    assert reasons(badge(), at=at) == []

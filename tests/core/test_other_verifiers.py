"""Others check our badges: libraries that know nothing of this code.

openbadgeslib verifies Open Badges 3.0 whole: signature by the key in the issuer's DID document,
type, claims, time, status lists, pictures; it rests on PyJWT and asks the clock. jwcrypto, another
implementation of JOSE by other people, verifies the token whole: the key by its id in `jwks.json`,
algorithm, signature, issuer, time; with it jsonschema checks the shape by the published schema, and
the bit of the status list is read by hand. openvc knows tokens of Verifiable Credentials 1.1 whole
and those of 2.0 in parts: here it finds the key in the DID document, checks that it may attest,
the signature and the status list; not time and shape. It is by the author of openbadgeslib.
"""

import gzip
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from joserfc.jws import serialize_compact
from jsonschema import Draft201909Validator
from jwcrypto import jwk, jwt
from jwcrypto.common import JWException
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openvc import verify_signature
from openvc.did.did_web import DidWebResolver
from openvc.status import check_credential_status

from assay.core.credential_checks import Reason, check_badge
from assay.core.credentials import REGISTRY, did_document
from assay.core.signatures import public_key
from assay.documents.badges import bake_png, bake_svg
from assay.words.badges import badge_png, badge_svg
from tests.core.test_credential_checks import FOREIGN
from tests.core.test_credentials import SCHEMA
from tests.credentials import (
    ISSUER,
    KEY,
    OTHER_KEY,
    PLACE,
    REVOCATIONS,
    badge,
    keys_file,
    ring,
    signed_list,
)
from tests.documents.test_badges import DESIGN

NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - these libraries ask the clock
DAY = timedelta(days=1)
current = partial(badge, valid_from=NOW - DAY, valid_until=NOW + DAY)
SHAPE = Draft201909Validator(SCHEMA)
LISTS = {"kept": signed_list(), "revoked": signed_list(places=[PLACE])}


def served(*keys, lists=LISTS["kept"]):
    """Answer what an installation does: its DID document, and its status list."""
    document = did_document(ISSUER, [public_key(key) for key in keys or (KEY,)])
    pages = {
        "https://market.example/.well-known/did.json": json.dumps(document).encode(),
        REVOCATIONS: lists.encode(),
    }
    return pages.__getitem__


def by_openbadgeslib(token, *keys, lists=LISTS["kept"]):
    download = served(*keys, lists=lists)
    verifier = OB3Verifier.for_issuer_did(ISSUER.did, download=download)
    return verifier.verify(token, check_status=True, download=download)


def by_openvc(token, *keys, lists=LISTS["kept"]):
    download = served(*keys, lists=lists)
    resolver = DidWebResolver(lambda url: json.loads(download(url)))

    def signed(text):
        head, body, signature = text.split(".")
        header, payload = json.loads(decoded(head)), json.loads(decoded(body))
        assert payload["iss"] == ISSUER.did
        key = resolver.resolve(payload["iss"]).key_for_purpose(header["kid"], "assertionMethod")
        assert key is not None
        assert verify_signature(
            alg=header["alg"],
            public_jwk=key.public_key_jwk,
            signing_input=f"{head}.{body}".encode(),
            signature=decoded(signature),
        )
        return payload

    payload = signed(token)
    status = check_credential_status(
        payload, resolve_status_list=lambda url: signed(download(url).decode())
    )
    assert not status.revoked
    return payload


def decoded(part):
    return urlsafe_b64decode(f"{part}===")


def by_jwcrypto(token, *keys, lists=LISTS["kept"]):
    trusted = jwk.JWKSet.from_json(keys_file(*keys or (KEY,)).decode())

    def signed(text):
        read = jwt.JWT(
            jwt=text,
            key=trusted,
            algs=["EdDSA"],
            expected_type="JWS",
            check_claims={"iss": ISSUER.did, "nbf": None, "exp": None, "jti": None, "sub": None},
        )
        return json.loads(read.claims)

    payload = signed(token)
    assert [one.message for one in SHAPE.iter_errors(payload)] == []
    entry, listed = payload["credentialStatus"], jwt.JWT(jwt=lists, key=trusted, algs=["EdDSA"])
    subject = json.loads(listed.claims)["credentialSubject"]
    assert (entry["statusListCredential"], subject["statusPurpose"]) == (REVOCATIONS, "revocation")
    bits = gzip.decompress(decoded(subject["encodedList"].removeprefix("u")))
    place = int(entry["statusListIndex"])
    assert not bits[place // 8] >> (7 - place % 8) & 1, "revoked"
    return payload


def tampered():
    head, body, signature = current().split(".")
    changed = urlsafe_b64encode(decoded(body).replace(b"Gold", b"Best")).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


def under_our_key_id():
    """Sign by another key, and name ours in the header."""
    head, body, _ = current().split(".")
    header = {**json.loads(decoded(head)), "kid": f"{ISSUER.did}#{KEY.thumbprint()}"}
    return serialize_compact(header, decoded(body), OTHER_KEY, registry=REGISTRY)


OTHERS = pytest.mark.parametrize(
    ("check", "refusal"),
    [
        (by_openbadgeslib, OB3VerificationError),
        (by_jwcrypto, (JWException, AssertionError)),
        (by_openvc, AssertionError),
    ],
    ids=["openbadgeslib", "jwcrypto", "openvc"],
)
WHOLE = pytest.mark.parametrize(
    ("check", "refusal"),
    [(by_openbadgeslib, OB3VerificationError), (by_jwcrypto, (JWException, AssertionError))],
    ids=["openbadgeslib", "jwcrypto"],
)


@pytest.mark.parametrize("check", [by_openbadgeslib, by_jwcrypto, by_openvc])
def test_a_good_badge_is_good_to_all(check):
    told = check(current())
    assert check_badge(current(), ring(), at=NOW, lists=[LISTS["kept"]]).faults == ()
    if isinstance(told, dict):
        assert told["name"] == "Gold Marketplace Partner 2026"
    else:
        assert told.recipient_id == "https://market.example/partners/acme/"


@OTHERS
def test_after_a_rotation_the_old_badge_is_good(check, refusal):
    del refusal
    check(current(), OTHER_KEY, KEY, lists=signed_list(key=OTHER_KEY))


@OTHERS
@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        (tampered(), [Reason.TAMPERED]),
        (current(key=OTHER_KEY), [Reason.WRONG_KEY]),
        (under_our_key_id(), [Reason.TAMPERED]),
        (current(key=OTHER_KEY, issuer=FOREIGN), [Reason.WRONG_KEY, Reason.FOREIGN_ISSUER]),
        (current(issuer=FOREIGN), [Reason.FOREIGN_ISSUER]),
    ],
    ids=["tampered", "another key", "our key's name", "foreign issuer", "foreign, by our key"],
)
def test_what_we_did_not_say_is_refused_by_us_and_by_others(check, refusal, told, reasons):
    assert [one.reason for one in check_badge(told, ring(), at=NOW).faults] == reasons
    with pytest.raises(refusal):
        check(told)


@WHOLE
@pytest.mark.parametrize(
    ("begins", "ends", "reason"), [(-3, -2, Reason.EXPIRED), (2, 3, Reason.NOT_YET_VALID)]
)
def test_outside_its_time_it_is_refused_by_us_and_by_others(check, refusal, begins, ends, reason):
    told = badge(valid_from=NOW + begins * DAY, valid_until=NOW + ends * DAY)
    assert [one.reason for one in check_badge(told, ring(), at=NOW).faults] == [reason]
    with pytest.raises(refusal, match=r"(?i)expired|not yet valid|Valid from"):
        check(told)


@WHOLE
def test_what_is_no_badge_is_refused_by_us_and_by_others(check, refusal):
    head, body, _ = current().split(".")
    payload = json.dumps({**json.loads(decoded(body)), "type": ["VerifiableCredential"]})
    told = serialize_compact(json.loads(decoded(head)), payload, KEY, registry=REGISTRY)
    assert [one.reason for one in check_badge(told, ring(), at=NOW).faults] == [Reason.MALFORMED]
    with pytest.raises(refusal):
        check(told)


@OTHERS
def test_a_revoked_badge_is_refused_by_us_and_by_others(check, refusal):
    verdict = check_badge(current(), ring(), at=NOW, lists=[LISTS["revoked"]])
    assert [fault.reason for fault in verdict.faults] == [Reason.REVOKED]
    with pytest.raises(refusal, match=r"revo"):
        check(current(), lists=LISTS["revoked"])


@OTHERS
def test_a_list_signed_by_another_is_refused_by_others_too(check, refusal):
    with pytest.raises(refusal):
        check(current(), lists=signed_list(key=OTHER_KEY))


def test_others_find_the_badge_in_our_pictures():
    told = current()
    svg, png = bake_svg(badge_svg(DESIGN), told), bake_png(badge_png(DESIGN, 64), told)
    assert OB3Verifier.extract_token_from_svg(svg.encode()) == told
    assert OB3Verifier.extract_token_from_png(png) == told

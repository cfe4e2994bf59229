"""Others check our badges: libraries that know nothing of this code.

openbadgeslib verifies Open Badges 3.0: signature, shape, claims, time, status lists, pictures; it
rests on PyJWT and asks the clock. openvc knows tokens of Verifiable Credentials 1.1 as a whole and
those of 2.0 in parts: here it finds the key in the issuer's DID document, checks that the key may
attest, the signature and the status lists; not time and shape. Both are by one author. jwcrypto is
another implementation of JOSE altogether: it checks the signature and nothing else.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from jwcrypto import jwk, jws
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openvc import verify_signature
from openvc.did.did_web import DidWebResolver
from openvc.status import check_credential_status

from assay.core.credentials import did_document
from assay.core.signatures import public_key
from assay.documents.badges import bake_png, bake_svg
from assay.words.badges import badge_png, badge_svg
from tests.credentials import (
    ISSUER,
    KEY,
    OTHER_KEY,
    PLACE,
    REVOCATIONS,
    badge,
    signed_list,
)
from tests.documents.test_badges import DESIGN

NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - these libraries ask the clock
DAY = timedelta(days=1)
current = partial(badge, valid_from=NOW - DAY, valid_until=NOW + DAY)
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


def by_jwcrypto(token, key=KEY):
    read = jws.JWS()
    read.deserialize(token, jwk.JWK(**key.as_dict(private=False)), alg="EdDSA")
    return json.loads(read.payload)


def tampered():
    head, body, signature = current().split(".")
    changed = urlsafe_b64encode(decoded(body).replace(b"Gold", b"Best")).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


OTHERS = pytest.mark.parametrize(
    ("check", "refusal"),
    [(by_openbadgeslib, OB3VerificationError), (by_openvc, AssertionError)],
    ids=["openbadgeslib", "openvc"],
)


def test_a_good_badge_is_good_to_all():
    told = current()
    assert by_openbadgeslib(told).recipient_id == "https://market.example/partners/acme/"
    assert by_openvc(told)["name"] == "Gold Marketplace Partner 2026"
    assert by_jwcrypto(told)["name"] == "Gold Marketplace Partner 2026"


@OTHERS
def test_after_a_rotation_the_old_badge_is_good(check, refusal):
    del refusal
    check(current(), OTHER_KEY, KEY, lists=signed_list(key=OTHER_KEY))


@OTHERS
@pytest.mark.parametrize("told", [tampered(), current(key=OTHER_KEY)], ids=["tampered", "foreign"])
def test_a_badge_that_we_did_not_sign_is_refused_by_others_too(check, refusal, told):
    with pytest.raises(refusal):
        check(told)


@pytest.mark.parametrize(("begins", "ends", "why"), [(-3, -2, "expired"), (2, 3, "not yet valid")])
def test_a_badge_outside_its_time_is_refused_by_openbadgeslib_too(begins, ends, why):
    told = badge(valid_from=NOW + begins * DAY, valid_until=NOW + ends * DAY)
    with pytest.raises(OB3VerificationError, match=why):
        by_openbadgeslib(told)


@OTHERS
def test_a_revoked_badge_is_refused_by_others_too(check, refusal):
    with pytest.raises(refusal, match=r"revo"):
        check(current(), lists=LISTS["revoked"])


@OTHERS
def test_a_list_signed_by_another_is_refused_by_others_too(check, refusal):
    with pytest.raises(refusal):
        check(current(), lists=signed_list(key=OTHER_KEY))


def test_another_implementation_of_jose_refuses_what_was_changed():
    with pytest.raises(jws.InvalidJWSSignature):
        by_jwcrypto(tampered())
    with pytest.raises(jws.InvalidJWSSignature):
        by_jwcrypto(current(), OTHER_KEY)


def test_others_find_the_badge_in_our_pictures():
    told = current()
    svg, png = bake_svg(badge_svg(DESIGN), told), bake_png(badge_png(DESIGN, 64), told)
    assert OB3Verifier.extract_token_from_svg(svg.encode()) == told
    assert OB3Verifier.extract_token_from_png(png) == told

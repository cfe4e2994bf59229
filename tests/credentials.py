"""A badge signed for tests: by whom, what it says, and as of when it holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from assay.core.credential_checks import KeyRing
from assay.core.credentials import (
    Achieved,
    Attested,
    Issuer,
    credential,
    key_set,
    signed_credential,
    status_list,
)
from assay.core.signatures import new_key, public_key
from assay.core.status_lists import encoded_list
from assay.documents.badges import key_ring

HOST = "https://market.example"
ISSUER = Issuer.at(HOST, "Made-up Program")
KEY = new_key()
OTHER_KEY = new_key()
HOLDS = datetime(2026, 9, 1, tzinfo=UTC)
PLACE = 94_567
REVOCATIONS = f"{HOST}/badges/status/revocation-1"
SUSPENSIONS = f"{HOST}/badges/status/suspension-1"
ATTESTED = Attested(
    url=f"{HOST}/badges/0123456789abcdef/",
    name="Gold Marketplace Partner 2026",
    subject_url=f"{HOST}/partners/acme/",
    subject_name="Acme Made-up",
    achieved=Achieved(
        url=f"{HOST}/program/2024-06-13/#tier-gold",
        name="Gold Marketplace Partner",
        version="2024-06-13",
        description="Given to partners that hold Gold.",
        criteria="Gold asks:\n\n- At least one paid cloud app (R2)",
        image=f"{HOST}/badges/0123456789abcdef.png",
    ),
    valid_from=datetime(2026, 7, 1, tzinfo=UTC),
    valid_until=datetime(2027, 8, 1, tzinfo=UTC),
    revocations_url=REVOCATIONS,
    suspensions_url=SUSPENSIONS,
    place=PLACE,
)


def badge(*, key=KEY, issuer=ISSUER, **changed):
    """Sign a badge that says something else than the usual one."""
    return signed_credential(credential(replace(ATTESTED, **changed), issuer), key, issuer)


def signed_list(url=REVOCATIONS, purpose="revocation", places=(), *, key=KEY, issuer=ISSUER):
    """Sign a status list with bits at places."""
    document = status_list(url, purpose, encoded_list(places), since=HOLDS, issuer=issuer, keep=300)
    return signed_credential(document, key, issuer)


def keys_file(*keys, issuer=ISSUER):
    """Return a JWK Set of public keys as a file has it."""
    return json.dumps(key_set(issuer, [public_key(key) for key in keys or (KEY,)])).encode()


def ring(*keys, issuer=ISSUER) -> KeyRing:
    """Return public keys to trust."""
    return key_ring(keys_file(*keys, issuer=issuer), "jwks.json")

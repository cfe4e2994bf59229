"""Credentials: what a badge says, as documents that anyone can check without asking us.

An Open Badges 3.0 credential in the data model of Verifiable Credentials 2.0, secured as a JSON
Web Token whose payload is the credential (Open Badges 3.0, section 8.2). The issuer is a
`did:web`; its document names every key that it signs or signed with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from joserfc import jws
from joserfc.errors import UnsupportedAlgorithmError
from joserfc.jwk import OKPKey

Document = dict[str, Any]
ALGORITHM = "EdDSA"  # what verifiers of Open Badges know Ed25519 by; RFC 9864 has a newer name
TYPE = "JWT"  # what Open Badges asks of `typ`; VC-JOSE-COSE would have vc+jwt
MOST_BYTES = 1024 * 1024
W3C = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
ENVELOPE = "data:application/vc+jwt,"
REVOCATION, SUSPENSION = "revocation", "suspension"


class _EdDSA(jws.JWSRegistry):
    """Nothing but EdDSA, in tokens of at most a megabyte."""

    max_header_length = 1_024
    max_payload_length = MOST_BYTES

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - joserfc's model of an algorithm
        """Return EdDSA, and no other; joserfc warns of its newer name, which is not known yet."""
        if name != ALGORITHM:
            raise UnsupportedAlgorithmError(f"{name} is not {ALGORITHM}")
        return self.algorithms[name]


REGISTRY = _EdDSA(algorithms=[ALGORITHM])


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """Who issues: its identifier, its name, and where it is on the web."""

    did: str
    name: str
    url: str

    @classmethod
    def at(cls, base_url: str, name: str) -> Issuer:
        """Name the issuer whose pages begin with an address."""
        return cls(did=did_web(base_url), name=name, url=f"{base_url.rstrip('/')}/")


@dataclass(frozen=True, kw_only=True)
class Achieved:
    """What is achieved: the words on the badge, what they stand for, and what they rest on.

    `url` answers with the rules; `criteria` are words of the program, in Markdown.
    """

    url: str
    name: str
    version: str
    description: str
    criteria: str
    image: str


@dataclass(frozen=True, kw_only=True)
class Attested:
    """All that a badge says: of whom, what, from when, until when.

    `url` is the badge's own, where anyone sees whether it holds; `place` is its place in the two
    status lists.
    """

    url: str
    name: str
    subject_url: str
    subject_name: str
    achieved: Achieved
    valid_from: datetime
    valid_until: datetime
    revocations_url: str
    suspensions_url: str
    place: int


def did_web(base_url: str) -> str:
    """Return the `did:web` of an address: its port is percent-encoded, its path set with colons."""
    parts = urlsplit(base_url)
    host = quote(parts.netloc, safe=".-_")
    folders = [quote(one, safe=".-_") for one in parts.path.split("/") if one]
    return ":".join(("did:web", host, *folders))


def did_document(issuer: Issuer, keys: Iterable[Mapping[str, str]]) -> Document:
    """Return the issuer's DID document: every key, each allowed to attest."""
    named = [(f"{issuer.did}#{key['kid']}", _bare(key)) for key in keys]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": issuer.did,
        "verificationMethod": [
            {"id": name, "type": "JsonWebKey", "controller": issuer.did, "publicKeyJwk": key}
            for name, key in named
        ],
        "assertionMethod": [name for name, _ in named],
    }


def key_set(issuer: Issuer, keys: Iterable[Mapping[str, str]]) -> Document:
    """Return the issuer's keys as a JWK Set, with the issuer as a further member (RFC 7517, 5).

    Their ids are those that tokens name in their headers, so that anybody's library finds them.
    """
    named = [{**_bare(key), "kid": f"{issuer.did}#{key['kid']}"} for key in keys]
    return {"issuer": issuer.did, "keys": named}


def _bare(key: Mapping[str, str]) -> dict[str, str]:
    """Return a public key without an algorithm: which one, the token says, and we allow one."""
    return {name: key[name] for name in ("kty", "crv", "x", "kid", "use") if name in key}


def credential(attested: Attested, issuer: Issuer) -> Document:
    """Return what a badge says as an Open Badges credential."""
    achieved = attested.achieved
    return {
        "@context": [W3C, OPEN_BADGES],
        "id": attested.url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": _profile(issuer),
        "name": attested.name,
        "awardedDate": moment_text(attested.valid_from),
        "validFrom": moment_text(attested.valid_from),
        "validUntil": moment_text(attested.valid_until),
        "credentialSubject": {
            "id": attested.subject_url,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": attested.subject_name,
                    "identityType": "name",
                    "hashed": False,
                }
            ],
            "achievement": {
                "id": achieved.url,
                "type": ["Achievement"],
                "name": achieved.name,
                "version": achieved.version,
                "description": achieved.description,
                "criteria": {"id": achieved.url, "narrative": achieved.criteria},
                "image": {"id": achieved.image, "type": "Image", "caption": achieved.name},
            },
        },
        "credentialStatus": _status(attested),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def _profile(issuer: Issuer) -> Document:
    return {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url}


def _status(attested: Attested) -> Document:
    """Say where revocation is told. Open Badges has room for one entry: it refers to suspension."""
    return {
        "id": f"{attested.revocations_url}#{attested.place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": REVOCATION,
        "statusListIndex": str(attested.place),
        "statusListCredential": attested.revocations_url,
        "statusReference": attested.suspensions_url,
    }


def status_list(
    url: str, purpose: str, encoded: str, *, since: datetime, issuer: Issuer, keep: int
) -> Document:
    """Return a status list as a credential; `since` is its last change, `keep` in seconds."""
    return {
        "@context": [W3C],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": moment_text(since),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded,
            "ttl": keep * 1_000,
        },
    }


def signed_credential(document: Document, key: OKPKey, issuer: Issuer) -> str:
    """Sign a credential; the same document and key give the same text.

    The claims of the token repeat what the credential says (Open Badges 3.0, section 8.2.4.1).
    """
    claims: Document = {
        "iss": issuer.did,
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": _numeric(document["validFrom"]),
    }
    if "validUntil" in document:
        claims["exp"] = _numeric(document["validUntil"])
    header = {"alg": ALGORITHM, "kid": f"{issuer.did}#{key.thumbprint()}", "typ": TYPE}
    return jws.serialize_compact(header, _compact({**document, **claims}), key, registry=REGISTRY)


def enveloped(token: str) -> Document:
    """Return a signed credential as a JSON document that holds it (VC 2.0, section 4.13)."""
    return {"@context": W3C, "id": f"{ENVELOPE}{token}", "type": "EnvelopedVerifiableCredential"}


def moment_text(moment: datetime) -> str:
    """Write a moment as credentials do: in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _numeric(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _compact(document: Document) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()

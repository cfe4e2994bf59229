"""Signatures: bytes that somebody signed, told from bytes that somebody changed.

A signed text is a JSON Web Signature in its compact form (RFC 7515), by Ed25519 (RFC 8037 and RFC
9864), with the signer's public key in its header. The key's id is its thumbprint (RFC 7638).
"""

from __future__ import annotations

import json
import warnings
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from assay.core.issues import Issue, Refused

ALGORITHM = "Ed25519"
MOST_BYTES = 512 * 1024 * 1024
_HEADER = frozenset({"alg", "jwk", "kid", "typ"})
_KEY = frozenset({"alg", "crv", "kid", "kty", "use", "x"})


class _Large(jws.JWSRegistry):
    """Signed texts as large as a review of very many partners."""

    max_header_length = 1_024
    max_payload_length = MOST_BYTES


_REGISTRY = _Large(algorithms=[ALGORITHM])


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What a signed text holds: the bytes, of which kind they are, and the key that signed them."""

    payload: bytes
    kind: str
    key: Mapping[str, str]

    @property
    def key_id(self) -> str:
        """The thumbprint of the key."""
        return self.key["kid"]


def new_key() -> OKPKey:
    """Make a key that signs."""
    return OKPKey.generate_key("Ed25519")


def public_key(key: OKPKey) -> dict[str, str]:
    """Return the public half of a key, as a JWK with its id."""
    halves = key.as_dict(private=False)
    return {
        "alg": ALGORITHM,
        "crv": str(halves["crv"]),
        "kid": key.thumbprint(),
        "kty": str(halves["kty"]),
        "use": "sig",
        "x": str(halves["x"]),
    }


def signed(payload: bytes, key: OKPKey, *, kind: str) -> str:
    """Sign bytes; the same bytes, key and kind give the same text."""
    public = public_key(key)
    header = {"alg": ALGORITHM, "jwk": public, "kid": public["kid"], "typ": kind}
    return jws.serialize_compact(header, payload, key, registry=_REGISTRY)


def kind_of(text: str) -> str:
    """Return the kind that a signed text says it is of, checked or not; "" where it says none."""
    try:
        header = json.loads(urlsafe_b64decode(f"{text.partition('.')[0]}=="))
        return str(header["typ"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""


def opened(text: str, *, kind: str, file: str) -> Signed:
    """Open a signed text; raises Refused unless every byte is as it was signed, and of the kind.

    Whose key it is, is another question: see `Signed.key`. `file` is what the issue names.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _opened(text, kind)
    except (JoseError, ValueError, TypeError, KeyError, Warning, RecursionError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Refused(
            Issue(
                file=file,
                message=f"is not as it was signed ({told[:120]})",
                hint="take the file anew from where it was exported",
            )
        ) from None


def _opened(text: str, kind: str) -> Signed:
    header = jws.extract_compact(text.encode("ascii"), registry=_REGISTRY).headers()
    named: Any = header.get("jwk")
    if set(header) != _HEADER or not isinstance(named, dict) or set(named) != _KEY:
        raise ValueError("its header is of another shape")
    if header["typ"] != kind:
        raise ValueError(f"it is a {header['typ']}, not a {kind}")
    key = OKPKey.import_key(named)
    public = public_key(key)
    if named != public or header["kid"] != public["kid"]:
        raise ValueError("its header names another key")
    read = jws.deserialize_compact(text.encode("ascii"), key, registry=_REGISTRY)
    if _again(text, read.payload) != text:
        raise ValueError("it is written in another way")
    return Signed(payload=read.payload, kind=kind, key=public)


def _again(text: str, payload: bytes) -> str:
    """Write the text anew from what was read: bits that decoding passes over are bytes too."""
    header, _, signature = text.split(".")
    return ".".join((header, _base64(payload), _base64(urlsafe_b64decode(f"{signature}=="))))


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")

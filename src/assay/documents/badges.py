"""Badges as files: a signed credential baked into a picture, and read from one again.

What is read was sent by anybody: it is told apart by its content, and refused with a reason.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from assay.core.credential_checks import KeyRing
from assay.core.credentials import ENVELOPE
from assay.core.issues import Issue, Refused

MOST_BYTES = 4 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_NAMES = "https://purl.imsglobal.org/ob/v3p0"
_MOST_KEYS = 1_000
_A_BADGE = "give the badge as it was downloaded: .jwt, .svg, .png or .json"
_THE_KEYS = "give the issuer's jwks.json or did.json"
_T = TypeVar("_T")


def bake_svg(picture: str, token: str) -> str:
    """Put a signed credential into an SVG (Open Badges 3.0, section 5.3.2.1)."""
    opening = picture.index(">") + 1
    return (
        f'{picture[: opening - 1]} xmlns:openbadges="{_NAMES}">'
        f'<openbadges:credential verify="{token}"></openbadges:credential>{picture[opening:]}'
    )


def bake_png(picture: bytes, token: str) -> bytes:
    """Put a signed credential into a PNG, after its header (Open Badges 3.0, section 5.3.1.1)."""
    text = _KEYWORD + b"\0\0\0\0\0" + token.encode("ascii")  # not compressed, of no language
    chunk = struct.pack(">I", len(text)) + b"iTXt" + text
    chunk += struct.pack(">I", zlib.crc32(chunk[4:]))
    after = len(_PNG) + 25  # the header: 8 bytes, its 13, and 4
    return picture[:after] + chunk + picture[after:]


def token_in(content: bytes, file: str) -> str:
    """Return the one signed credential that a file holds: a token, an SVG, a PNG or JSON.

    Raises Refused for everything else: two of them, one that is compressed, a document type.
    """
    if len(content) > MOST_BYTES:
        _refuse(file, f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    if content.startswith(_PNG):
        return _in_png(content, file)
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        _refuse(file, "is no badge")
    if text.startswith("<"):
        return _in_svg(text, file)
    if text.startswith("{"):
        return _in_json(text, file)
    return text


def key_ring(content: bytes, file: str) -> KeyRing:
    """Read public keys from a JWK Set or a DID document; raises Refused.

    Of a key the id is computed anew (RFC 7638): what the file calls it does not matter.
    """
    if len(content) > MOST_BYTES:
        _refuse(file, f"is larger than {MOST_BYTES // 1024 // 1024} MB", _THE_KEYS)
    document = _object(content.decode("utf-8", "replace"), file, _THE_KEYS)
    methods = document.get("verificationMethod")
    listed = document.get("keys")
    if isinstance(methods, list):
        listed = [one.get("publicKeyJwk") if isinstance(one, dict) else None for one in methods]
    named = document.get("id" if isinstance(methods, list) else "issuer", "")
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_KEYS:
        _refuse(file, "holds no keys", _THE_KEYS)
    keys = [_key(one, file) for one in listed]
    ring = {key.thumbprint(): key for key in keys}
    return KeyRing(ring, named if isinstance(named, str) else "")


def _key(document: Any, file: str) -> OKPKey:  # noqa: ANN401 - whatever the file holds
    try:
        bare = {name: document[name] for name in ("kty", "crv", "x")}
        if bare["crv"] != "Ed25519":
            _refuse(file, "holds a key that is not Ed25519", _THE_KEYS)
        return OKPKey.import_key(bare)
    except (KeyError, TypeError, ValueError, JoseError):
        _refuse(file, "holds something that is no public key", _THE_KEYS)


def _in_png(content: bytes, file: str) -> str:
    found = [text for kind, text in _chunks(content, file) if kind == b"iTXt"]
    texts = [text for text in found if text.split(b"\0", 1)[0] == _KEYWORD]
    token = _one(texts, file)
    flags = token[len(_KEYWORD) + 1 :]
    if flags[:2] != b"\0\0":
        _refuse(file, "holds a compressed credential, which is not allowed")
    parts = flags[2:].split(b"\0", 2)
    if len(parts) != 3:  # noqa: PLR2004 - language, translated keyword, text
        _refuse(file, "holds a credential that is cut off")
    return parts[2].decode("utf-8", "replace")


def _chunks(content: bytes, file: str) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content) or kind == b"IEND":
            break
        (sum_,) = struct.unpack_from(">I", content, end - 4)
        if sum_ != zlib.crc32(content[at + 4 : end - 4]):
            _refuse(file, "is damaged: a checksum does not fit")
        yield kind, content[at + 8 : end - 4]
        at = end
    if content[at + 4 : at + 8] != b"IEND":
        _refuse(file, "is cut off")


def _in_svg(text: str, file: str) -> str:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        _refuse(file, "declares a document type or entities, which is not allowed")
    except (ParseError, ValueError):
        _refuse(file, "is no SVG that can be read")
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        _refuse(file, "is no SVG")
    found = _one(list(root.iter(f"{{{_NAMES}}}credential")), file)
    return str(found.get("verify", ""))


def _in_json(text: str, file: str) -> str:
    document = _object(text, file)
    named = document.get("id")
    if document.get("type") == "EnvelopedVerifiableCredential" and isinstance(named, str):
        return named.removeprefix(ENVELOPE)
    token = document.get("jwt")
    if not isinstance(token, str):
        _refuse(file, "is a document without a signature")
    return token


def _object(text: str, file: str, hint: str = _A_BADGE) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        _refuse(file, "is no JSON", hint)
    if not isinstance(found, dict):
        _refuse(file, "is no JSON object", hint)
    return found


def _one(found: list[_T], file: str) -> _T:
    if not found:
        _refuse(file, "holds no credential")
    if len(found) > 1:
        _refuse(file, f"holds {len(found)} credentials, where one is allowed")
    return found[0]


def _refuse(file: str, message: str, hint: str = _A_BADGE) -> NoReturn:
    raise Refused(Issue(file=file, message=message, hint=hint))

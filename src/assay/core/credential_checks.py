"""Check credentials offline: by whom, unchanged, of the right shape, in their time, not revoked."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from assay.core.credentials import (
    ALGORITHM,
    MOST_BYTES,
    OPEN_BADGES,
    REGISTRY,
    REVOCATION,
    SUSPENSION,
    TYPE,
    W3C,
    Document,
)
from assay.core.status_lists import UnreadableList, is_set

_OPEN_BADGES = OPEN_BADGES.rpartition("-")[0]  # of any release of 3.0
_HEADER = {"alg", "kid", "typ"}
_TYPES = ("OpenBadgeCredential", "AchievementCredential")
_PARTS = 3


class Reason(StrEnum):
    """Why a badge is refused."""

    MALFORMED = "malformed"
    WRONG_KEY = "wrong key"
    FOREIGN_ISSUER = "foreign issuer"
    TAMPERED = "tampered"
    NOT_YET_VALID = "not yet valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_UNKNOWN = "status unknown"


_SET = {REVOCATION: Reason.REVOKED, SUSPENSION: Reason.SUSPENDED}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One reason to refuse, and what was found."""

    reason: Reason
    words: str


class Malformed(ValueError):
    """A credential is not of the shape it must have."""


class _Refused(Exception):
    def __init__(self, reason: Reason, words: str) -> None:
        super().__init__(words)
        self.fault = Fault(reason=reason, words=words)


@dataclass(frozen=True)
class KeyRing:
    """Public keys to trust, by their ids, and whose they are; "" where the file does not say."""

    keys: Mapping[str, OKPKey]
    issuer: str = ""


@dataclass(frozen=True, kw_only=True)
class StatusEntry:
    """Where it is told whether a credential is revoked or suspended: a list, and a place in it."""

    purpose: str
    list_url: str
    index: int


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What a credential says, read from its document."""

    url: str
    issuer: str
    issuer_name: str
    subject_url: str
    subject_name: str
    name: str
    criteria: str
    valid_from: datetime
    valid_until: datetime | None
    status: tuple[StatusEntry, ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check found: the credential, if its signature holds, and every reason against it.

    `status_checked` tells whether lists that can be trusted were at hand for all that its status
    rests on.
    """

    credential: Credential | None
    faults: tuple[Fault, ...]
    status_checked: bool

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.faults


def check_badge(
    token: str, ring: KeyRing, *, at: datetime, lists: Sequence[str] | None = None
) -> Verdict:
    """Check a badge as of a moment; `lists` are signed status lists, None where there are none."""
    try:
        found = read_credential(_payload(token, ring))
    except _Refused as refused:
        faults = (refused.fault, *_foreign(token, ring, refused.fault.reason))
        return Verdict(credential=None, faults=faults, status_checked=False)
    except Malformed as error:
        fault = Fault(reason=Reason.MALFORMED, words=str(error))
        return Verdict(credential=None, faults=(fault,), status_checked=False)
    faults = (*_whose(found, ring, token), *_timely(found, at))
    told = [_told(entry, found, ring, lists or ()) for entry in found.status]
    spoken = tuple(dict.fromkeys(fault for one in told if one for fault in one))
    unknown = any(fault.reason is Reason.STATUS_UNKNOWN for fault in spoken)
    return Verdict(
        credential=found,
        faults=(*faults, *spoken),
        status_checked=bool(told) and None not in told and not unknown,
    )


def _payload(token: str, ring: KeyRing) -> Document:
    """Return the payload of a token whose every byte is as a key of the ring signed it."""
    header = _header(token)
    name = header["kid"].rpartition("#")[2]
    key = ring.keys.get(name)
    if key is None:
        raise _Refused(Reason.WRONG_KEY, f"it is signed by {header['kid']}, which is not given")
    try:
        read = jws.deserialize_compact(token.encode("ascii"), key, registry=REGISTRY)
    except (JoseError, ValueError, TypeError):
        raise _Refused(Reason.TAMPERED, "what it says is not what was signed") from None
    if any(_base64(_bytes(part)) != part for part in token.split(".")):
        raise _Refused(Reason.TAMPERED, "it is not written as it was signed")
    return _object(read.payload)


def _header(token: str) -> Document:
    parts = token.split(".")
    if len(parts) != _PARTS or not token.isascii() or len(token) > MOST_BYTES:
        raise Malformed("it is no signed token")
    header = _object(_bytes(parts[0]))
    if header.get("alg") != ALGORITHM:
        raise Malformed(f"it is signed by the algorithm {header.get('alg')!r:.40}, not {ALGORITHM}")
    if not set(header) <= _HEADER or not isinstance(header.get("kid"), str):
        raise Malformed("its header is of another shape")
    if header.get("typ", TYPE) != TYPE:
        raise Malformed("its header names another type")
    return header


def read_credential(document: Document) -> Credential:
    """Read the payload of a token; raises Malformed."""
    types = _many(document, "type")
    if "VerifiableCredential" not in types or not any(one in types for one in _TYPES):
        raise Malformed("it is no Open Badges credential")
    contexts = _many(document, "@context")
    if contexts[0] != W3C or not any(str(one).startswith(_OPEN_BADGES) for one in contexts):
        raise Malformed("its context is not that of Open Badges 3.0")
    issuer, subject = _inner(document, "issuer"), _inner(document, "credentialSubject")
    achievement = _inner(subject, "achievement")
    if "Achievement" not in _many(achievement, "type"):
        raise Malformed("it names no achievement")
    found = Credential(
        url=_text(document, "id"),
        issuer=_text(issuer, "id"),
        issuer_name=_text(issuer, "name"),
        subject_url=_text(subject, "id"),
        subject_name=_name(subject),
        name=_text(document, "name"),
        criteria=_text(_inner(achievement, "criteria"), "narrative"),
        valid_from=_moment(document, "validFrom"),
        valid_until=_moment(document, "validUntil") if "validUntil" in document else None,
        status=tuple(_entries(document)),
    )
    _repeated(document, found)
    return found


def _repeated(document: Document, found: Credential) -> None:
    """Compare the token's claims with what the credential says (Open Badges 3.0, 8.2.6.1)."""
    until = found.valid_until
    told = {
        "iss": found.issuer,
        "jti": found.url,
        "sub": found.subject_url,
        "nbf": found.valid_from.timestamp(),
        "exp": None if until is None else until.timestamp(),
    }
    for claim, value in told.items():
        if document.get(claim) != value:
            raise Malformed(f"its claim {claim} is not what the credential says")


def _foreign(token: str, ring: KeyRing, reason: Reason) -> Iterator[Fault]:
    """Tell whose a token says it is, where a key that is not given signed it."""
    if reason is Reason.WRONG_KEY and ring.issuer:
        signer = str(_header(token)["kid"]).rpartition("#")[0]
        if signer != ring.issuer:
            words = f"it is of {signer or 'nobody named'}, the keys are of {ring.issuer}"
            yield Fault(reason=Reason.FOREIGN_ISSUER, words=words)


def _whose(found: Credential, ring: KeyRing, token: str) -> Iterator[Fault]:
    signer = str(_header(token)["kid"]).rpartition("#")[0]
    for other in {signer, ring.issuer} - {found.issuer, ""}:
        words = f"it says it is of {found.issuer}, the key is of {other}"
        yield Fault(reason=Reason.FOREIGN_ISSUER, words=words)


def _timely(found: Credential, at: datetime) -> Iterator[Fault]:
    if at < found.valid_from:
        words = f"it begins on {found.valid_from.date()}"
        yield Fault(reason=Reason.NOT_YET_VALID, words=words)
    if found.valid_until is not None and at >= found.valid_until:
        yield Fault(reason=Reason.EXPIRED, words=f"it held until {found.valid_until.date()}")


def _told(
    entry: StatusEntry, found: Credential, ring: KeyRing, lists: Sequence[str]
) -> list[Fault] | None:
    """Return what the list of an entry speaks against a badge; None where it is not at hand."""
    faults: list[Fault] = []
    for text in lists:
        try:
            document = _payload(text, ring)
            if document.get("id") != entry.list_url:
                continue
            return _bit(document, entry, found)
        except (_Refused, Malformed, UnreadableList) as error:
            words = f"a status list cannot be trusted: {error}"
            faults.append(Fault(reason=Reason.STATUS_UNKNOWN, words=words))
    return faults or None


def _bit(document: Document, entry: StatusEntry, found: Credential) -> list[Fault]:
    subject = _inner(document, "credentialSubject")
    if "BitstringStatusListCredential" not in _many(document, "type"):
        raise Malformed("it is no status list")
    issuer = document.get("issuer")
    if found.issuer not in (issuer, issuer.get("id") if isinstance(issuer, dict) else None):
        raise Malformed("it is another issuer's")
    if entry.purpose not in _many(subject, "statusPurpose"):
        raise Malformed(f"it does not tell of {entry.purpose}")
    if entry.purpose not in _SET or not is_set(_text(subject, "encodedList"), entry.index):
        return []
    words = f"the status list {entry.list_url} says so"
    return [Fault(reason=_SET[entry.purpose], words=words)]


def _entries(document: Document) -> Iterator[StatusEntry]:
    for entry in _many(document, "credentialStatus") if "credentialStatus" in document else []:
        if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
            raise Malformed("its status is told in a way that is not known")
        index = _text(entry, "statusListIndex")
        if not (index.isascii() and index.isdigit() and len(index) <= 18):  # noqa: PLR2004 - 64 bits
            raise Malformed("its place in the status list is no number")
        purpose, reference = _text(entry, "statusPurpose"), entry.get("statusReference")
        yield StatusEntry(
            purpose=purpose, list_url=_text(entry, "statusListCredential"), index=int(index)
        )
        if purpose == REVOCATION and isinstance(reference, str):  # as our own badges have it
            yield StatusEntry(purpose=SUSPENSION, list_url=reference, index=int(index))


def _name(subject: Document) -> str:
    for one in _many(subject, "identifier") if "identifier" in subject else []:
        if isinstance(one, dict) and one.get("identityType") == "name" and not one.get("hashed"):
            return _text(one, "identityHash")
    return ""


def _text(document: Document, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(f"it lacks {name}")
    return value


def _inner(document: Document, name: str) -> Document:
    value = document.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"it lacks {name}")
    return value


def _many(document: Document, name: str) -> list[Any]:
    value = document.get(name)
    if value is None or value == []:
        raise Malformed(f"it lacks {name}")
    return value if isinstance(value, list) else [value]


def _moment(document: Document, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(document, name))
        moment.timestamp()
    except (ValueError, OverflowError):
        raise Malformed(f"its {name} is no moment") from None
    if moment.tzinfo is None:
        raise Malformed(f"its {name} has no zone")
    return moment


def _object(text: bytes) -> Document:
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("it holds no JSON") from None
    if not isinstance(found, dict):
        raise Malformed("it holds no JSON object")
    return found


def _no_number(text: str) -> float:
    raise ValueError(text)


def _bytes(part: str) -> bytes:
    try:
        return urlsafe_b64decode(f"{part}{'=' * (-len(part) % 4)}")
    except ValueError:
        raise Malformed("it is no signed token") from None


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")

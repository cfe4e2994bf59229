"""Lists of bits that tell which credentials are revoked or suspended (Bitstring Status List 1.0).

The first credential is the left-most bit. A list has at least 131,072 places, so that who asks for
it does not tell which credential is meant.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable

PLACES = 131_072
_BASE64URL = "u"  # the prefix of multibase
_GZIP = 31
_MOST_BYTES = 4 * 1024 * 1024


class UnreadableList(ValueError):
    """A list of bits cannot be read, or has no such place."""


def encoded_list(places: Iterable[int]) -> str:
    """Return a list in which the bits at `places` are set; the same places give the same text."""
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    squeezed = zlib.compressobj(wbits=_GZIP)
    packed = squeezed.compress(bytes(bits)) + squeezed.flush()
    return _BASE64URL + urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def is_set(encoded: str, place: int) -> bool:
    """Tell whether the bit at a place is set; raises UnreadableList."""
    bits = _decoded(encoded)
    if not 0 <= place < len(bits) * 8:
        raise UnreadableList(f"it has no place {place}")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def _decoded(encoded: str) -> bytes:
    if not encoded.startswith(_BASE64URL):
        raise UnreadableList("it is not multibase base64url")
    try:
        padded = encoded[1:] + "=" * (-len(encoded[1:]) % 4)
        packed = b64decode(padded, altchars=b"-_", validate=True)
        opened = zlib.decompressobj(_GZIP)
        bits = opened.decompress(packed, _MOST_BYTES)
    except (ValueError, zlib.error) as error:
        raise UnreadableList("it is not what GZIP makes") from error
    if opened.unconsumed_tail or opened.unused_data or not opened.eof:
        raise UnreadableList("it is cut off, or larger than any list")
    if len(bits) * 8 < PLACES:
        raise UnreadableList(f"it has fewer than {PLACES:,} places")
    return bits

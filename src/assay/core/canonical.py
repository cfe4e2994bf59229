"""One spelling for plain values, so that a digest of them means something (after RFC 8785)."""

from __future__ import annotations

import hashlib
import json


def canonical(value: object) -> bytes:
    """Write plain values as JSON in one way: keys sorted, no blanks, UTF-8.

    Numbers are whole; what has decimals is text. Raises TypeError or ValueError for all else.
    """
    _refuse_others(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def _refuse_others(value: object) -> None:
    """Raise TypeError for a value that has more than one spelling, wherever it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise TypeError(name)
            _refuse_others(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_others(inner)
    elif value is not None and not isinstance(value, (str, int)):
        raise TypeError(value)

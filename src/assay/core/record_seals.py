"""The seal of an exported record: the last line, which signs which lines stand before it.

Each line of an export is signed by itself; only the seal says that all are there, in their order,
and until when that was all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from assay.core.canonical import canonical, sha256

FORMAT = "assay-record-seal/1"
KIND = "assay-record-seal"


def seal_of(lines: Sequence[bytes], *, at: datetime) -> dict[str, Any]:
    """Return what a seal signs: the moment of the export and the SHA-256 of each line."""
    return {
        "format": FORMAT,
        "exported_at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "lines": [sha256(line) for line in lines],
    }


def read_seal(payload: bytes) -> tuple[datetime, list[str]]:
    """Return the moment and the lines that a seal signs; raises ValueError where it is none."""
    found = json.loads(payload)
    if not isinstance(found, dict) or set(found) != {"format", "exported_at", "lines"}:
        raise ValueError("it is no seal of a record")
    lines, at = found["lines"], found["exported_at"]
    told = isinstance(lines, list) and isinstance(at, str) and found["format"] == FORMAT
    if not told or canonical(found) != payload:
        raise ValueError("it is no seal of a record")
    return datetime.fromisoformat(at), lines


def seal_fault(sealed: Sequence[str], lines: Sequence[bytes]) -> tuple[int, str] | None:
    """Return the first line that is not as sealed, by its number, and what is wrong; else None."""
    found = [sha256(line) for line in lines]
    for number, (asked, there) in enumerate(zip(sealed, found, strict=False), 1):
        if asked == there:
            continue
        if asked in found:
            words = "was put in" if there not in sealed else "stands in another place"
        else:
            words = "is missing" if there in sealed else "was changed"
        return number, words
    if len(sealed) == len(found):
        return None
    words = "is missing" if len(found) < len(sealed) else "was put in"
    return min(len(sealed), len(found)) + 1, words

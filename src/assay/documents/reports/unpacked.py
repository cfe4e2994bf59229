"""Files as given: their digest, and what is inside gzip, within bounds."""

from __future__ import annotations

import hashlib
import zlib
from gzip import BadGzipFile, GzipFile
from pathlib import Path

from assay.core.issues import Issue, Refused

GZIP = b"\x1f\x8b"
_AT_ONCE = 1 << 20
_MOST_AT_FIRST = 64 << 20  # bytes unpacked whatever the file's size
_MOST_TIMES = 60  # real reports shrink to a tenth; a bomb to a thousandth


def sha256(path: Path) -> str:
    """Digest the bytes of a file (64 hex digits)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpacked(path: Path, *, name: str, scratch: Path) -> Path:
    """Give the file itself, or what is inside it when it is gzip; raises Refused."""
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return path
        file.seek(0)
        inside = scratch / "unpacked"
        most = _MOST_AT_FIRST + _MOST_TIMES * path.stat().st_size
        size = 0
        try:
            with GzipFile(fileobj=file) as packed, inside.open("wb") as out:
                while block := packed.read(_AT_ONCE):
                    size += len(block)
                    if size > most:
                        message = f"unpacks to more than {_MOST_TIMES} times its size"
                        hint = "unpack it yourself if you trust it"
                        raise Refused(Issue(file=name, message=message, hint=hint))
                    out.write(block)
        except (EOFError, BadGzipFile, zlib.error) as error:
            message = f"cannot be unpacked: {error}"
            raise Refused(Issue(file=name, message=message, hint="is the file whole?")) from error
    return inside

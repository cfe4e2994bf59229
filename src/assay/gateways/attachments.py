"""Files that people attach: their type told by their content, kept as sent, given out as sent.

What is kept is never run or shown by the portal: it is downloaded, under a type that its content
has, so that nothing in it can act for the reader.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import IO

from assay.core.issues import Issue, Refused

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
_NAME = re.compile(r"[0-9a-f]{32}\.attached")
_ANY_NAME = re.compile(_NAME.pattern + r"(\.new)?")  # one that was not written to its end, too
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
ENDINGS = tuple(_MEDIA_TYPES)
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that was kept: its name in the folder, its own name, its type, its size in bytes."""

    file: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Attachments:
    """The folder of an installation's files, as far as people attach them."""

    folder: Path

    def keep(self, sent: IO[bytes], name: str, *, column: str, most: int = MOST_BYTES) -> Attached:
        """Keep a file that somebody sent, on disk when this returns; raises Refused.

        Its name cannot be guessed. Refused is what is empty or larger than `most` bytes, whose
        ending is not one of `ENDINGS`, or whose content is not what its ending says.
        """
        shown = _shown(name)
        ending = shown.rpartition(".")[2].lower()
        if ending not in _MEDIA_TYPES:
            raise _refused(column, "is of a kind that cannot be attached")
        size = sent.seek(0, os.SEEK_END)
        if not 0 < size <= most:
            what = "is empty" if not size else f"is larger than {most // MEGABYTE} MB"
            raise _refused(column, what)
        sent.seek(0)
        if not _CHECKS[ending](sent):
            raise _refused(column, f"is not what a file that ends in .{ending} holds")
        sent.seek(0)
        self.folder.mkdir(parents=True, exist_ok=True)
        file = f"{secrets.token_hex(16)}.attached"
        fresh = self.folder / f"{file}.new"
        with fresh.open("xb") as out:
            shutil.copyfileobj(sent, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self.folder / file)
        return Attached(file=file, name=shown, media_type=_MEDIA_TYPES[ending], size=size)

    def open(self, file: str) -> BufferedReader | None:
        """Open a file that was kept; None where there is none of this name."""
        if not _NAME.fullmatch(file):
            return None
        try:
            return (self.folder / file).open("rb")
        except FileNotFoundError:
            return None

    def digest(self, file: str) -> str | None:
        """Return the SHA-256 of a file that was kept, in hex; None where there is none."""
        held = self.open(file)
        if held is None:
            return None
        with held:
            return hashlib.file_digest(held, "sha256").hexdigest()

    def remove(self, file: str) -> None:
        """Remove a file, if it is there."""
        if _ANY_NAME.fullmatch(file):
            (self.folder / file).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> tuple[str, ...]:
        """Return the names of the files that were kept, or begun, before a moment."""
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return tuple(
            one.name
            for one in found
            if _ANY_NAME.fullmatch(one.name) and one.stat().st_mtime < moment.timestamp()
        )


def _shown(name: str) -> str:
    """Return a file's own name without folders, marks and what a header could be broken with."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = re.sub(r"[^\w. ()-]", "_", last).strip(" .")
    stem, _, ending = plain.rpartition(".")
    return f"{stem[:100] or 'file'}.{ending[:8]}"


def _begins(*marks: bytes, at: int = 0) -> Callable[[IO[bytes]], bool]:
    def begins(sent: IO[bytes]) -> bool:
        return sent.read(at + 16)[at:].startswith(marks)

    return begins


def _is_webp(sent: IO[bytes]) -> bool:
    head = sent.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"


def _is_office(ending: str) -> Callable[[IO[bytes]], bool]:
    def is_office(sent: IO[bytes]) -> bool:
        """Tell whether it is such a document, and one without macros."""
        try:
            with zipfile.ZipFile(sent) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False
        macros = any("vbaproject" in name.lower() for name in names)
        return {"[Content_Types].xml", _PARTS[ending]} <= names and not macros

    return is_office


def _is_text(sent: IO[bytes]) -> bool:
    try:
        return "\0" not in sent.read().decode()
    except UnicodeDecodeError:
        return False


_JPEG = _begins(b"\xff\xd8\xff")
_CHECKS: Mapping[str, Callable[[IO[bytes]], bool]] = {
    "pdf": _begins(b"%PDF-"),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "webp": _is_webp,
    **{ending: _is_office(ending) for ending in _PARTS},
    "txt": _is_text,
    "csv": _is_text,
    "mp4": _begins(b"ftyp", at=4),
    "webm": _begins(b"\x1a\x45\xdf\xa3"),
}


def _refused(column: str, message: str) -> Refused:
    hint = f"attach a file that ends in .{', .'.join(ENDINGS[:-1])} or .{ENDINGS[-1]}"
    return Refused(Issue(file="upload", column=column, message=message, hint=hint))

"""Files of an installation: pictures as we drew them anew, never as they were sent."""

from __future__ import annotations

import io
import os
import re
import secrets
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

from assay.core.issues import Issue, Refused

_FORMATS = ("PNG", "JPEG", "WEBP")
_NAME = re.compile(r"[0-9a-f]{32}\.webp")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a picture may be: bytes as sent, pixels as sent, and the box it is fitted into."""

    most_bytes: int
    most_pixels: int
    box: tuple[int, int]
    least: int  # pixels, of each side


LOGO = Frame(most_bytes=2 * MEGABYTE, most_pixels=16_000_000, box=(512, 512), least=32)
SCREENSHOT = Frame(most_bytes=8 * MEGABYTE, most_pixels=24_000_000, box=(1920, 1440), least=200)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A picture drawn anew: WebP without a trace of what came with it, and its size."""

    bytes: bytes
    width: int
    height: int


def draw_anew(sent: IO[bytes], frame: Frame, *, column: str) -> Drawn:
    """Draw a picture that somebody sent anew, as WebP; raises Refused for anything else.

    Only its pixels are kept: no metadata, no second frame, nothing that hides behind it.
    """
    content = sent.read(frame.most_bytes + 1)
    if len(content) > frame.most_bytes:
        raise _refused(column, f"is larger than {frame.most_bytes // MEGABYTE} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _drawn(content, frame, column)
    except (
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        MemoryError,
        OverflowError,
        struct.error,
        Warning,
    ) as error:
        raise _refused(column, "is not a picture that can be read") from error


def _drawn(content: bytes, frame: Frame, column: str) -> Drawn:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        width, height = image.size
        if width * height > frame.most_pixels:
            raise _refused(column, f"has {width} × {height} pixels, which is too many")
        if min(width, height) < frame.least:
            raise _refused(column, f"has {width} × {height} pixels; each side needs {frame.least}")
        upright = ImageOps.exif_transpose(image)
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail(frame.box)
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    held = io.BytesIO()
    clean.save(held, "WEBP", quality=90, method=4)
    return Drawn(bytes=held.getvalue(), width=clean.width, height=clean.height)


def _refused(column: str, message: str) -> Refused:
    return Refused(
        Issue(
            file="upload", column=column, message=message, hint="send a PNG, JPEG or WebP picture"
        )
    )


@dataclass(frozen=True)
class Files:
    """The folder of an installation's files."""

    folder: Path

    def keep(self, drawn: Drawn) -> str:
        """Write a picture, on disk when this returns; returns its name, which cannot be guessed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{secrets.token_hex(16)}.webp"
        fresh = self.folder / f"{name}.new"
        with fresh.open("xb") as file:
            file.write(drawn.bytes)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / name)
        return name

    def read(self, name: str) -> bytes | None:
        """Return a picture; None where there is none of this name."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Remove a picture, if it is there."""
        if _NAME.fullmatch(name):
            (self.folder / name).unlink(missing_ok=True)

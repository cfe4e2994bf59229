"""JSON reports, read as a stream: memory holds one record, however long the list is."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import BinaryIO

import ijson
from ijson.common import ObjectBuilder

from assay.core.issues import Issue, Refused

_AT_ONCE = 1 << 16
_LARGEST_RECORD = 16 << 20  # bytes
_DEEPEST = 32
_LONGEST_NUMBER = 1_000  # digits; Python and the parser break on a few thousand
_ALL_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_ENDS = ("end_map", "end_array")
_STARTS = ("start_map", "start_array")


class _Bounded:
    """A file that refuses what would break or flood the parser behind it."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self.since_record = 0

    def read(self, size: int) -> bytes:
        block = self._file.read(size)
        self.since_record += len(block)
        if self.since_record > _LARGEST_RECORD:
            message = f"has a record of more than {_LARGEST_RECORD:,} bytes"
            raise Refused(Issue(file=self._name, message=message, hint="is it a report?"))
        if b"0" * _LONGEST_NUMBER in block.translate(_ALL_DIGITS_ALIKE):
            message = f"has a number of more than {_LONGEST_NUMBER:,} digits"
            raise Refused(Issue(file=self._name, message=message))
        return block


def records(path: Path, *, name: str, under: str | None) -> Iterator[object]:
    """Read the records of a JSON array: the document itself, or the one at its key `under`.

    Numbers come as int or Decimal, exactly. Raises Refused for what is not whole JSON.
    """
    with _opened(path, name) as bounded, _parsing(name):
        for record in _records(ijson.basic_parse(bounded, buf_size=_AT_ONCE), name, under):
            bounded.since_record = 0
            yield record


def has_key(path: Path, key: str, *, name: str) -> bool:
    """Tell whether the JSON object in a file has `key`; raises Refused for what is not JSON."""
    with _opened(path, name) as bounded, _parsing(name):
        depth = 0
        for event, value in ijson.basic_parse(bounded, buf_size=_AT_ONCE):
            depth += (event in _STARTS) - (event in _ENDS)
            if event == "map_key" and depth == 1 and value == key:
                return True
    return False


@contextmanager
def _opened(path: Path, name: str) -> Iterator[_Bounded]:
    with path.open("rb") as file:
        if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            file.seek(0)
        yield _Bounded(file, name)


@contextmanager
def _parsing(name: str) -> Iterator[None]:
    try:
        yield
    except (ijson.JSONError, DecimalException, ValueError) as error:
        reason = str(error).partition("\n")[0]
        message = f"is not whole JSON: {reason}"
        hint = "is the file cut off? Nothing of it was read"
        raise Refused(Issue(file=name, message=message, hint=hint)) from error


def _records(
    events: Iterator[tuple[str, object]], name: str, under: str | None
) -> Iterator[object]:
    """Build the records at depth 1 (or 2, under a key of the outer object) from parser events."""
    home = 1 if under is None else 2
    depth = 0
    key: object = None
    builder: ObjectBuilder | None = None
    for event, value in events:
        depth -= event in _ENDS
        if event == "map_key" and depth == 1:
            key = value
        if depth == home and builder is None and (under is None or key == under):
            builder = _started(event)
        if builder is not None:
            builder.event(event, value)
        if builder is not None and depth == home and event not in _STARTS:
            yield builder.value
            builder = None
        depth += event in _STARTS
        if depth > _DEEPEST:
            message = f"is nested more than {_DEEPEST} levels deep"
            raise Refused(Issue(file=name, message=message, hint="is it a report?"))


def _started(event: str) -> ObjectBuilder | None:
    """Start to build a record, unless the event is the end of the list that holds them."""
    return None if event in (*_ENDS, "map_key") else ObjectBuilder()


def as_text(value: object) -> str | None:
    """Write a JSON value as the text of a cell; numbers exactly, without an exponent."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _plain(value)
    return str(value)[:200]


def _plain(number: Decimal) -> str:
    """Write a number without exponent and trailing zeros, where that has a sensible length."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not -100 < exponent < 30:  # noqa: PLR2004 - as said
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

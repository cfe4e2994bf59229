"""Verify an exported record without the installation: of a review, or of who did what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from assay.core import record_seals
from assay.core.canonical import canonical
from assay.core.events import Chained, Walk, chained_of
from assay.core.issues import Issue, Refused
from assay.core.signatures import MOST_BYTES, Signed, kind_of, opened
from assay.gateways.keys import read_jwks
from assay.jobs.records.read_record import read_case, read_record

EVENTS = "assay-events"
_LONGEST_LINE = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a file holds, in words, and whose keys signed it; `known`: all are keys given."""

    words: str
    key_ids: tuple[str, ...]
    known: bool | None


def verify_file(path: Path, *, keys: Path | None = None) -> Verified:
    """Verify every byte of an exported file; raises Refused with what is wrong, where.

    With `keys` (what `assay keys show` printed) it is refused too where another key signed.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(1)
            file.seek(0)
            words, signers = _events(file, path) if begins == b"{" else _record(file, path)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Refused(Issue(file=str(path), message=reason.lower())) from None
    key_ids = tuple(dict.fromkeys(signed.key_id for signed in signers))
    if keys is not None:
        _refuse_unknown(set(key_ids), keys, path)
    return Verified(words=words, key_ids=key_ids, known=None if keys is None else True)


def _refuse_unknown(signers: set[str], keys: Path, path: Path) -> None:
    unknown = sorted(signers - {key["kid"] for key in read_jwks(keys)})
    if unknown:
        raise Refused(
            Issue(
                file=str(path),
                message=f"is signed by {unknown[0]}, none of the keys given",
                hint="ask the operator for the keys, by a way that you trust",
            )
        )


def _record(file: IO[bytes], path: Path) -> tuple[str, list[Signed]]:
    """Read a review's record, the cases on it and the seal; each is signed, perhaps by other keys.

    The seal comes first: which line was changed, moved, removed or put in is told by its place.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _refused(path, "is larger than any exported record")
    lines = content.split(b"\n")
    if lines.pop() != b"":
        raise _refused(f"{path}, line {len(lines) + 1}", "has no end: the file is cut off")
    exported_at, seal = _seal(lines, path)
    first, *more = [line.decode("ascii") for line in lines[:-1]]
    read = read_record(first, file=f"{path}, line 1")
    cases = [
        read_case(line, read, file=f"{path}, line {number}") for number, line in enumerate(more, 2)
    ]
    words = record_words(read.document, [case.document for case in cases])
    signers = [read.signed, *(case.signed for case in cases), seal]
    return f"{words}; exported {exported_at:%Y-%m-%d %H:%M} UTC with all cases until then", signers


def _seal(lines: Sequence[bytes], path: Path) -> tuple[datetime, Signed]:
    """Open the last line and hold the lines before it against it; return when it was sealed."""
    last = lines[-1].decode("ascii", "replace") if lines else ""
    place = f"{path}, line {max(len(lines), 1)}"
    if kind_of(last) != record_seals.KIND:
        raise _refused(place, "is the last line and no seal: lines are missing or were put in")
    signed = opened(last, kind=record_seals.KIND, file=place)
    try:
        exported_at, sealed = record_seals.read_seal(signed.payload)
        found = record_seals.seal_fault(sealed, lines[:-1])
    except (ValueError, TypeError, RecursionError):
        raise _refused(place, "is no seal of a record") from None
    if found is not None:
        number, words = found
        raise _refused(f"{path}, line {number}", f"{words}: the seal signs other lines")
    return exported_at, signed


def _refused(place: object, message: str) -> Refused:
    hint = "take the file anew from where it was exported"
    return Refused(Issue(file=str(place), message=message, hint=hint))


def record_words(record: dict[str, Any], cases: Sequence[dict[str, Any]] = ()) -> str:
    """Say what a record is of, and how many cases were decided since."""
    closed, decisions = record["closed"], record["decisions"]
    by = "by the product itself" if closed["by"] is None else f"by {_who(closed['by'])}"
    findings = sum(len(decision["findings"]) for decision in decisions)
    since = f"; cases decided since: {len(cases)}" if cases else ""
    return (
        f"review {record['review']} of {record['on']} by {record['program']['label']}: "
        f"{len(decisions):,} decisions, {findings:,} findings; closed {closed['at'][:10]} {by}"
        f"{since}"
    )


def _who(person: dict[str, Any]) -> str:
    return f"{person['name']} <{person['email']}>" if person["name"] else str(person["email"])


def _events(file: IO[bytes], path: Path) -> tuple[str, list[Signed]]:
    """Follow the events of a file and open its seal; a part of the record may have gaps."""
    reading = _Reading(file, path)
    head = reading.head()
    walk = Walk()
    if head["whole"]:
        for _ in walk.follow(reading.events()):
            pass
        if walk.broken is not None:
            raise reading.refused(str(walk.broken))
    else:
        for event in reading.events():
            if event.fault:
                raise reading.refused(f"event {event.number:,}: {event.fault}")
    signed = reading.seal()
    kind = "the whole record" if head["whole"] else "a part of the record, as it was filtered"
    return f"{reading.count:,} events, {kind}", [signed]


class _Reading:
    """Reads an exported file of events line by line, and digests what it reads."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self.path = path
        self.digest = hashlib.sha256()
        self.count = 0
        self._last = b""
        self._lines = self._ahead(file)

    def refused(self, words: str) -> Refused:
        """Return the refusal of the file, for a reason."""
        return _refused(self.path, words)

    def head(self) -> dict[str, Any]:
        """Read the first line: what the file holds."""
        found = self._document(next(self._lines, b""))
        if found not in (head_of(whole=True), head_of(whole=False)):
            raise self.refused("is no exported record of events")
        return found

    def events(self) -> Iterator[Chained]:
        """Yield the events."""
        for line in self._lines:
            try:
                yield chained_of(self._document(line))
            except (ValueError, TypeError, KeyError):
                raise self.refused(f"line {self.count + 2:,} is no event") from None
            self.count += 1

    def seal(self) -> Signed:
        """Open the last line, which signs all before it; raises Refused where it does not."""
        line = self._document(self._last)
        text = line.get("seal")
        if len(line) != 1 or not isinstance(text, str):
            raise self.refused("is cut off: its last line is no seal")
        signed = opened(text, kind=EVENTS, file=str(self.path))
        if signed.payload != canonical(seal_of(self.digest.hexdigest(), self.count)):
            raise self.refused("its events are not those that its seal signs")
        return signed

    def _ahead(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield every line but the last, which is kept."""
        while line := file.readline(_LONGEST_LINE):
            if self._last:
                self.digest.update(self._last)
                yield self._last
            self._last = line

    def _document(self, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line)
            if isinstance(found, dict) and canonical(found) + b"\n" == line:
                return found
        except (ValueError, TypeError, RecursionError):
            pass
        raise self.refused(f"line {self.count + 2:,} is not as it was written")


def head_of(*, whole: bool) -> dict[str, Any]:
    """Return the first line of an exported record: its format, and whether it has every event."""
    return {"format": "assay-events/1", "whole": whole}


def seal_of(digest: str, count: int) -> dict[str, Any]:
    """Return what the last line signs: the SHA-256 of all lines before it, and how many events."""
    return {"events": count, "sha256": digest}

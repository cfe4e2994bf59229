"""Verify an exported record without the installation: of a review, or of who did what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assay.core.canonical import canonical
from assay.core.events import Chained, Walk, chained_of
from assay.core.issues import Issue, Refused
from assay.core.signatures import MOST_BYTES, Signed, opened
from assay.gateways.keys import read_jwks
from assay.jobs.records.read_record import read_case, read_record

EVENTS = "assay-events"
_LONGEST_LINE = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a file holds, in words, and whose key signed it; `known`: one of the keys given."""

    words: str
    key_id: str
    known: bool | None


def verify_file(path: Path, *, keys: Path | None = None) -> Verified:
    """Verify every byte of an exported file; raises Refused with what is wrong.

    With `keys` (what `assay keys show` printed) it is refused too where none of them signed it.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(1)
            file.seek(0)
            if begins == b"{":
                (words, signed), others = _events(file, path), set[str]()
            else:
                words, signed, others = _record(file, path)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Refused(Issue(file=str(path), message=reason.lower())) from None
    if keys is not None:
        _refuse_unknown({signed.key_id, *others}, keys, path)
    return Verified(words=words, key_id=signed.key_id, known=None if keys is None else True)


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


def _record(file: IO[bytes], path: Path) -> tuple[str, Signed, set[str]]:
    """Read a review's record and the cases on it; each line is signed, perhaps by other keys."""
    content = file.read(MOST_BYTES + 1)
    text, end = content[:-1], content[-1:]
    if end != b"\n" or len(content) > MOST_BYTES or not text.isascii():
        raise Refused(Issue(file=str(path), message="is no exported record, or not a whole one"))
    first, *more = text.decode("ascii").split("\n")
    read = read_record(first, file=str(path))
    cases = [
        read_case(line, read, file=f"{path}, line {number}") for number, line in enumerate(more, 2)
    ]
    numbers = [case.document["case"] for case in cases]
    if numbers != sorted(set(numbers)):
        raise Refused(Issue(file=str(path), message="its cases are not in order, or stand twice"))
    words = record_words(read.document, [case.document for case in cases])
    return words, read.signed, {case.signed.key_id for case in cases}


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


def _events(file: IO[bytes], path: Path) -> tuple[str, Signed]:
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
    return f"{reading.count:,} events, {kind}", signed


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
        return Refused(Issue(file=str(self.path), message=words))

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

"""Read the record of a review and of the cases on it: as signed, checked for all that can be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assay.core import case_records
from assay.core.canonical import canonical, sha256
from assay.core.case_records import case_faults
from assay.core.issues import Issue, Refused
from assay.core.records import KIND, Document, faults
from assay.core.signatures import Signed, opened


@dataclass(frozen=True, kw_only=True)
class ReadRecord:
    """A record that is as it was signed and goes together, and how it was signed."""

    document: Document
    signed: Signed

    @property
    def digest(self) -> str:
        """The SHA-256 of what is signed."""
        return sha256(self.signed.payload)


def read_record(text: str, *, file: str) -> ReadRecord:
    """Read a signed record; raises Refused, naming `file`, with all that is wrong with it."""
    return _read(text, faults, kind=KIND, what="record of a review", file=file)


def read_case(text: str, record: ReadRecord, *, file: str) -> ReadRecord:
    """Read the signed record of a case on a review whose record was read; raises Refused."""

    def wrong(document: Document) -> Iterator[str]:
        return case_faults(document, record.document, record.digest)

    return _read(text, wrong, kind=case_records.KIND, what="record of a case", file=file)


def _read(
    text: str, wrong: Callable[[Document], Iterator[str]], *, kind: str, what: str, file: str
) -> ReadRecord:
    found = opened(text, kind=kind, file=file)
    try:
        document = json.loads(found.payload)
        said = list(wrong(document))
        if canonical(document) != found.payload:
            said.append("it is not written in the one spelling of a record")
    except (ValueError, TypeError, KeyError, RecursionError):
        said = [f"it is no {what}"]
    if said:
        raise Refused(*(Issue(file=file, message=words) for words in said))
    return ReadRecord(document=document, signed=found)

"""Read the record of a review: the text as it is signed, checked for all that can be checked."""

from __future__ import annotations

import json
from dataclasses import dataclass

from assay.core.canonical import canonical
from assay.core.issues import Issue, Refused
from assay.core.records import KIND, Document, faults
from assay.core.signatures import Signed, opened


@dataclass(frozen=True, kw_only=True)
class ReadRecord:
    """A record that is as it was signed and goes together, and how it was signed."""

    document: Document
    signed: Signed


def read_record(text: str, *, file: str) -> ReadRecord:
    """Read a signed record; raises Refused, naming `file`, with all that is wrong with it."""
    found = opened(text, kind=KIND, file=file)
    try:
        document = json.loads(found.payload)
        wrong = list(faults(document))
        if canonical(document) != found.payload:
            wrong.append("it is not written in the one spelling of a record")
    except (ValueError, TypeError, KeyError, RecursionError):
        wrong = ["it is no record of a review"]
    if wrong:
        raise Refused(*(Issue(file=file, message=words) for words in wrong))
    return ReadRecord(document=document, signed=found)

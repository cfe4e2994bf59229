"""Export the record of a review as it is signed, with those of the cases decided on it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from assay.core.canonical import canonical
from assay.core.issues import Issue, Refused
from assay.core.record_seals import KIND, seal_of
from assay.core.signatures import signed
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.records.export_events import write_new
from assay.store.queries.reviews.records import case_records_of, record_of


def record_text(installation: Installation, number: int, *, at: datetime) -> bytes:
    """Return the exported record of a review; raises Refused where it has none.

    The first line is the review's, each further one that of a case, in the order of their numbers.
    The last is the seal: that these are all lines, as of `at`.
    """
    kept = record_of(number)
    if kept is None:
        raise Refused(
            Issue(
                file=f"review {number}",
                message="has no record",
                hint="`assay reviews` lists the reviews; a closed one has a record",
            )
        )
    texts = (kept.text, *(case.text for case in case_records_of(number)))
    lines = [text.encode("ascii") for text in texts]
    seal = signed(canonical(seal_of(lines, at=at)), Keys.of(installation).current(), kind=KIND)
    return b"".join(line + b"\n" for line in (*lines, seal.encode("ascii")))


def export_record(installation: Installation, number: int, out: Path, *, at: datetime) -> int:
    """Write the record of a review to a new file; return its size in bytes. Raises Refused."""
    text = record_text(installation, number, at=at)
    write_new(out, [text])
    return len(text)

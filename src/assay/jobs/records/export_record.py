"""Export the record of a review as it is signed, with those of the cases decided on it."""

from __future__ import annotations

from pathlib import Path

from assay.core.issues import Issue, Refused
from assay.jobs.records.export_events import write_new
from assay.store.queries.reviews.records import case_records_of, record_of


def record_text(number: int) -> bytes:
    """Return the exported record of a review; raises Refused where it has none.

    The first line is the review's, each further one that of a case, in the order of their numbers.
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
    lines = (kept.text, *(case.text for case in case_records_of(number)))
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def export_record(number: int, out: Path) -> int:
    """Write the record of a review to a new file; return its size in bytes. Raises Refused."""
    text = record_text(number)
    write_new(out, [text])
    return len(text)

"""Replay a review from its record: the program in it, the facts as the ledger knew them then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from assay.core.canonical import sha256
from assay.core.issues import Issue, Refused
from assay.core.records import Difference, Document, first_difference
from assay.documents.program_texts import ProgramTexts
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.records.compute_again import computed_again, facts_difference, told
from assay.jobs.records.read_record import ReadRecord, read_record
from assay.jobs.records.replay_cases import replay_cases
from assay.store.models import Decision, ReviewRecord
from assay.store.queries.reviews.records import record_of


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How a review and its cases came out again: how much, and the first difference, if any."""

    review: int
    on: str
    decisions: int
    findings: int
    cases: int
    difference: Difference | None


def replay_review(installation: Installation, number: int) -> Replayed:
    """Compute a closed review again and compare every decision and finding with its record.

    So is every case decided since. What the portal shows is held against the records too. Raises
    Refused where there is no record, one was changed, or the facts cannot be read.
    """
    kept = _kept(number)
    read = read_kept(installation, kept)
    record = read.document
    texts = record["program"]
    program = ProgramTexts(program=texts["text"], vocabulary=texts["vocabulary"]).read()
    on = date.fromisoformat(record["on"])
    computed, digest = computed_again(installation, program, record["facts"], on)
    recorded: list[Document] = record["decisions"]
    cases = replay_cases(installation, program, read)
    return Replayed(
        review=number,
        on=record["on"],
        decisions=len(recorded),
        findings=sum(len(decision["findings"]) for decision in recorded),
        cases=cases.count,
        difference=facts_difference(record["facts"], digest)
        or first_difference(recorded, told(computed))
        or _shown(kept, recorded)
        or cases.difference,
    )


def read_kept(installation: Installation, kept: ReviewRecord) -> ReadRecord:
    """Read the record that is kept of a review; raises Refused where it is not as we signed it."""
    name = f"record of review {kept.review_id}"
    read = read_record(kept.text, file=name)
    if not Keys.of(installation).knows(read.signed.key_id):
        raise Refused(Issue(file=name, message="is signed by another's key"))
    if read.document["review"] != kept.review_id or kept.digest != sha256(read.signed.payload):
        raise Refused(Issue(file=name, message="is the record of another review"))
    return read


def _kept(number: int) -> ReviewRecord:
    kept = record_of(number)
    if kept is None:
        raise Refused(
            Issue(
                file=f"review {number}",
                message="has no record",
                hint="`assay reviews` lists the reviews; a closed one has a record",
            )
        )
    return kept


def _shown(kept: ReviewRecord, recorded: list[Document]) -> Difference | None:
    """Return the first decision that is shown with another tier or explanation than recorded."""
    by_partner: dict[str, Any] = {one["partner"]: one for one in recorded}
    rows = Decision.objects.filter(review_id=kept.review_id).select_related("partner")
    for row in rows.order_by("partner__key").iterator(chunk_size=500):
        found = by_partner.pop(row.partner.key, None)
        if found is None:
            return _differs(row.partner.key, "no decision", "one that is shown")
        if found["tier"] != row.tier:
            return _differs(row.partner.key, found["tier"], f"{row.tier} is shown")
        if found["explanation"] != sha256(row.explanation.encode()):
            return _differs(row.partner.key, "another explanation", "the one that is shown")
    for partner in by_partner:
        return _differs(partner, "a decision", "none is shown")
    return None


def _differs(partner: str, recorded: str, computed: str) -> Difference:
    return Difference(partner=partner, requirement="", recorded=recorded, computed=computed)

"""Replay a review from its record: the program in it, the facts as the ledger knew them then."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assay.core.canonical import sha256
from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.core.records import Difference, Document, finding, findings_digest, first_difference
from assay.documents.program_texts import ProgramTexts
from assay.engine.reviews import Review as Computed
from assay.engine.reviews import review as compute
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.records.read_record import read_record
from assay.ledger.ledger import Ledger
from assay.store.models import Decision, ReviewRecord
from assay.store.queries.reviews.records import record_of


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How a review came out again: how much was compared, and the first difference, if any."""

    review: int
    on: str
    decisions: int
    findings: int
    difference: Difference | None


def replay_review(installation: Installation, number: int) -> Replayed:
    """Compute a closed review again and compare every decision and finding with its record.

    What the portal shows of it is held against the record too. Raises Refused where there is no
    record, it was changed, or the facts cannot be read.
    """
    kept = _kept(number)
    record = read_kept(installation, kept)
    texts = record["program"]
    program = ProgramTexts(program=texts["text"], vocabulary=texts["vocabulary"]).read()
    computed, digest = _computed(installation, program, record)
    recorded: list[Document] = record["decisions"]
    return Replayed(
        review=number,
        on=record["on"],
        decisions=len(recorded),
        findings=sum(len(decision["findings"]) for decision in recorded),
        difference=_facts(record, digest)
        or first_difference(recorded, told(computed))
        or _shown(kept, recorded),
    )


def read_kept(installation: Installation, kept: ReviewRecord) -> Document:
    """Read the record that is kept of a review; raises Refused where it is not as we signed it."""
    name = f"record of review {kept.review_id}"
    read = read_record(kept.text, file=name)
    if not Keys.of(installation).knows(read.signed.key_id):
        raise Refused(Issue(file=name, message="is signed by another's key"))
    if read.document["review"] != kept.review_id or kept.digest != sha256(read.signed.payload):
        raise Refused(Issue(file=name, message="is the record of another review"))
    return read.document


def told(computed: Computed) -> list[Document]:
    """Return computed decisions with their findings as a record has them."""
    program = computed.program
    key = program.vocabulary.tables[program.vocabulary.subject].key[0]
    findings: dict[str, list[Document]] = defaultdict(list)
    for row in computed.findings.to_pylist():
        findings[row[key]].append(
            finding(
                tier=row["tier"],
                requirement=row["requirement"],
                clause=program.requirements[row["requirement"]].clause,
                outcome=row["outcome"],
                measured=json.loads(row["measured"]),
            )
        )
    return [
        {
            "partner": row[key],
            "tier": row["tier"],
            "findings": findings[row[key]],
            "digest": findings_digest(findings[row[key]]),
        }
        for row in computed.decisions.to_pylist()
    ]


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


def _computed(
    installation: Installation, program: Program, record: Document
) -> tuple[Computed, str]:
    """Compute the review on the facts that its digest names, else those known at its moment."""
    ledger = Ledger.open(installation.ledger, vocabulary=program.vocabulary)
    batch = ledger.batch_of(record["facts"]["digest"])
    known_at = datetime.fromisoformat(record["facts"]["known_at"])
    facts = ledger.facts(known_at) if batch is None else ledger.facts_after(batch)
    on = date.fromisoformat(record["on"])
    with tempfile.TemporaryDirectory(prefix="assay-") as scratch:
        return compute(program, facts, on=on, scratch=Path(scratch)), facts.digest


def _facts(record: Document, digest: str) -> Difference | None:
    """Return the difference of the facts; a digest by another scheme says nothing."""
    recorded = str(record["facts"]["digest"])
    if recorded == digest or recorded.partition(":")[0] != digest.partition(":")[0]:
        return None
    return Difference(partner="facts", requirement="", recorded=recorded, computed=digest)


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

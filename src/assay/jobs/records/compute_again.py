"""Compute a recorded run again: the program in the record, the facts as the ledger knew them."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

from assay.core.program import Program
from assay.core.records import Difference, Document, finding, findings_digest
from assay.engine.reviews import Review as Computed
from assay.engine.reviews import review as compute
from assay.gateways.installation import Installation
from assay.ledger.ledger import Ledger


def computed_again(
    installation: Installation, program: Program, facts: Document, on: date
) -> tuple[Computed, str]:
    """Compute on the facts that a digest on record names, else those known at its moment.

    Returns the digest of the facts too.
    """
    ledger = Ledger.open(installation.ledger, vocabulary=program.vocabulary)
    batch = ledger.batch_of(facts["digest"])
    known_at = datetime.fromisoformat(facts["known_at"])
    found = ledger.facts(known_at) if batch is None else ledger.facts_after(batch)
    with tempfile.TemporaryDirectory(prefix="assay-") as scratch:
        return compute(program, found, on=on, scratch=Path(scratch)), found.digest


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


def facts_difference(recorded: Document, digest: str) -> Difference | None:
    """Return the difference of the facts; a digest by another scheme says nothing."""
    was = str(recorded["digest"])
    if was == digest or was.partition(":")[0] != digest.partition(":")[0]:
        return None
    return Difference(partner="facts", requirement="", recorded=was, computed=digest)

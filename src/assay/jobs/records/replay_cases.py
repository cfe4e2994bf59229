"""Replay what was decided on a review after it was closed: appeals and corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assay.core.canonical import sha256
from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.core.records import Difference, Document, first_difference
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.records.compute_again import computed_again, facts_difference, told
from assay.jobs.records.keep_record import told_grant
from assay.jobs.records.read_record import ReadRecord, read_case
from assay.store.models import Appeal, CaseRecord
from assay.store.queries.reviews.records import case_records_of

_DECIDED = (Appeal.State.GRANTED, Appeal.State.REFUSED)


@dataclass(frozen=True, kw_only=True)
class ReplayedCases:
    """How many cases were held against their records, and the first difference, if any."""

    count: int
    difference: Difference | None


def replay_cases(installation: Installation, program: Program, record: ReadRecord) -> ReplayedCases:
    """Decide again what a case decided on corrected facts, and compare it with its record.

    A case that is shown as decided and has no record is a difference. Raises Refused where a
    record was changed.
    """
    number = record.document["review"]
    kept = case_records_of(number)
    decided = Appeal.objects.filter(decision__review=number, state__in=_DECIDED).order_by("pk")
    missing = decided.exclude(pk__in=[one.pk for one in kept]).first()
    on = date.fromisoformat(record.document["on"])
    again: dict[str, tuple[dict[str, Document], str]] = {}
    found = None if missing is None else _differs(missing.pk, "none", f"{missing.state} is shown")
    for one in kept:
        case = _read(installation, one, record)
        anew = case["redecision"]
        if anew is not None and anew["facts"]["digest"] not in again:
            computed, digest = computed_again(installation, program, anew["facts"], on)
            by_partner = {decision["partner"]: decision for decision in told(computed)}
            again[anew["facts"]["digest"]] = by_partner, digest
        found = found or _shown(one, case) or (anew and _computed(case, again))
    return ReplayedCases(count=len(kept), difference=found)


def _read(installation: Installation, kept: CaseRecord, record: ReadRecord) -> Document:
    name = f"record of case {kept.pk}"
    read = read_case(kept.text, record, file=name)
    if not Keys.of(installation).knows(read.signed.key_id):
        raise Refused(Issue(file=name, message="is signed by another's key"))
    if read.document["case"] != kept.pk or kept.digest != read.digest:
        raise Refused(Issue(file=name, message="is the record of another case"))
    return read.document


def _computed(
    case: Document, again: dict[str, tuple[dict[str, Document], str]]
) -> Difference | None:
    """Return the first difference of what is recorded and what the same facts give now."""
    anew = case["redecision"]
    by_partner, digest = again[anew["facts"]["digest"]]
    recorded = {"partner": case["partner"], **anew}
    computed = by_partner.get(case["partner"])
    return facts_difference(anew["facts"], digest) or first_difference(
        [recorded], [computed] if computed else []
    )


def _shown(kept: CaseRecord, case: Document) -> Difference | None:
    """Return the first thing of a case that is shown otherwise than recorded."""
    appeal = kept.appeal
    if appeal.outcome != case["outcome"] or appeal.reason != case["reason"]:
        return _differs(kept.pk, case["outcome"], f"{appeal.outcome} is shown")
    grant = None if appeal.grant is None else told_grant(appeal.grant)
    if grant != case["grant"]:
        return _differs(kept.pk, str(case["grant"]), f"{grant} is shown")
    anew, recorded = appeal.redecision, case["redecision"]
    if anew is None or recorded is None:
        same = (anew is None) == (recorded is None)
    else:
        digest = sha256(anew.explanation.encode())
        same = (anew.tier, digest) == (recorded["tier"], recorded["explanation"])
    return None if same else _differs(kept.pk, "another decision", "the one that is shown")


def _differs(number: int, recorded: str, computed: str) -> Difference:
    return Difference(
        partner=f"case {number}", requirement="", recorded=recorded, computed=computed
    )

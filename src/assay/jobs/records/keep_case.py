"""Keep the record of an appeal or a correction in the transaction that decides it."""

from __future__ import annotations

from datetime import datetime

from assay.core.case_records import FORMAT, KIND
from assay.core.records import Document
from assay.jobs.content.attach import attachments
from assay.jobs.records.keep_record import (
    as_kept,
    program_texts,
    told_act,
    told_decision,
    told_facts,
    told_grant,
)
from assay.store.models import Appeal, CaseRecord, Decision, ReviewRecord


def keep_case(appeal: Appeal, *, at: datetime) -> CaseRecord:
    """Sign and keep how a case was decided, beside the record of the review it concerns.

    The same case gives the same bytes. Called inside the transaction that decides it. Raises
    Refused where the review's program is gone or was changed.
    """
    return CaseRecord.objects.create(
        appeal=appeal, **as_kept(case_document(appeal), kind=KIND, at=at)
    )


def case_document(appeal: Appeal) -> Document:
    """Return the record of a decided case as plain values; raises Refused."""
    decided = told_decision(appeal.decision)
    return {
        "format": FORMAT,
        "case": appeal.pk,
        "by_staff": appeal.by_staff,
        "review": appeal.decision.review_id,
        "record": ReviewRecord.objects.get(review=appeal.decision.review_id).digest,
        "partner": decided["partner"],
        "name": decided["name"],
        "decision": {"tier": decided["tier"], "digest": decided["digest"]},
        "words": appeal.case,
        "files": [
            {"name": one.name, "size": one.size, "sha256": attachments().digest(one.file)}
            for one in appeal.files.all()
        ],
        "stated": told_act(appeal.stated_by, appeal.stated_at),
        "outcome": appeal.outcome,
        "reason": appeal.reason,
        "proposed": told_act(appeal.proposed_by, appeal.proposed_at),
        "decided": told_act(appeal.decided_by, appeal.decided_at),
        "redecision": _anew(appeal.redecision),
        "grant": None if appeal.grant is None else told_grant(appeal.grant),
    }


def _anew(decision: Decision | None) -> Document | None:
    """Say what was decided on corrected facts, and which facts and engine those were."""
    if decision is None:
        return None
    told, run = told_decision(decision), decision.review
    return {
        "facts": told_facts(run, program_texts(run).read()),
        "engine": run.engine,
        "tier": told["tier"],
        "findings": told["findings"],
        "digest": told["digest"],
        "explanation": told["explanation"],
    }

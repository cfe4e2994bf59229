"""Keep the record of a review in the transaction that closes it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from assay.core.canonical import canonical, sha256
from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.core.records import (
    FORMAT,
    KIND,
    Document,
    counts_of,
    findings_digest,
    findings_told,
)
from assay.core.signatures import signed
from assay.documents.program_texts import ProgramTexts, texts_of
from assay.documents.programs import PROGRAM_FILE
from assay.gateways.keys import Keys
from assay.jobs.programs.programs import file_of
from assay.ledger.ledger import Ledger
from assay.store.models import Decision, Grant, Override, Person, Review, ReviewRecord


def keep_record(review: Review, *, at: datetime) -> ReviewRecord:
    """Sign and keep what a review rests on and says; it is closed and its tiers are granted.

    The same review gives the same bytes. Called inside the transaction that closes it. Raises
    Refused where its program's file is gone or was changed.
    """
    return ReviewRecord.objects.create(
        review=review, **as_kept(review_document(review), kind=KIND, at=at)
    )


def as_kept(document: Document, *, kind: str, at: datetime) -> dict[str, Any]:
    """Return the columns of a record that keep a document, signed with the installation's key."""
    content = canonical(document)
    key = Keys.of(settings.INSTALLATION).current()
    return {
        "text": signed(content, key, kind=kind),
        "digest": sha256(content),
        "key": key.thumbprint(),
        "kept_at": at,
    }


def review_document(review: Review) -> Document:
    """Return the record of a closed review as plain values; raises Refused."""
    texts = program_texts(review)
    decisions = list(_decisions(review))
    program = texts.read()
    tiers = ["none", *program.tiers]
    effective_on = str(review.effective_on)
    return {
        "format": FORMAT,
        "review": review.pk,
        "on": review.on.isoformat(),
        "cut_off": review.cut_off.isoformat(),
        "effective_on": effective_on,
        "opened": told_act(review.opened_by, review.opened_at),
        "closing_asked": told_act(review.closing_asked_by, review.closing_asked_at),
        "closed": told_act(review.closed_by, review.closed_at),
        "corrects": review.corrects_id,
        "supersedes": review.supersedes_id,
        "program": {
            "label": review.program,
            "digest": review.program_digest,
            "text": texts.program,
            "vocabulary": texts.vocabulary,
        },
        "facts": told_facts(review, program),
        "engine": review.engine,
        "tiers": tiers,
        "counts": counts_of(decisions, tiers, effective_on),
        "decisions": decisions,
    }


def program_texts(review: Review) -> ProgramTexts:
    """Return the texts of the program that a review was computed with; raises Refused."""
    for file in _files(review.program):
        stat = file.stat()
        texts = _texts(file, stat.st_mtime_ns, stat.st_size)
        if texts is not None and texts.digest == review.program_digest:
            return texts
    raise Refused(
        Issue(
            file=review.program,
            message="is not there any more as the review was computed with it",
            hint=f"bring back the version whose digest is {review.program_digest[:12]}…",
        )
    )


def _files(label: str) -> list[Path]:
    """Return the files that may hold a program: by its label, as settings say, and beside that."""
    found = []
    for reference in (label, settings.PROGRAM):
        try:
            found.append(file_of(reference))
        except Refused:
            continue
    beside = [
        path for file in found for path in sorted(file.parent.parent.glob(f"*/{PROGRAM_FILE}"))
    ]
    return [*found, *beside]


@lru_cache(maxsize=16)
def _texts(file: Path, _changed_at: int, _size: int) -> ProgramTexts | None:
    try:
        return texts_of(file)
    except (Refused, UnicodeDecodeError):
        return None


def told_facts(review: Review, program: Program) -> Document:
    """Say which facts a run was computed on; `batch` is None where the ledger held no such."""
    ledger: Path = settings.INSTALLATION.ledger
    batch = None
    if ledger.exists():
        held = Ledger.open(ledger, vocabulary=program.vocabulary)
        batch = held.batch_of(review.facts_digest)
    return {
        "digest": review.facts_digest,
        "known_at": told_moment(review.known_at),
        "batch": batch,
    }


def _decisions(review: Review) -> list[Document]:
    grants, overrides = _by_decision(Grant, review), _by_decision(Override, review)
    rows = review.decisions.order_by("pk")
    found = [
        _decision(
            row,
            [told_grant(one) for one in grants[row.pk]],
            [_override(one) for one in overrides[row.pk]],
        )
        for row in rows.iterator(chunk_size=500)
    ]
    return sorted(found, key=lambda decision: str(decision["partner"]))


def _decision(row: Decision, grants: list[Document], overrides: list[Document]) -> Document:
    return {**told_decision(row), "overrides": overrides, "grants": grants}


def told_decision(row: Decision) -> Document:
    """Say what was computed on a partner, with every finding."""
    explanation: Mapping[str, Any] = json.loads(row.explanation)
    findings = findings_told(explanation)
    return {
        "partner": explanation["subject"],
        "name": explanation["name"],
        "tier": row.tier,
        "findings": findings,
        "digest": findings_digest(findings),
        "explanation": sha256(row.explanation.encode()),
    }


def _by_decision(model: Any, review: Review) -> Mapping[int, list[Any]]:  # noqa: ANN401 - Grant or Override
    found = defaultdict(list)
    for row in model.objects.filter(decision__review=review).order_by("pk"):
        found[row.decision_id].append(row)
    return found


def told_grant(grant: Grant) -> Document:
    """Say what a grant gives."""
    return {
        "tier": grant.tier,
        "cause": grant.cause,
        "since_on": grant.since_on.isoformat(),
        "until_on": None if grant.until_on is None else grant.until_on.isoformat(),
        "override": grant.override_id,
    }


def _override(override: Override) -> Document:
    return {
        "number": override.pk,
        "kind": override.kind,
        "tier": override.tier,
        "until_on": None if override.until_on is None else override.until_on.isoformat(),
        "reason": override.reason,
        "state": override.state,
        "asked": told_act(override.asked_by, override.asked_at),
        "decided": told_act(override.decided_by, override.decided_at),
        "words": override.words,
    }


def told_act(by: Person | None, at: datetime | None) -> Document | None:
    """Say who did something and when; None where nobody did. By None is the product itself."""
    if at is None:
        return None
    who = None if by is None else {"number": by.pk, "name": by.name, "email": by.email}
    return {"at": told_moment(at), "by": who}


def told_moment(at: datetime) -> str:
    """Write a moment, in UTC and to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")

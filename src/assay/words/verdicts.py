"""What a check of a badge found, as text and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from assay.core.credential_checks import Credential, Verdict
from assay.core.credentials import moment_text
from assay.words.dates import day_words


def verdict_text(verdict: Verdict, file: str, *, on: date) -> str:
    """Tell a verdict in lines: whether it is valid, each reason against it, what it attests."""
    return "\n".join(_lines(verdict, file, on))


def _lines(verdict: Verdict, file: str, on: date) -> Iterator[str]:
    yield f"{file}: {'valid' if verdict.holds else 'not valid'} on {day_words(on)}"
    for fault in verdict.faults:
        yield f"  {fault.reason}: {fault.words}"
    found = verdict.credential
    if found is not None:
        yield f"  {found.name}, given to {found.subject_name} ({found.subject_url})"
        yield f"  by {found.issuer_name} ({found.issuer})"
        yield f"  {_period(found)}"
        yield f"  status {'checked' if verdict.status_checked else 'not checked'}"


def _period(found: Credential) -> str:
    since = f"since {day_words(found.valid_from.date())}"
    if found.valid_until is None:
        return since
    return f"{since}, before {day_words(found.valid_until.date())}"


def verdict_document(verdict: Verdict, file: str, *, on: date) -> dict[str, Any]:
    """Tell a verdict as a document; `badge` is None where its signature does not hold."""
    return {
        "file": file,
        "on": on.isoformat(),
        "valid": verdict.holds,
        "reasons": [
            {"reason": fault.reason.value, "words": fault.words} for fault in verdict.faults
        ],
        "status": "checked" if verdict.status_checked else "not checked",
        "badge": None if verdict.credential is None else _badge(verdict.credential),
    }


def _badge(found: Credential) -> dict[str, Any]:
    return {
        "id": found.url,
        "name": found.name,
        "given_to": found.subject_name,
        "profile": found.subject_url,
        "issuer": found.issuer,
        "valid_from": moment_text(found.valid_from),
        "valid_until": None if found.valid_until is None else moment_text(found.valid_until),
    }

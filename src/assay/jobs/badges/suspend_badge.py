"""Suspend a badge for as long as the program has it so, and let it hold again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.jobs.operations.events import record
from assay.store.models import Badge


def suspend_badge(number: str, *, why: str, at: datetime) -> None:
    """Suspend a badge; `why` says it in the program's words. Raises Refused where it is revoked."""
    with transaction.atomic():
        badge = _locked(number)
        if badge.suspended_at is None:
            badge.suspended_at, badge.suspended_why = at, why
            _save(badge, "badge_suspended", f"Suspended the badge {badge.words}. {why}", at)


def resume_badge(number: str, *, at: datetime) -> None:
    """Let a suspended badge hold again. Raises Refused where it is revoked."""
    with transaction.atomic():
        badge = _locked(number)
        if badge.suspended_at is not None:
            badge.suspended_at, badge.suspended_why = None, ""
            _save(badge, "badge_resumed", f"The badge {badge.words} holds again", at)


def _locked(number: str) -> Badge:
    rows = Badge.objects.select_for_update(of=("self",)).select_related("partner")
    badge = rows.filter(number=number).first()
    if badge is None:
        raise Refused(Issue(file=f"badge {number}", message="there is no such badge"))
    if badge.revoked_at is not None:
        raise Refused(Issue(file=f"badge {number}", message="is revoked, for good"))
    return badge


def _save(badge: Badge, act: str, words: str, at: datetime) -> None:
    badge.save(update_fields=["suspended_at", "suspended_why"])
    record(act, words, at=at, partner=badge.partner, target=f"badge:{badge.number}")

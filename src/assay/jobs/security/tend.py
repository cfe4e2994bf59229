"""Tend enrolments, daily: warn of those that end soon, end those whose day has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from assay.core.notices.security import ENROLMENT_ENDS
from assay.jobs.security.end import effect_of_ending, effect_words, finish
from assay.jobs.security.enrolment_rows import (
    State,
    day_of,
    security_program,
    stepped,
    taken,
    tell_partner,
)
from assay.store.models import Enrolment
from assay.words.dates import day_words

WARNED_AHEAD = (30, 7)  # days; each once


def tend_enrolments(*, at: datetime) -> int:
    """Warn and end what is due; returns how many enrolments were. Again, it does nothing."""
    today = day_of(at)
    held = Enrolment.objects.filter(state=State.APPROVED, valid_until__isnull=False)
    rows = held.order_by(F("valid_until"), "pk").values_list("pk", "valid_until")
    done = 0
    for number, until in list(rows):
        if until is None:
            continue
        ahead = (until - today).days
        if ahead <= 0:
            done += finish(number, at=at)
        elif ahead <= max(WARNED_AHEAD):
            done += _warn(number, ahead, at=at)
    return done


def _warn(enrolment_id: int, ahead: int, *, at: datetime) -> bool:
    """Warn once for each of the days ahead that are reached; of several at once, once."""
    with transaction.atomic():
        enrolment = taken(enrolment_id)
        until = enrolment.valid_until
        due = [days for days in WARNED_AHEAD if ahead <= days and days not in enrolment.warned]
        if enrolment.state != State.APPROVED or until is None or not due:
            return False
        program = security_program(enrolment.program)
        enrolment.warned = [*enrolment.warned, *due]
        words = f"{enrolment.app} in “{program.title}” ends on {day_words(until)}: warned"
        stepped(enrolment, "warned", words, by=None, at=at)
        days = "tomorrow" if ahead == 1 else f"in {ahead} days"
        tell_partner(
            ENROLMENT_ENDS,
            enrolment,
            f"ahead:{min(due)}:{enrolment.valid_until}",
            f"{enrolment.app}: “{program.title}” ends {days}",
            f"It ends on {day_words(until)}. {_to_do(enrolment)}\n\n"
            f"{effect_words(effect_of_ending(enrolment, at=at))}",
            at=at,
        )
    return True


def _to_do(enrolment: Enrolment) -> str:
    if enrolment.ending:
        return ""
    if enrolment.renewal == State.APPLIED:
        return "You have asked to renew it: it stays in force until we decide."
    if enrolment.renewal:
        return "Answer what we asked about its renewal, and it stays in force until we decide."
    return "Renew it before that day."

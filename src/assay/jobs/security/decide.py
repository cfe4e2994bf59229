"""Decide on an application: approve it, ask back, or refuse it, with a reason."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from assay.core.notices.security import ENROLMENT_ASKED_BACK, ENROLMENT_DECIDED
from assay.core.security import SecurityProgram, later_by
from assay.jobs.security.end import effect_of_ending, effect_words, finish
from assay.jobs.security.enrolment_rows import (
    State,
    day_of,
    refused,
    say_begun,
    security_program,
    stepped,
    taken,
    tell_partner,
)
from assay.store.models import Enrolment, Person
from assay.words.dates import day_words


def approve(enrolment_id: int, *, reason: str, by: Person, at: datetime) -> Enrolment:
    """Let an app take part from today on, or for another term; its badge shows, facts say so."""
    with transaction.atomic():
        enrolment = _waiting(enrolment_id)
        program = security_program(enrolment.program)
        on, renewed = day_of(at), bool(enrolment.renewal)
        if program.until is not None and program.until <= on:
            raise refused("this security program has ended")
        begins = max(on, enrolment.valid_until or on) if renewed else on
        enrolment.valid_until = _end(program, begins)
        enrolment.decided_by, enrolment.reason = by, reason
        enrolment.state, enrolment.renewal, enrolment.warned = State.APPROVED, "", []
        if not renewed:
            enrolment.valid_from = on
            say_begun(enrolment, program, by=by, at=at)
        done = "renewed" if renewed else "approved"
        words = f"{by} {done} {enrolment.app} in “{program.title}”"
        stepped(enrolment, done, words, by=by, at=at, reason=reason)
        until = enrolment.valid_until
        held = "until it is ended" if until is None else f"until {day_words(until)}"
        body = f"{enrolment.app} takes part in “{program.title}” {held}. Its listing shows it."
        _tell(enrolment, f"{enrolment.app} takes part: {program.title}", body, reason, at=at)
    return enrolment


def ask_back(enrolment_id: int, *, reason: str, by: Person, at: datetime) -> Enrolment:
    """Ask the applicant for more; raises Refused without saying what."""
    with transaction.atomic():
        enrolment = _waiting(enrolment_id)
        program = security_program(enrolment.program)
        _needs(reason, "say what is missing")
        if enrolment.renewal:
            enrolment.renewal = State.ASKED_BACK
        else:
            enrolment.state = State.ASKED_BACK
        enrolment.reason = reason
        words = f"{by} asked back about {enrolment.app} in “{program.title}”"
        stepped(enrolment, "asked_back", words, by=by, at=at, reason=reason)
        tell_partner(
            ENROLMENT_ASKED_BACK,
            enrolment,
            at.isoformat(),
            f"{enrolment.app}: we ask about “{program.title}”",
            f"Before we decide, we need something more.\n\n{reason}",
            at=at,
        )
    return enrolment


def refuse(enrolment_id: int, *, reason: str, by: Person, at: datetime) -> Enrolment:
    """Refuse an application, or a renewal: then the enrolment ends on its day, or today.

    What a refused renewal means for its tier is told to the partner.
    """
    with transaction.atomic():
        enrolment = _waiting(enrolment_id)
        program = security_program(enrolment.program)
        _needs(reason, "say why")
        body = f"We refuse what you asked for {enrolment.app}. You can apply again."
        if enrolment.renewal:
            ends = max(enrolment.valid_until or day_of(at), day_of(at))
            enrolment.renewal, enrolment.valid_until = "", ends
            body = (
                f"We do not renew {enrolment.app}: it takes part until {day_words(ends)}. You can "
                f"apply again.\n\n{effect_words(effect_of_ending(enrolment, at=at))}"
            )
        else:
            enrolment.state = State.REFUSED
        enrolment.decided_by, enrolment.reason = by, reason
        words = f"{by} refused {enrolment.app} in “{program.title}”"
        stepped(enrolment, "refused", words, by=by, at=at, reason=reason)
        _tell(enrolment, f"{enrolment.app} is refused: {program.title}", body, reason, at=at)
        finish(enrolment_id, at=at)
    return enrolment


def _waiting(enrolment_id: int) -> Enrolment:
    enrolment = taken(enrolment_id)
    if State.APPLIED not in (enrolment.state, enrolment.renewal):
        raise refused("it does not wait for a decision any more")
    return enrolment


def _end(program: SecurityProgram, begins: date) -> date | None:
    """Return the day an enrolment ends: its term, or the end of its security program."""
    term = None if program.months is None else later_by(begins, program.months)
    return min((day for day in (term, program.until) if day is not None), default=None)


def _needs(reason: str, message: str) -> None:
    if not reason.strip():
        raise refused(message, column="reason")


def _tell(enrolment: Enrolment, subject: str, body: str, reason: str, *, at: datetime) -> None:
    told = f"{body}\n\n{reason}"
    tell_partner(ENROLMENT_DECIDED, enrolment, at.isoformat(), subject, told, at=at)

"""Rows of an enrolment: taken under a lock, stepped on, stated as facts, told to people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from assay.core.issues import Issue, Refused
from assay.core.notices.kind import Kind
from assay.core.program import Program
from assay.core.security import SecurityProgram
from assay.jobs.apps.mark_listing import mark_listing, unmark_listing
from assay.jobs.imports.state_facts import say
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.programs.programs import program_on
from assay.store.models import Enrolment, EnrolmentStep, Person

State = Enrolment.State
TO_ANSWER = timedelta(days=30)  # after its end, for what staff ask back about a renewal


def rules() -> Program:
    """Return the newest version of the program, one that is still coming included.

    What ends or rises in it says from which day.
    """
    return program_on(settings.PROGRAM, date.max)


def day_of(at: datetime) -> date:
    """Return the day of a moment, where the program's days begin and end."""
    return at.astimezone(ZoneInfo(rules().time_zone)).date()


def security_program(key: str) -> SecurityProgram:
    """Return a security program by key; raises Refused where there is none any more."""
    found = rules().security_programs.get(key)
    if found is None:
        raise refused("there is no such security program any more")
    return found


def taken(enrolment_id: int) -> Enrolment:
    """Lock an enrolment and return it with its app and partner."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("app__partner")
    return rows.get(pk=enrolment_id)


def is_held_past_end(enrolment: Enrolment, program: SecurityProgram, on: date) -> bool:
    """Tell whether an enrolment stays in force on a day past its end.

    It does while a renewal, which can only be asked for before the end, waits for staff; and while
    it waits for an answer of the partner, for some days from when they asked.
    """
    if program.until is not None and program.until <= on:
        return False
    last = answer_before(enrolment, program)
    return enrolment.renewal == State.APPLIED or (last is not None and on < last)


def answer_before(enrolment: Enrolment, program: SecurityProgram) -> date | None:
    """Return the day before which to answer about a renewal, so that it stays in force."""
    if enrolment.renewal != State.ASKED_BACK or enrolment.valid_until is None:
        return None
    asked = enrolment.steps.filter(act="asked_back").latest("at", "pk")
    days = (day_of(asked.at) + TO_ANSWER, enrolment.valid_until)
    return max(days) if program.until is None else min(max(days), program.until)


def refused(message: str, *, column: str | None = None, hint: str = "") -> Refused:
    """Make the refusal of an act on an enrolment."""
    return Refused(Issue(file="enrolment", column=column, message=message, hint=hint))


def stepped(
    enrolment: Enrolment,
    act: str,
    words: str,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Save an enrolment, and keep the step that it took."""
    enrolment.changed_at = at
    enrolment.save()
    EnrolmentStep.objects.create(
        enrolment=enrolment, act=act, by=by, at=at, reason=reason, evidence=enrolment.evidence
    )
    record(
        f"enrolment_{act}",
        words[:400],
        at=at,
        by=by,
        partner=enrolment.app.partner,
        target=f"enrolment:{enrolment.pk}",
        reason=reason,
    )


def say_begun(enrolment: Enrolment, program: SecurityProgram, *, by: Person, at: datetime) -> None:
    """State that an enrolment begins on its `valid_from`; raises Refused where it cannot."""
    states, on = program.states, enrolment.valid_from
    if states is None or on is None:
        return
    if states.until:
        rows: list[dict[str, Any]] = [_row(enrolment, program, until=None)]
    else:
        rows = mark_listing(enrolment.app, states, on=on)
    _say(enrolment, program, rows, "begins", by, at)


def say_ended(
    enrolment: Enrolment, program: SecurityProgram, *, on: date, by: Person | None, at: datetime
) -> None:
    """State that an enrolment ended on a day."""
    if program.states is None:
        return
    if program.states.until:
        rows = [_row(enrolment, program, until=on)]
    else:
        rows = unmark_listing(enrolment.app, program.states, on=on)
    _say(enrolment, program, rows, "ends", by, at)


def _row(enrolment: Enrolment, program: SecurityProgram, *, until: date | None) -> dict[str, Any]:
    states = program.states
    if states is None:
        raise TypeError(program)
    named = enrolment.told_as or enrolment.app.key
    return {"app_id": named, states.begins: enrolment.valid_from, states.until: until}


def _say(
    enrolment: Enrolment,
    program: SecurityProgram,
    rows: list[dict[str, Any]],
    verb: str,
    by: Person | None,
    at: datetime,
) -> None:
    if rows and program.states is not None:
        why = f"{program.title} {verb}: {enrolment.app.key}"
        say(enrolment.app.partner, {program.states.table: rows}, why=why, at=at, by=by)


def tell_partner(
    kind: Kind, enrolment: Enrolment, occasion: str, subject: str, body: str, *, at: datetime
) -> None:
    """Tell the members who look after security of what happened to an enrolment."""
    partner = enrolment.app.partner
    tell(
        kind,
        occasion=f"enrolment:{enrolment.pk}:{occasion}",
        subject=subject,
        body=body.strip(),
        link=f"/portal/{partner.slug}/security/{enrolment.pk}/",
        at=at,
        partner=partner,
    )

"""End enrolments: a partner leaves at once, staff end one with notice, each ends on its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from assay.core.notices.security import ENROLMENT_ENDS
from assay.jobs.security.enrolment_rows import (
    State,
    day_of,
    is_held_past_end,
    refused,
    rules,
    say_ended,
    security_program,
    stepped,
    taken,
    tell_partner,
)
from assay.jobs.security.what_if import Affected, ended, what_if
from assay.store.models import Enrolment, Person
from assay.words.dates import day_words


def effect_of_ending(enrolment: Enrolment, *, at: datetime) -> tuple[Affected, ...]:
    """Tell whose standing would change, were this enrolment over by now."""
    on = day_of(at)
    rows = ended(security_program(enrolment.program), enrolment.told_as, on=on)
    return () if rows is None else what_if(on, rows=rows)


def leave(enrolment_id: int, *, reason: str, by: Person, at: datetime) -> Enrolment:
    """Leave a security program today, or take an application back."""
    with transaction.atomic():
        enrolment = taken(enrolment_id)
        title = security_program(enrolment.program).title
        if enrolment.state == State.APPROVED:
            enrolment.valid_until, enrolment.ending = day_of(at), reason
            _finish(enrolment, State.ENDED, f"{by} left “{title}” with {enrolment.app}", by, at)
        elif enrolment.state in (State.APPLIED, State.ASKED_BACK):
            enrolment.state, enrolment.ending = State.ENDED, reason
            words = f"{by} took back: {enrolment.app} in “{title}”"
            stepped(enrolment, "ended", words, by=by, at=at, reason=reason)
        else:
            raise refused("it is over already")
    return enrolment


def end_on(enrolment_id: int, on: date, *, reason: str, by: Person, at: datetime) -> Enrolment:
    """Let an enrolment end on a day ahead, and tell its partner what that changes.

    Raises Refused without a reason, or for a day that comes before the notice is over.
    """
    with transaction.atomic():
        enrolment = taken(enrolment_id)
        program = security_program(enrolment.program)
        if enrolment.state != State.APPROVED:
            raise refused("it does not take part any more")
        check_notice(on, at=at)
        if not reason.strip():
            raise refused("say why", column="reason")
        effect = effect_of_ending(enrolment, at=at)
        enrolment.valid_until, enrolment.ending, enrolment.renewal = on, reason, ""
        enrolment.decided_by = by
        words = f"{by} ends {enrolment.app} in “{program.title}” on {day_words(on)}"
        stepped(enrolment, "end_set", words, by=by, at=at, reason=reason)
        tell_partner(
            ENROLMENT_ENDS,
            enrolment,
            f"end:{on}",
            f"{enrolment.app} leaves “{program.title}” on {day_words(on)}",
            f"The program team ends it: {reason}\n\n{effect_words(effect)}",
            at=at,
        )
    return enrolment


def check_notice(on: date, *, at: datetime) -> None:
    """Raise Refused for a day that comes before the program's notice is over."""
    days = rules().notice_days
    first = day_of(at) + timedelta(days=days)
    if on < first:
        hint = f"{days} days' notice: {day_words(first)} or later"
        raise refused("partners must hear of it earlier", column="on", hint=hint)


def finish(enrolment_id: int, *, at: datetime) -> bool:
    """End an enrolment whose day has come; tells whether it was due.

    One whose renewal is not decided yet stays in force; it ends on the day on which that is over.
    """
    with transaction.atomic():
        enrolment = taken(enrolment_id)
        until, today = enrolment.valid_until, day_of(at)
        if enrolment.state != State.APPROVED or until is None or until > today:
            return False
        program = security_program(enrolment.program)
        if is_held_past_end(enrolment, program, today):
            return False
        if enrolment.renewal:
            enrolment.valid_until = until = today
        state = State.ENDED if enrolment.ending else State.EXPIRED
        title = program.title
        verb = "ended" if enrolment.ending else "expired"
        _finish(enrolment, state, f"{enrolment.app} in “{title}” {verb}", None, at)
        tell_partner(
            ENROLMENT_ENDS,
            enrolment,
            f"over:{until}",
            f"{enrolment.app} takes no more part: {title}",
            f"It {verb} on {day_words(until)}; its badge is gone. {enrolment.ending}",
            at=at,
        )
    return True


def _finish(
    enrolment: Enrolment, state: State, words: str, by: Person | None, at: datetime
) -> None:
    """Put an enrolment that held to its end, and state that as facts."""
    on = enrolment.valid_until
    if on is None:
        raise ValueError(enrolment)
    enrolment.state, enrolment.renewal = state, ""
    say_ended(enrolment, security_program(enrolment.program), on=on, by=by, at=at)
    stepped(enrolment, state.value, words, by=by, at=at, reason=enrolment.ending)


def effect_words(effect: tuple[Affected, ...]) -> str:
    """Say what an end changes for its partner."""
    if not effect:
        return "On today's evidence that changes nothing in your standing."
    (one, *_) = effect
    tier = (
        f"On today's evidence you would then hold: {one.after}. Now: {one.before}."
        if one.moves
        else f"On today's evidence your tier stays: {one.after}."
    )
    told = [tier]
    told += [f"No longer met: {words}." for words in one.lost]
    told += [f"What to do: {remedy}" for remedy in one.remedies if remedy]
    return "\n\n".join(told)

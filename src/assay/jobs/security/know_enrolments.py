"""Know the enrolments that facts speak of: a report that says that an app takes part is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from assay.core.program import Program
from assay.core.security import SecurityProgram
from assay.engine.duck import Session
from assay.jobs.security.enrolment_rows import State, day_of, stepped
from assay.store.models import App, Enrolment
from assay.tables.duck import named, quoted

_OPEN = (State.APPLIED, State.ASKED_BACK, State.APPROVED)
_OVER = (State.ENDED, State.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What facts say of an app in a security program: under which name, from when, until when."""

    app: str
    told_as: str
    begins: date
    until: date | None


def know_enrolments(session: Session, program: Program, *, at: datetime) -> int:
    """Bring enrolments up to what facts say; returns how many changed.

    An app that facts say takes part is enrolled from that day; one whose fact has an end, or is
    there no more, has left. What people decided and facts do not know yet stays.
    """
    changed = 0
    for one in program.security_programs.values():
        if one.states is not None:
            with transaction.atomic():
                changed += _know(one, tuple(_told(session, one)), at=at)
    return changed


def _told(session: Session, program: SecurityProgram) -> Iterable[Told]:
    states = program.states
    if states is None:
        return
    begins = f"f.{named(states.begins)}"
    until = f"f.{named(states.until)}" if states.until else "f.retired_on"
    where = f"f.hosting = {quoted(states.hosting)}" if states.hosting else "TRUE"
    sql = f"""
        WITH names AS (
            SELECT app_id AS alias, app_id FROM apps
            UNION SELECT app_number, app_id FROM app_numbers
            WHERE app_number NOT IN (SELECT app_id FROM apps)
        )
        SELECT n.app_id AS app, f.app_id AS told_as, {begins} AS begins, {until} AS until
        FROM {named(states.table)} AS f JOIN names AS n ON n.alias = f.app_id
        WHERE {begins} IS NOT NULL AND {where}
        ORDER BY app, until NULLS LAST, begins DESC, told_as
    """  # noqa: S608 - names are quoted
    for row in session.rows(sql).to_pylist():
        yield Told(**row)


def _know(program: SecurityProgram, told: tuple[Told, ...], *, at: datetime) -> int:
    facts = {(one.app, one.begins): one for one in told}
    current = {one.app: one for one in told if one.until is None}
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(program=program.key)
    held = list(rows.select_related("app__partner"))
    live = {row.app.key: row for row in held if row.state in _OPEN}
    over = {(row.app.key, row.valid_from) for row in held if row.state in _OVER}
    changed = 0
    for row in live.values():
        changed += _ended(row, facts, program, at)
    fresh = {
        key: one
        for key, one in current.items()
        if (key, one.begins) not in over and not _holds(live.get(key))
    }
    apps = App.objects.filter(key__in=fresh).select_related("partner")
    for app in apps:
        _begin(live.get(app.key) or Enrolment(app=app, made_at=at), fresh[app.key], program, at)
    return changed + len(apps)


def _holds(row: Enrolment | None) -> bool:
    return row is not None and row.state == State.APPROVED


def _ended(
    row: Enrolment, facts: Mapping[tuple[str, date], Told], program: SecurityProgram, at: datetime
) -> bool:
    """End what facts have ended; what a report said and takes back is over, too."""
    if row.state != State.APPROVED or row.valid_from is None:
        return False
    told = facts.get((row.app.key, row.valid_from))
    until = None if told is None else told.until
    if until is None and (told is not None or not row.from_report):
        return False
    on = until or day_of(at)
    if on > day_of(at):
        return False
    row.state, row.renewal, row.valid_until = State.ENDED, "", on
    row.ending = "A report says so."
    stepped(row, "ended", f"{row.app} left “{program.title}”: a report says so", by=None, at=at)
    return True


def _begin(row: Enrolment, told: Told, program: SecurityProgram, at: datetime) -> None:
    """Enrol an app as a report says, also where its application still waits."""
    row.program, row.state, row.from_report = program.key, State.APPROVED, True
    row.told_as, row.valid_from, row.valid_until = told.told_as, told.begins, program.until
    words = f"{row.app} takes part in “{program.title}”: a report says so"
    stepped(row, "reported", words, by=None, at=at)

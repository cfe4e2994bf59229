"""Know the awards that reports tell of and that are too low; each is told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from assay.core.program import Program
from assay.core.security import SecurityProgram
from assay.engine.compile import Moment
from assay.engine.counted_rows import counted_rows
from assay.engine.duck import Session
from assay.jobs.security.award_rows import cents, tell_below
from assay.jobs.security.enrolment_rows import day_of
from assay.jobs.security.what_if import unpaid, what_did
from assay.store.models import App, Award, Statement


def know_awards(session: Session, program: Program, moment: Moment, *, at: datetime) -> int:
    """Know the awards that facts show as too low; those that were mended are no longer so.

    Returns how many are new. What is too low the engine says, by the program's own measure.
    """
    fresh = 0
    for one in program.security_programs.values():
        if one.awards is not None:
            measure = program.measure(one.awards.below)
            rows = counted_rows(session, program, measure, moment)
            with transaction.atomic():
                low = {row["submission_id"] for row in rows}
                new = _know(one, rows, program, at)
                if new:
                    without = unpaid(sorted(low), one.awards)
                    effect = what_did(session.facts, without, on=day_of(at))
                    tell_below(new, one, effect, at)
                fresh += len(new)
                _mend(one, session, low)
    return fresh


def _know(
    one: SecurityProgram, rows: Iterable[Mapping[str, Any]], program: Program, at: datetime
) -> list[Award]:
    told = {row["submission_id"]: row for row in rows}
    known = {award.key: award for award in Award.objects.filter(key__in=told)}
    apps = {
        app.key: app
        for app in App.objects.filter(key__in={row["app_id"] for row in told.values()})
        .select_related("partner")
        .order_by("pk")
    }
    fresh = []
    for key, row in told.items():
        app = apps.get(row["app_id"])
        award = known.get(key) or Award(key=key, from_report=True, entered_at=at)
        if app is None or _same(award, row):
            continue
        award.app, award.program, award.below = app, one.key, True
        award.severity, award.submitted_on = row["severity"] or "", row["submitted_on"]
        award.awarded = int(row["awarded"])
        award.minimum = _least(one, program, row)
        award.save()
        fresh.append(award)
    return fresh


def _same(award: Award, row: Mapping[str, Any]) -> bool:
    told = (row["severity"], row["submitted_on"], row["awarded"])
    return award.below and (award.severity, award.submitted_on, award.awarded) == told


def _least(one: SecurityProgram, program: Program, row: Mapping[str, Any]) -> int | None:
    if one.awards is None:
        return None
    return cents(program.amounts[one.awards.minimum].on(row["submitted_on"]).get(row["severity"]))


def _mend(one: SecurityProgram, session: Session, low: set[str]) -> None:
    """Take awards that facts have and that are no longer too low off the list.

    What people said and facts do not know yet is waited for.
    """
    if one.awards is None:
        return
    saying = Statement.objects.filter(stated_at=None).values("partner")
    listed = Award.objects.filter(program=one.key, below=True).exclude(key__in=low)
    keys = list(listed.exclude(app__partner__in=saying).values_list("key", flat=True))
    held = session.connection.execute(
        f"SELECT submission_id, awarded FROM {one.awards.table} "  # noqa: S608 - a name of ours
        "WHERE submission_id IN (SELECT unnest(?::VARCHAR[]))",
        [keys],
    ).fetchall()
    for key, amount in held:
        stated = None if amount is None else int(amount)
        Award.objects.filter(key=key).update(below=False, awarded=stated)

"""Enter one submission with its award: stated as a fact, and told at once where it is too low."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.jobs.imports.state_facts import say
from assay.jobs.operations.events import record
from assay.jobs.security.award_rows import cents, tell_below
from assay.jobs.security.enrolment_rows import day_of, rules, security_program
from assay.jobs.security.what_if import awarded, what_if
from assay.store.models import App, Award, Person


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A submission as somebody enters it; `awarded` is in the currency's units."""

    key: str
    severity: str
    submitted_on: date
    awarded: Decimal | None


def enter_award(app_id: int, program: str, said: Submission, *, by: Person, at: datetime) -> Award:
    """Enter a submission with its award, state it as a fact, and tell where it is too low.

    Entered again under its key, it restates. Raises Refused for a key of another app and for
    what the facts cannot hold.
    """
    asked = security_program(program)
    if asked.awards is None:
        raise _refused("it pays no awards", "program")
    if said.submitted_on > day_of(at):
        raise _refused("that day is to come", "submitted_on")
    minimum = rules().amounts[asked.awards.minimum].on(said.submitted_on).get(said.severity)
    with transaction.atomic():
        app = App.objects.select_for_update(of=("self",)).select_related("partner").get(pk=app_id)
        award = Award.objects.select_for_update().filter(key=said.key).first() or Award(
            key=said.key
        )
        if award.pk and award.app_id != app.pk:
            raise _refused("another app has a submission of this key", "key")
        award.app, award.program, award.severity = app, program, said.severity
        award.submitted_on, award.by, award.entered_at = said.submitted_on, by, at
        award.awarded, award.minimum = cents(said.awarded), cents(minimum)
        award.below = None not in (award.awarded, award.minimum) and _lower(award)
        award.from_report = False
        award.save()
        say(
            app.partner, {asked.awards.table: [_row(award)]}, why=f"award {award.key}", at=at, by=by
        )
        words = f"{by} entered submission {award.key} of {app}"
        record(
            "award_entered",
            words,
            at=at,
            by=by,
            partner=app.partner,
            target=f"award:{award.key}"[:200],
        )
        if award.below:
            tell_below([award], asked, what_if(day_of(at), rows=awarded(award, asked)), at)
    return award


def _row(award: Award) -> dict[str, Any]:
    return {
        "submission_id": award.key,
        "app_id": award.app.key,
        "severity": award.severity,
        "submitted_on": award.submitted_on,
        "awarded": award.awarded,
    }


def _lower(award: Award) -> bool:
    return (award.awarded or 0) < (award.minimum or 0)


def _refused(message: str, column: str) -> Refused:
    return Refused(Issue(file="award", column=column, message=message))

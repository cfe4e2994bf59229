"""Apply for a security program with evidence, answer what staff ask, and renew."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from assay.core.notices.security import ENROLMENT_APPLIED
from assay.core.security import SecurityProgram
from assay.jobs.notices.tell import tell
from assay.jobs.security.enrolment_rows import (
    State,
    day_of,
    refused,
    security_program,
    stepped,
    taken,
)
from assay.jobs.security.evidence import Shown, put_evidence
from assay.store.models import App, Enrolment, Partner, Person

RENEWED_AHEAD = timedelta(days=90)  # how early an enrolment can be renewed


def apply(app_id: int, program: str, shown: Shown, *, by: Person, at: datetime) -> Enrolment:
    """Apply for a security program for an app; raises Refused where it may not join."""
    asked = security_program(program)
    try:
        with transaction.atomic():
            app = (
                App.objects.select_for_update(of=("self",)).select_related("partner").get(pk=app_id)
            )
            _check(app, asked, at)
            enrolment = Enrolment(
                app=app, program=program, state=State.APPLIED, made_at=at, changed_at=at
            )
            enrolment.applied_by, enrolment.told_as = by, app.key
            enrolment.save()
            put_evidence(enrolment, asked, shown, at=at)
            _submitted(enrolment, asked, "applied", by=by, at=at)
    except IntegrityError as error:
        raise refused("the app is in this security program already, or has applied") from error
    return enrolment


def answer(enrolment_id: int, shown: Shown, *, by: Person, at: datetime) -> Enrolment:
    """Send an application that staff asked back in again."""
    with transaction.atomic():
        enrolment = taken(enrolment_id)
        asked = security_program(enrolment.program)
        is_renewal = enrolment.renewal == State.ASKED_BACK
        if not is_renewal and enrolment.state != State.ASKED_BACK:
            raise refused("nothing is asked of you any more")
        put_evidence(enrolment, asked, shown, at=at)
        if is_renewal:
            enrolment.renewal = State.APPLIED
        else:
            enrolment.state = State.APPLIED
        enrolment.applied_by = by
        _submitted(enrolment, asked, "answered", by=by, at=at)
    return enrolment


def renew(enrolment_id: int, shown: Shown, *, by: Person, at: datetime) -> Enrolment:
    """Ask that an enrolment that ends soon is valid for another term."""
    with transaction.atomic():
        enrolment = taken(enrolment_id)
        asked = security_program(enrolment.program)
        if not may_renew(enrolment, asked, at):
            raise refused("it cannot be renewed now")
        put_evidence(enrolment, asked, shown, at=at)
        enrolment.renewal, enrolment.applied_by = State.APPLIED, by
        _submitted(enrolment, asked, "renewal", by=by, at=at)
    return enrolment


def may_renew(enrolment: Enrolment, program: SecurityProgram, at: datetime) -> bool:
    """Tell whether an enrolment can be renewed: it ends soon, and nobody has ended it."""
    return (
        enrolment.state == State.APPROVED
        and not enrolment.renewal
        and not enrolment.ending
        and program.months is not None
        and program.is_open(day_of(at))
        and enrolment.valid_until is not None
        and enrolment.valid_until - RENEWED_AHEAD <= day_of(at) < enrolment.valid_until
    )


def _check(app: App, program: SecurityProgram, at: datetime) -> None:
    if app.partner.state != Partner.State.ACTIVE:
        raise refused("finish the partner's profile first")
    if not program.is_open(day_of(at)):
        raise refused("this security program takes no more apps")
    if not may_join(app, program):
        raise refused("this app may not join", hint=program.joins.words)


def may_join(app: App, program: SecurityProgram) -> bool:
    """Tell whether a listed app may join a security program."""
    live = [
        (one.hosting, one.payment)
        for one in app.listings.all()
        if one.retired_on is None and one.listed_on is not None
    ]
    return app.state == App.State.LISTED and program.joins.lets_in(live, public=app.public)


def _submitted(
    enrolment: Enrolment, program: SecurityProgram, act: str, *, by: Person, at: datetime
) -> None:
    verb = {"applied": "applied", "answered": "answered", "renewal": "asked to renew"}[act]
    words = f"{by} {verb}: {enrolment.app} in “{program.title}”"
    stepped(enrolment, act, words, by=by, at=at)
    tell(
        ENROLMENT_APPLIED,
        occasion=f"enrolment:{enrolment.pk}:{enrolment.steps.count()}",
        subject=f"{enrolment.app} waits for a decision: {program.title}",
        body=f"{enrolment.app} of {enrolment.app.partner} waits for a decision.",
        link=f"/staff/security/{enrolment.pk}/",
        at=at,
    )

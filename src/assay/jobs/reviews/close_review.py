"""Close a review: its tiers are granted, partners are told, all in one transaction or none."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.program import Program
from assay.gateways.queue import defer
from assay.jobs.letters.write_letters import WRITE_LETTERS
from assay.jobs.notices.tell_grants import tell_grants
from assay.jobs.operations.events import record
from assay.jobs.programs.program_versions import program_labelled
from assay.jobs.records.keep_record import keep_record
from assay.jobs.reviews.grant_tiers import grant_tiers
from assay.store.models import Override, Person, Review
from assay.words.dates import day_words


def close_review(
    number: int,
    *,
    by: Person | None,
    at: datetime,
    settling_days: int,
    effective_on: date | None = None,
) -> Review:
    """Close an open review; its tiers are credited from `effective_on`, else from that day, on.

    `by` is the second person: neither who opened it nor who asked to close it; None is the product
    itself, in a demo or a play. Raises Refused before the settling days end, while overrides wait
    for a second person, and where it is not open.
    """
    with transaction.atomic():
        review = locked_review(number)
        program = program_labelled(settings.PROGRAM, review.program)
        _refuse_early(review, program, at=at, settling_days=settling_days)
        _refuse_alone(review, by)
        _refuse_waiting(review)
        review.state = Review.State.CLOSED
        review.closed_by, review.closed_at = by, at
        review.effective_on = effective_on or _day(program, at)
        review.published_at = at
        before = grant_tiers(
            review, effective_on=review.effective_on, demotion=program.demotion, at=at
        )
        review.save()
        record(
            "review_closed",
            f"Closed the review of {day_words(review.on)}; its tiers are credited from "
            f"{day_words(review.effective_on)} on",
            at=at,
            by=by,
            target=f"review:{review.pk}",
            effective_on=review.effective_on.isoformat(),
        )
        keep_record(review, at=at)
        tell_grants(review, before, program, at=at)
        defer(WRITE_LETTERS, number=review.pk)
    return review


def locked_review(number: int) -> Review:
    """Return an open review, locked until the transaction ends; raises Refused where it is not."""
    review = (
        Review.objects.select_for_update(of=("self",))
        .filter(pk=number, kind=Review.Kind.REVIEW)
        .first()
    )
    if review is None:
        raise Refused(Issue(file=f"review {number}", message="there is no such review"))
    if review.state != Review.State.OPEN:
        raise Refused(
            Issue(
                file=name_of(review),
                message=f"is {review.state} already",
                hint="nothing is left to do here",
            )
        )
    return review


def may_close_on(review: Review, settling_days: int) -> date:
    """Return the first day on which a review may be closed."""
    return review.on + timedelta(days=settling_days)


def name_of(review: Review) -> str:
    """Name a review as issues do."""
    return f"the review of {day_words(review.on)}"


def _day(program: Program, at: datetime) -> date:
    return at.astimezone(ZoneInfo(program.time_zone)).date()


def _refuse_early(review: Review, program: Program, *, at: datetime, settling_days: int) -> None:
    first = may_close_on(review, settling_days)
    if _day(program, at) < first:
        raise Refused(
            Issue(
                file=name_of(review),
                message=f"may be closed from {day_words(first)} on: late facts still arrive",
                hint="wait for the settling days to end",
            )
        )


def _refuse_alone(review: Review, by: Person | None) -> None:
    if by is None:
        return
    if by.pk in (review.opened_by_id, review.closing_asked_by_id):
        raise Refused(
            Issue(
                file=name_of(review),
                message="is closed by a second person",
                hint="ask a colleague who may close reviews",
            )
        )
    if review.opened_by_id is None and review.closing_asked_by_id is None:
        raise Refused(
            Issue(
                file=name_of(review),
                message="was opened by the calendar: one person asks to close it, another closes",
                hint="ask to close it",
            )
        )


def _refuse_waiting(review: Review) -> None:
    waiting = Override.objects.filter(decision__review=review, state=Override.State.ASKED).count()
    if waiting:
        raise Refused(
            Issue(
                file=name_of(review),
                message=f"has {waiting} waivers or corrections that wait for a second person",
                hint="approve or refuse them first",
            )
        )

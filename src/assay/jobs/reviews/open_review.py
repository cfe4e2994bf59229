"""Open a review: everybody is judged on the facts known now, and staff may look and object."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from assay.core.calendar import FIRST_DAY
from assay.core.issues import Issue, Refused
from assay.core.notices.reviews import REVIEW_WAITS
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.programs.program_versions import reference_of
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.close_review import locked_review, name_of
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import Opening, record_review
from assay.store.models import Person, Review
from assay.words.dates import day_words


def open_review(
    ledger: Path,
    *,
    on: date,
    at: datetime,
    by: Person | None = None,
) -> Review:
    """Open the review of a day on what the ledger knows at the moment `at`.

    The version of the program in force on that day decides. By None is the calendar. After an
    abandoned review of that day, the new one supersedes it. Raises Refused where the day is no
    review day or has not come, or has a review already, and for bad facts.
    """
    program = program_on(settings.PROGRAM, on)
    _refuse_day(program, on, at)
    earlier = Review.objects.filter(kind=Review.Kind.REVIEW, on=on).order_by("-pk").first()
    if earlier is not None and earlier.state != Review.State.ABANDONED:
        raise _there_already(earlier)
    if not ledger.exists():
        raise Refused(
            Issue(file=str(ledger), message="no facts have come yet", hint="import reports first")
        )
    try:
        with transaction.atomic():
            review = record_review(
                reference_of(settings.PROGRAM, program.label),
                Source(ledger=ledger, known_at=at),
                on=on,
                kind=Review.Kind.REVIEW,
                at=at,
                opening=Opening(by=by, supersedes=earlier),
            )
            _tell(review, at=at, by=by)
    except IntegrityError:
        raise _there_already(Review.objects.get(on=on, state=Review.State.OPEN)) from None
    return review


def abandon_review(number: int, *, why: str, by: Person, at: datetime) -> Review:
    """Give an open review up: it grants nothing, and may be opened anew. Raises Refused."""
    if not why.strip():
        raise Refused(Issue(file=f"review {number}", message="say why it is given up"))
    with transaction.atomic():
        review = locked_review(number)
        review.state = Review.State.ABANDONED
        review.abandoned_by, review.abandoned_at, review.abandoned_why = by, at, why.strip()
        review.save()
        record(
            "review_abandoned",
            f"Gave up {name_of(review)}: {why.strip()}"[:400],
            at=at,
            by=by,
            target=f"review:{review.pk}",
        )
    return review


def ask_to_close(number: int, *, by: Person, at: datetime) -> Review:
    """Ask for a second person to close a review; once. Raises Refused where it is not open."""
    with transaction.atomic():
        review = locked_review(number)
        if review.closing_asked_by_id is None:
            review.closing_asked_by, review.closing_asked_at = by, at
            review.save()
            record(
                "review_closing_asked",
                f"Asked for a second person to close {name_of(review)}",
                at=at,
                by=by,
                target=f"review:{review.pk}",
            )
            tell(
                REVIEW_WAITS,
                occasion=f"closing:{review.pk}",
                subject=f"The review of {day_words(review.on)} waits for a second person",
                body=f"{by} asks to close it. A colleague who may close reviews does so.",
                link=f"/staff/reviews/{review.pk}/",
                at=at,
            )
    return review


def _refuse_day(program: Program, on: date, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(program.time_zone)).date()
    if (on.month, on.day) != (program.review.month, 1) or on < FIRST_DAY:
        raise Refused(
            Issue(
                file=day_words(on),
                message="is no review day",
                hint=f"reviews are on the first of month {program.review.month}",
            )
        )
    if on > today:
        raise Refused(Issue(file=f"the review of {day_words(on)}", message="has not come yet"))


def _there_already(review: Review) -> Refused:
    return Refused(
        Issue(
            file=name_of(review),
            message=f"is there already, and is {review.state}",
            hint="give it up first, to open it anew on newer facts",
        )
    )


def _tell(review: Review, *, at: datetime, by: Person | None) -> None:
    record(
        "review_opened",
        f"Opened {name_of(review)}, by {review.program}",
        at=at,
        by=by,
        target=f"review:{review.pk}",
        facts_digest=review.facts_digest,
    )
    tell(
        REVIEW_WAITS,
        occasion=f"opened:{review.pk}",
        subject=f"The review of {day_words(review.on)} is open",
        body="Everybody is judged. See who moves, settle what is unknown, and ask for waivers or "
        "corrections where you disagree, before two of you close it.",
        link=f"/staff/reviews/{review.pk}/",
        at=at,
    )

"""Play the calendar on a demo installation: reviews are opened and closed there for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from assay.core.issues import Issue, Refused
from assay.core.rights import CLOSE_REVIEWS, RUN_REVIEWS
from assay.jobs.reviews.close_review import close_review, name_of
from assay.jobs.reviews.open_review import ask_to_close
from assay.jobs.reviews.run_calendar import run_calendar
from assay.store.models import CalendarRun, Person, Review

DONE_AT = time(23, 59, 59, 999_999, tzinfo=UTC)  # what came by then is known


def play_installation(
    *, since: date, until: date, settling_days: int
) -> Iterator[tuple[date, str]]:
    """Let each day of a time pass: what falls due is done, and a review that may be closed is.

    One demo person asks to close a review, another closes it. Yields the days with what was done.
    Raises Refused where the installation is no demo, or has no two people who may.
    """
    if not settings.INSTALLATION.is_demo:
        raise Refused(
            Issue(
                file=str(settings.INSTALLATION.folder),
                message="is no demo: its reviews are its people's to close",
                hint="play on its ledger, with --ledger",
            )
        )
    asks = _person(RUN_REVIEWS.staff)
    closes = _person(CLOSE_REVIEWS.staff, but=asks)
    CalendarRun.objects.get_or_create(
        kind=CalendarRun.Kind.BEGIN,
        defaults={
            "on": since,
            "done_at": datetime.combine(since, DONE_AT),
            "words": "The calendar begins",
        },
    )
    for day in (since + timedelta(days=n) for n in range((until - since).days + 1)):
        at = datetime.combine(day, DONE_AT)
        ledger = settings.INSTALLATION.ledger
        for run in run_calendar(ledger, at=at, settling_days=settling_days, by=asks):
            yield run.on, f"{run.kind}: {run.words}"
            if run.kind == CalendarRun.Kind.MAY_CLOSE and run.review is not None:
                yield day, _closed(run.review, asks, closes, at=at, settling_days=settling_days)


def _closed(
    review: Review, asks: Person, closes: Person, *, at: datetime, settling_days: int
) -> str:
    if review.state != Review.State.OPEN:
        return f"{name_of(review)} is {review.state}"
    ask_to_close(review.pk, by=asks, at=at)
    close_review(review.pk, by=closes, at=at, settling_days=settling_days, effective_on=at.date())
    return f"{closes} closed {name_of(review)}, as {asks} asked"


def _person(roles: frozenset[str], *, but: Person | None = None) -> Person:
    people = Person.objects.filter(staff_role__in=roles, is_active=True).order_by("pk")
    found = people.exclude(pk=but.pk if but else 0).first()
    if found is None:
        raise Refused(Issue(file="people", message="there are no two who may close a review"))
    return found

"""Run the calendar: what is due and not yet done is done, in order, once, whoever comes first."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from assay.core.calendar import Act, ActKind, acts_between
from assay.core.issues import Refused
from assay.core.notices.reviews import REVIEW_WAITS
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.operations.heartbeat import beat
from assay.jobs.programs.program_versions import reference_of
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.assess import assess
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.open_review import open_review
from assay.jobs.reviews.record_review import record_review
from assay.jobs.reviews.settle_review import settle_review
from assay.store.models import CalendarPause, CalendarRun, Person, Review
from assay.words.dates import day_words

PART = "review calendar"


def run_calendar(
    ledger: Path, *, at: datetime, settling_days: int, by: Person | None = None
) -> tuple[CalendarRun, ...]:
    """Do every act that is due by `at` and not done, in order; return what was done.

    Each act is a transaction of its own, with the row that says it is done; who comes second
    waits for the first and goes on. The first time of all only begins the calendar. By None, the
    worker: nothing is done while the calendar is paused. What refuses ends the run, is kept as
    the calendar's trouble, and is tried again next time.
    """
    if by is None and paused():
        return ()
    today = day_of(at)
    begin = _begun(today, at=at)
    done: list[CalendarRun] = []
    trouble = ""
    for act in due_acts(begin, today, settling_days):
        try:
            run = _run(act, ledger, today=today, at=at, by=by)
        except Refused as refused:
            trouble = f"{day_words(act.on)}: {refused.issues[0]}"
            break
        if run is not None:
            done.append(run)
    beat(PART, at=at, words=trouble[:200])
    return tuple(done)


def day_of(at: datetime) -> date:
    """Return the day of a moment where the program's days begin and end."""
    zone = program_on(settings.PROGRAM, at.date()).time_zone
    return at.astimezone(ZoneInfo(zone)).date()


def paused() -> bool:
    """Tell whether the calendar does nothing by itself."""
    return CalendarPause.objects.filter(resumed_at=None).exists()


def due_acts(begin: date, today: date, settling_days: int) -> tuple[Act, ...]:
    """Return the acts from the beginning to today that are not done, and have something to do.

    Only open reviews are reminded of, and only by the newest reminder that has come.
    """
    done = set(CalendarRun.objects.values_list("kind", "on"))
    opened = Review.objects.filter(kind=Review.Kind.REVIEW, state=Review.State.OPEN)
    waiting = set(opened.values_list("on", flat=True))
    program = program_on(settings.PROGRAM, today)
    acts = acts_between(program.review, settling_days=settling_days, since=begin, until=today)
    newest = {act.review_on: act for act in acts if act.kind == ActKind.REMIND}
    return tuple(
        act
        for act in acts
        if (act.kind, act.on) not in done
        and (act.kind in (ActKind.OPEN, ActKind.ASSESS) or act.review_on in waiting)
        and (act.kind != ActKind.REMIND or newest[act.review_on] == act)
    )


def assess_now(ledger: Path, *, at: datetime, by: Person) -> CalendarRun | None:
    """Assess today, by hand; None where today is assessed already. Raises Refused."""
    today = day_of(at)
    act = Act(on=today, kind=ActKind.ASSESS, review_on=today)
    return _run(act, ledger, today=today, at=at, by=by)


def _begun(today: date, *, at: datetime) -> date:
    """Return the day the calendar began: today, if it has not yet."""
    begun, _ = CalendarRun.objects.get_or_create(
        kind=CalendarRun.Kind.BEGIN,
        defaults={"on": today, "done_at": at, "words": "The calendar begins"},
    )
    return begun.on


def _run(
    act: Act, ledger: Path, *, today: date, at: datetime, by: Person | None
) -> CalendarRun | None:
    """Do one act with its row, or nothing where somebody else has done it meanwhile."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                run = CalendarRun.objects.create(kind=act.kind, on=act.on, done_at=at, by=by)
        except IntegrityError:
            return None
        match act.kind:
            case ActKind.OPEN:
                run.review, run.words = _opened(act, ledger, at=at)
            case ActKind.ASSESS:
                run.review, run.words = _assessed(act, ledger, today=today, at=at)
            case ActKind.MAY_CLOSE:
                run.review, run.words = _settled(act, ledger, at=at)
            case ActKind.REMIND:
                run.review, run.words = _reminded(act, at=at)
        run.save()
    return run


def _opened(act: Act, ledger: Path, *, at: datetime) -> tuple[Review | None, str]:
    there = _review_of(act)
    if there is not None:
        return there, "There was one already"
    return open_review(ledger, on=act.on, at=at), "Opened"


def _assessed(act: Act, ledger: Path, *, today: date, at: datetime) -> tuple[Review | None, str]:
    """Assess, unless a later day of the calendar that has come too would say more."""
    program = program_on(settings.PROGRAM, act.on)
    later = acts_between(
        program.review, settling_days=0, since=date.fromordinal(act.on.toordinal() + 1), until=today
    )
    overtaken = next((one for one in later if one.kind == ActKind.ASSESS), None)
    if overtaken is not None:
        return None, f"Missed, and overtaken by the assessment of {day_words(overtaken.on)}"
    source = Source(ledger=ledger, known_at=at)
    reference = reference_of(settings.PROGRAM, program.label)
    assessment = record_review(reference, source, on=act.on, kind=Review.Kind.ASSESSMENT, at=at)
    found = assess(assessment, ledger, at=at)
    return assessment, f"{found.below} of {found.partners} partners below their credited tier"


def _settled(act: Act, ledger: Path, *, at: datetime) -> tuple[Review | None, str]:
    """Take in what came late, then tell staff that the review may be closed."""
    opened = _review_of(act)
    if opened is None or opened.state != Review.State.OPEN:
        return opened, "No open review"
    settled = settle_review(opened.pk, ledger, at=at)
    _reminded(act, at=at)
    if settled.pk == opened.pk:
        return settled, "Nothing came late; staff were told that it may be closed"
    return settled, "Opened anew on what came late; staff were told that it may be closed"


def _reminded(act: Act, *, at: datetime) -> tuple[Review | None, str]:
    """Tell staff that a review may be closed, or still is not."""
    review = _review_of(act)
    if review is None or review.state != Review.State.OPEN:
        return review, "No open review"
    may = act.kind == ActKind.MAY_CLOSE
    day = day_words(review.on)
    subject = f"The review of {day} may be closed" if may else f"The review of {day} is still open"
    tell(
        REVIEW_WAITS,
        occasion=f"{act.kind}:{review.pk}:{act.on}",
        subject=subject,
        body="The settling days are over. One person asks to close it, another closes it.",
        link=f"/staff/reviews/{review.pk}/",
        at=at,
    )
    record(f"review_{act.kind}", subject, at=at, target=f"review:{review.pk}")
    return review, "Staff were told"


def _review_of(act: Act) -> Review | None:
    """Return the review that an act is for, if one stands."""
    reviews = Review.objects.filter(kind=Review.Kind.REVIEW, on=act.review_on)
    return reviews.exclude(state=Review.State.ABANDONED).order_by("-pk").first()

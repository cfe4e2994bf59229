"""State a case against a decision: an owner appeals, or staff open a correction; withdraw it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.reviews import APPEAL_WAITS
from assay.jobs.escalations.parts import SentFile, kept
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.programs.programs import program_of
from assay.store.models import Appeal, AppealFile, Decision, DecisionLetter, Person, Review
from assay.words.dates import day_words

OPEN = (Appeal.State.OPEN, Appeal.State.PROPOSED)


def state_appeal(
    decision: int,
    case: str,
    *,
    files: Sequence[SentFile] = (),
    by: Person,
    at: datetime,
    partner_id: int,
) -> Appeal:
    """State a partner's case against a decision of a closed review, with evidence.

    Raises Refused where it has no letter yet, the period is over, or a case is open.
    """
    with kept(files) as attached, transaction.atomic():
        found = _locked(decision)
        if found.partner_id != partner_id:
            raise refused("there is no such decision")
        _refuse_late(found, at)
        appeal = _open(found, case, by=by, at=at, by_staff=False)
        for one in attached:
            AppealFile.objects.create(
                appeal=appeal,
                file=one.file,
                name=one.name,
                media_type=one.media_type,
                size=one.size,
            )
    return appeal


def open_correction(decision: int, case: str, *, by: Person, at: datetime) -> Appeal:
    """Open a correction of a decision, as staff; raises Refused where a case is open."""
    with transaction.atomic():
        return _open(_locked(decision), case, by=by, at=at, by_staff=True)


def withdraw_appeal(number: int, *, by: Person, at: datetime) -> Appeal:
    """Take a case back before it is decided; raises Refused."""
    with transaction.atomic():
        appeal = locked(number, OPEN)
        appeal.state = Appeal.State.WITHDRAWN
        appeal.save()
        note("appeal_withdrawn", f"{by} took back {name_of(appeal)}", appeal, by=by, at=at)
    return appeal


def locked(number: int, states: tuple[Appeal.State, ...]) -> Appeal:
    """Return a case, locked until the transaction ends; raises Refused in another state."""
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("decision__review", "decision__partner", "redecision")
        .filter(pk=number)
        .first()
    )
    if appeal is None:
        raise refused("there is none")
    if appeal.state not in states:
        raise refused(f"is {appeal.state} already", "reload the page to see what was decided")
    return appeal


def name_of(appeal: Appeal) -> str:
    """Name a case in a sentence."""
    what = "the correction of" if appeal.by_staff else "the appeal against"
    return f"{what} the decision of {day_words(appeal.decision.review.on)}"


def staff_page_of(appeal: Appeal) -> str:
    """Return the path at which staff see a case."""
    return f"/staff/appeals/{appeal.pk}/"


def note(act: str, words: str, appeal: Appeal, *, by: Person, at: datetime) -> None:
    """Record an act on a case; it is on the partner's timeline."""
    record(
        act,
        words[:400],
        at=at,
        by=by,
        partner=appeal.decision.partner,
        target=f"appeal:{appeal.pk}",
    )


def refused(message: str, hint: str = "", column: str | None = None) -> Refused:
    """Return a refusal of what was asked of a case."""
    return Refused(Issue(file="appeal", column=column, message=message, hint=hint))


def _locked(decision: int) -> Decision:
    """Return a decision of a closed review, locked; raises Refused."""
    found = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("review", "partner")
        .filter(pk=decision, review__kind=Review.Kind.REVIEW, review__state=Review.State.CLOSED)
        .first()
    )
    if found is None:
        raise refused("there is no such decision")
    return found


def _refuse_late(decision: Decision, at: datetime) -> None:
    letter = DecisionLetter.objects.filter(decision=decision, appeal_until__isnull=False).first()
    if letter is None or letter.appeal_until is None:
        raise refused("its letter is not written yet", "wait until you have it")
    if day_of(at) > letter.appeal_until:
        raise refused(
            f"could be stated until {day_words(letter.appeal_until)}",
            "write to the program team if a fact is wrong",
        )


def day_of(at: datetime) -> date:
    """Return the program's day of a moment."""
    return at.astimezone(ZoneInfo(program_of(settings.PROGRAM).time_zone)).date()


def _open(decision: Decision, case: str, *, by: Person, at: datetime, by_staff: bool) -> Appeal:
    if not case.strip():
        raise refused("say why", column="case")
    if decision.appeals.filter(state__in=OPEN).exists():
        raise refused("is open already on this decision", "wait until it is decided")
    appeal = Appeal.objects.create(
        decision=decision, case=case.strip(), stated_by=by, stated_at=at, by_staff=by_staff
    )
    act = "correction_opened" if by_staff else "appeal_stated"
    note(act, f"{by} stated {name_of(appeal)}", appeal, by=by, at=at)
    tell(
        APPEAL_WAITS,
        occasion=f"stated:{appeal.pk}",
        subject=f"{decision.partner}: {name_of(appeal)}",
        body=appeal.case,
        link=staff_page_of(appeal),
        at=at,
    )
    return appeal

"""The review year of 2025, job after job, as the calendar, the worker and people do them.

Maple's refund comes too late and is looked at again; Cedar appeals with evidence, and is heard.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from assay.jobs.appeals.decide_appeal import ON_FACTS, Proposal, confirm, propose
from assay.jobs.appeals.look_again import look_at_newest
from assay.jobs.appeals.state_appeal import open_correction, state_appeal
from assay.jobs.badges.issue_badges import issue_badges
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.content.sweep_files import sweep_files
from assay.jobs.escalations.parts import SentFile
from assay.jobs.letters.advancements import draft_advancements
from assay.jobs.letters.write_letters import write_letters
from assay.jobs.programs.program_versions import program_labelled
from assay.jobs.programs.programs import program_on
from assay.jobs.records.check_events import check_events
from assay.jobs.records.replay_review import replay_review
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.open_review import ask_to_close
from assay.jobs.reviews.overrides import Wish, ask_override, decide_override
from assay.jobs.reviews.refresh_standing import refresh_standing
from assay.jobs.reviews.run_calendar import run_calendar
from assay.jobs.risk.answer_risk import agree, answer_risk
from assay.store.models import Appeal, AppealFile, Decision, Override, Partner, Person, Review
from assay.store.queries.public.public import newest_review
from tests.few_partners import PROGRAM
from tests.three_years import SETTLING_DAYS, WAIVED_UNTIL, at, seat_owners, seat_staff


@dataclass(frozen=True)
class Job:
    """A job of the year; people do again what was not done.

    It passes at least so many `points`, and commits in so many parts, which add rows by table.
    """

    name: str
    act: Callable[[], object]
    points: int
    commits: int
    adds: str

    @property
    def rows(self) -> dict[str, int]:
        pairs = (part.split("=") for part in self.adds.split())
        return {table: int(count) for table, count in pairs}


def read_once() -> None:
    """Read the programs, which every process would read again."""
    for year in (2024, 2025):
        program_labelled(PROGRAM, program_on(PROGRAM, date(year, 7, 1)).label)


def play_before() -> None:
    """Play two years, so that tiers are credited and there are people to tell."""
    seat_staff()
    for year in (2023, 2024):
        calendar(year, 6, 30)
        calendar(year, 7, 1)
        seat_owners(at(year, 7, 1))
        calendar(year, 7, 15)
        ask_for_closing(year)
        close(year)
    Partner.objects.update(announce_moves=True)
    letters(2024, 7, 23)
    settle(2024, 7, 23)
    issue_badges(at=at(2024, 7, 23))


def refuse_unsound(*, replayed: bool = False) -> None:
    """Raise AssertionError where the record is broken, or a file is left that no row names."""
    assert check_events(settings.INSTALLATION).broken is None
    sweep_files(at=at(2999, 1, 1))
    files = {path.name for path in (settings.INSTALLATION.folder / "files").glob("*")}
    assert files == set(AppealFile.objects.values_list("file", flat=True))
    if replayed:
        again = replay_review(settings.INSTALLATION, newest().pk)
        assert (again.difference, again.decisions, again.cases) == (None, 11, 2)


def person(email: str) -> Person:
    return Person.objects.get(email=email)


def ann() -> Person:
    return person("ann@staff.example")


def ben() -> Person:
    return person("ben@staff.example")


def newest() -> Review:
    found = newest_review()
    assert found is not None
    return found


def decision(key: str) -> Decision:
    """Return what is decided on a partner in 2025."""
    found = Decision.objects.filter(partner__key=key, review__kind="review", review__on__year=2025)
    return found.exclude(review__state="abandoned").get()


def standing() -> None:
    refresh_standing(PROGRAM, settings.INSTALLATION.ledger, at=at(2025, 5, 31))


def calendar(year: int, month: int, day: int) -> None:
    """Do what is due on a day."""
    run_calendar(settings.INSTALLATION.ledger, at=at(year, month, day), settling_days=SETTLING_DAYS)


def answer() -> None:
    oak = Partner.objects.get(key="oak")
    answer_risk(oak.pk, "A report is missing", by=person("owner@oak.example"), at=at(2025, 6, 2))


def note_agreed() -> None:
    agree(Partner.objects.get(key="oak").pk, "It comes in June", by=ann(), at=at(2025, 6, 3))


def ask_waiver() -> None:
    wish = Wish(
        kind=Override.Kind.WAIVER, tier="gold", until_on=WAIVED_UNTIL, reason="A report is missing"
    )
    oak = decision("oak")
    if not oak.overrides.exists():
        ask_override(oak.pk, wish, by=ann(), at=at(2025, 7, 2))


def approve_waiver() -> None:
    for asked in Override.objects.filter(state=Override.State.ASKED):
        decide_override(asked.pk, approve=True, words="Agreed", by=ben(), at=at(2025, 7, 2))


def ask_for_closing(year: int) -> None:
    review = Review.objects.get(kind="review", state="open")
    ask_to_close(review.pk, by=ann(), at=at(year, 7, 22))


def close(year: int) -> None:
    for review in Review.objects.filter(kind="review", state="open"):
        close_review(review.pk, by=ben(), at=at(year, 7, 22), settling_days=SETTLING_DAYS)


def letters(year: int, month: int, day: int) -> None:
    """Draft the announcement and write letters, as the worker does in one task."""
    number = newest().pk
    draft_advancements(number, at=at(year, month, day))
    write_letters(number, at=at(year, month, day))


def settle(year: int, month: int, day: int) -> None:
    settle_benefits(PROGRAM, on=date(year, month, day), at=at(year, month, day))


def look_again() -> None:
    look_at_newest(settings.INSTALLATION.ledger, at=at(2025, 7, 24))


def appeal() -> None:
    cedar = decision("cedar")
    if not cedar.appeals.exists():
        state_appeal(
            cedar.pk,
            "A cent is missing",
            files=[SentFile(content=io.BytesIO(b"sold"), name="proof.txt")],
            by=person("owner@cedar.example"),
            at=at(2025, 7, 25),
            partner_id=cedar.partner_id,
        )


def correct() -> None:
    maple = decision("maple")
    if not maple.appeals.exists():
        open_correction(maple.pk, "Refunded", by=ann(), at=at(2025, 7, 25))


def propose_end(tier: str) -> None:
    for case in Appeal.objects.filter(state=Appeal.State.OPEN):
        propose(case.pk, Proposal(tier=tier, reason="It is so"), by=ann(), at=at(2025, 7, 26))


def confirm_end() -> None:
    for case in Appeal.objects.filter(state=Appeal.State.PROPOSED):
        confirm(case.pk, by=ben(), at=at(2025, 7, 27))


# Eleven partners have decisions; Ann and Ben are the staff; a partner has an owner.
JOBS = (
    # Willow's escalation; nine hold Silver or more, and have no sale of the last year yet.
    Job("standing", standing, 300, 3, "review=1 decision=11 escalation=1 notice=9 mail=9"),
    # December, which was missed, and June.
    Job(
        "missed run and assessment",
        lambda: calendar(2025, 6, 1),
        390,
        3,
        "calendarrun=2 review=1 decision=11 riskassessment=9 notice=9 mail=9 event=1",
    ),
    Job("answer", answer, 36, 1, "riskturn=1 notice=2 mail=2 event=1"),
    Job("what was agreed", note_agreed, 34, 1, "riskturn=1 notice=1 mail=1 event=1"),
    Job(
        "opening",
        lambda: calendar(2025, 7, 1),
        100,
        2,
        "calendarrun=1 review=1 decision=11 notice=2 mail=2 event=1",
    ),
    Job("waiver", ask_waiver, 38, 1, "override=1 notice=2 mail=2 event=1"),
    Job("approval of the waiver", approve_waiver, 14, 1, "event=1"),
    # Hazel's restatement: the review is opened anew, and the waiver carried over.
    Job(
        "settling",
        lambda: calendar(2025, 7, 15),
        110,
        2,
        "calendarrun=1 review=1 decision=11 override=1 notice=2 mail=2 event=2",
    ),
    Job("reminder", lambda: calendar(2025, 7, 22), 60, 2, "calendarrun=1 notice=2 mail=2 event=1"),
    Job("asking to close", lambda: ask_for_closing(2025), 34, 1, "notice=2 mail=2 event=1"),
    # Oak has the grant after its waiver, too; Birch, Cedar, Fir, Larch, Pine, Rowan, Willow move.
    Job("closing", lambda: close(2025), 90, 1, "reviewrecord=1 grant=12 notice=7 mail=7 event=8"),
    # The announcement, and then letter by letter.
    Job(
        "letters",
        lambda: letters(2025, 7, 23),
        500,
        12,
        "advancement=1 post=1 decisionletter=11 notice=11 mail=11 event=12",
    ),
    # All but Rowan get credits, into an account of five sides.
    Job(
        "benefits",
        lambda: settle(2025, 7, 23),
        70,
        1,
        "benefitchange=41 creditside=50 creditentry=10 notice=7 mail=7 event=7",
    ),
    # Ten issued, and those of the seven who moved revoked.
    Job("badges", lambda: issue_badges(at=at(2025, 7, 23)), 30, 1, "badge=10 event=17"),
    # Maple's refund of a dollar: Silver instead of Gold.
    Job("late facts", look_again, 60, 1, "latelook=1 review=1 decision=1 notice=2 event=1"),
    Job("appeal", appeal, 40, 1, "appeal=1 appealfile=1 notice=2 mail=2 event=1"),
    Job("proposal", lambda: propose_end("gold"), 36, 1, "notice=2 mail=2 event=1"),
    Job("its end", confirm_end, 50, 1, "caserecord=1 grant=1 notice=1 mail=1 event=1"),
    Job("correction", correct, 36, 1, "appeal=1 notice=2 mail=2 event=1"),
    Job("re-decision", lambda: propose_end(ON_FACTS), 40, 1, "notice=2 mail=2 event=1"),
    Job("its confirmation", confirm_end, 60, 1, "caserecord=1 grant=1 notice=1 mail=1 event=1"),
    Job(
        "letters of two cases",
        lambda: letters(2025, 7, 28),
        100,
        2,
        "decisionletter=2 notice=2 mail=2 event=2",
    ),
    # Cedar has Gold's benefits again, and Maple Silver's; what was given is not taken back.
    Job(
        "benefits of two cases",
        lambda: settle(2025, 7, 28),
        66,
        1,
        "benefitchange=10 creditentry=1 notice=2 mail=2 event=2",
    ),
    # Two issued; revoked are Cedar's of Silver, and Maple's of Gold, of two years.
    Job("badges of two cases", lambda: issue_badges(at=at(2025, 7, 28)), 30, 1, "badge=2 event=5"),
)

"""The life of an escalation: opened, answered, warned of, closed, disputed, restated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from assay.core.clock import microseconds
from assay.core.escalations import Severity, Source, target_of
from assay.core.issues import Refused
from assay.jobs.content.attach import attachments
from assay.jobs.escalations.dispute_escalation import (
    dispute_escalation,
    grant_dispute,
    refuse_dispute,
)
from assay.jobs.escalations.open_escalation import Asked, Way, open_escalation
from assay.jobs.escalations.show_escalations import board, one_escalation, year_of_escalations
from assay.jobs.escalations.warn_escalations import warn_escalations
from assay.jobs.escalations.write_escalation import (
    answer_escalation,
    close_escalation,
    reopen_escalation,
    write_escalation,
)
from assay.jobs.programs.programs import program_of
from assay.store.models import Escalation, EscalationFile, Notice, Person, Statement
from tests.jobs.escalations import FRIDAY, MONDAY, WORDS, acme, note, opened, staff
from tests.people_of_partners import partner

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def member(name="support"):
    return Person.objects.get(email=f"{name}@acme.example")


def told(kind):
    found = Notice.objects.filter(kind=kind).order_by("person__email", "pk")
    return [(notice.person.email, notice.subject) for notice in found]


def stated():
    return [one.rows["escalations"][0] for one in Statement.objects.order_by("pk")]


def test_the_time_is_that_of_the_program_for_the_tier():
    program = program_of(settings.PROGRAM)
    asked = {tier: target_of(program, tier) for tier in (None, "partner", "silver", "gold")}
    assert {tier: (one.title, str(one.hours), one.held) for tier, one in asked.items()} == {
        None: ("Silver", "48", False),
        "partner": ("Silver", "48", False),
        "silver": ("Silver", "48", True),
        "gold": ("Gold", "24", True),
    }
    assert not asked["gold"].is_met(24 * 3_600_000_000)
    assert asked["gold"].is_met(24 * 3_600_000_000 - 1)


def test_opening_tells_those_who_can_answer_and_becomes_a_fact():
    acme()
    one = opened(by=staff())
    assert told("escalation_opened") == [
        ("owner@acme.example", "Escalation: Login fails"),
        ("support@acme.example", "Escalation: Login fails"),
    ]
    body = Notice.objects.filter(kind="escalation_opened").first().body
    assert body == (  # 6 hours of Friday, 24 of Monday and 18 of Tuesday
        "Example Corp. Severity: high.\n\nSince noon.\n\n"
        "Answer before Tuesday 7 July 2026, 18:00 in Berlin. Silver asks for an answer in under "
        "48 hours, Monday to Friday, at the address of your profile."
    )
    assert stated() == [
        {
            "escalation_id": one.key,
            "partner_id": "P1",
            "opened_at": microseconds(FRIDAY),
            "responded_at": None,
        }
    ]


def test_the_first_response_stops_the_clock_and_later_words_do_not_move_it():
    of = acme()
    opener = staff()
    one = opened(by=opener)
    answer_escalation(one.pk, "We look at it.", by=member(), at=MONDAY)
    answer_escalation(one.pk, "It is mended.", by=member("owner"), at=MONDAY + HOUR)
    write_escalation(one.pk, "Thank you.", by=opener, at=MONDAY + 2 * HOUR)
    found = one_escalation(one.pk, at=MONDAY + 3 * HOUR, partner_id=of.pk)
    assert (found.clock.hours, found.clock.hours_off, found.clock.in_time) == ("16", "48", True)
    turns = [(turn.turn, turn.by_partner, turn.text) for turn in found.page.turns]
    assert turns == [
        ("opened", False, "Since noon."),
        ("answered", True, "We look at it."),
        ("said", True, "It is mended."),
        ("said", False, "Thank you."),
    ]
    assert [row["responded_at"] for row in stated()] == [None, microseconds(MONDAY)]
    assert told("escalation_answered") == [("opener@staff.example", "Acme Links: Login fails")] * 2


def test_who_opened_it_by_a_machine_is_nobody_so_all_who_open_are_told():
    acme()
    staff("one")
    staff("two", role="program_manager")
    staff("three", role="finance")
    one = opened()
    answer_escalation(one.pk, "Hello.", by=member(), at=MONDAY)
    assert [email for email, _ in told("escalation_answered")] == [
        "one@staff.example",
        "two@staff.example",
    ]


def test_closing_before_an_answer_stops_the_clock_and_reopening_does_not_start_it():
    acme()
    opener = staff()
    one = opened(by=opener)
    close_escalation(one.pk, "Opened by mistake.", by=opener, at=MONDAY)
    with pytest.raises(Refused, match="is closed"):
        answer_escalation(one.pk, "?", by=member(), at=MONDAY)
    reopen_escalation(one.pk, "It was none.", by=opener, at=MONDAY + HOUR)
    with pytest.raises(Refused, match="is open"):
        reopen_escalation(one.pk, "Again.", by=opener, at=MONDAY + HOUR)
    answer_escalation(one.pk, "Here we are.", by=member(), at=MONDAY + 2 * HOUR)
    assert Escalation.objects.get().answered_at == MONDAY
    assert list(Escalation.objects.get().turns.values_list("turn", flat=True)) == [
        "opened", "closed", "reopened", "said",
    ]  # fmt: skip


def test_warnings_come_at_half_and_at_three_quarters_once_each():
    acme()
    opened()
    monday = datetime(2026, 7, 6, 15, 59, tzinfo=UTC)  # 23 h 59 min have counted
    minute = timedelta(minutes=1)
    moments = (FRIDAY + 40 * HOUR, monday, monday + minute, monday + 2 * minute)
    sent = [warn_escalations(at=moment) for moment in moments]
    tuesday = datetime(2026, 7, 7, 3, 59, tzinfo=UTC)
    sent += [warn_escalations(at=tuesday + n * minute) for n in range(3)]
    assert sent == [0, 0, 1, 0, 0, 1, 0]
    subjects = [subject for email, subject in told("escalation_warned") if email[0] == "s"]
    assert subjects == [
        "Half of the time has passed: Login fails",
        "Three quarters of the time have passed: Login fails",
    ]


def test_after_a_pause_of_the_worker_the_later_warning_alone_is_sent():
    acme()
    opened()
    assert warn_escalations(at=MONDAY + 72 * HOUR) == 1
    assert {subject for _, subject in told("escalation_warned")} == {
        "The time for an answer is over: Login fails"
    }
    assert "It was due before Tuesday 7 July 2026" in Notice.objects.first().body


def test_of_an_unanswered_one_of_a_report_the_partner_is_warned_likewise():
    reported = acme().escalations.create(key="E1", source=Source.REPORT, opened_at=FRIDAY)
    monday = datetime(2026, 7, 6, 16, tzinfo=UTC)  # 24 of 48 hours have counted
    assert [warn_escalations(at=monday + n * 12 * HOUR) for n in range(3)] == [1, 1, 0]
    subjects = [subject for email, subject in told("escalation_warned") if email[0] == "s"]
    assert subjects == [
        "Half of the time has passed: E1",
        "Three quarters of the time have passed: E1",
    ]
    assert Notice.objects.first().link == f"/portal/acme/escalations/{reported.pk}/"


def test_of_what_no_standing_counts_any_more_nobody_is_warned():
    of = acme()
    for key, opened_at in (
        ("old", datetime(2025, 6, 29, 23, 59, 59, tzinfo=UTC)),
        ("new", datetime(2025, 6, 30, 0, tzinfo=UTC)),
    ):
        of.escalations.create(key=key, source=Source.REPORT, opened_at=opened_at)
    assert warn_escalations(at=datetime(2026, 6, 30, 12, tzinfo=UTC)) == 1
    assert {subject for _, subject in told("escalation_warned")} == {
        "The time for an answer is over: new"
    }


def test_who_answered_is_not_warned():
    acme()
    one = opened()
    answer_escalation(one.pk, "Here.", by=member(), at=MONDAY)
    assert warn_escalations(at=MONDAY + 72 * HOUR) == 0


def test_a_granted_dispute_restates_the_fact_and_keeps_what_held():
    of = acme()
    one = opened(by=staff("opener"))
    late = MONDAY + 72 * HOUR
    answer_escalation(one.pk, "Here.", by=member(), at=late)
    dispute_escalation(
        one.pk, claimed=MONDAY, reason="By phone.", file=note(), by=member(), at=late + HOUR
    )
    lead = staff("lead", role="program_manager")
    grant_dispute(one.pk, answered=MONDAY, reason="We heard it.", by=lead, at=late + 2 * HOUR)
    found = one_escalation(one.pk, at=late + 3 * HOUR, partner_id=of.pk)
    (dispute,) = found.disputes
    hours = (dispute.held_hours, dispute.claimed_hours, dispute.granted_hours)
    assert hours == ("88", "16", "16")
    assert (dispute.line.held, dispute.line.granted) == (late, MONDAY)
    assert found.clock.hours == "16"
    answered = [row["responded_at"] for row in stated()]
    assert answered == [None, microseconds(late), microseconds(MONDAY)]
    assert told("escalation_disputed")[0][1] == "Acme Links disputes: Login fails"
    assert told("dispute_decided")[0][1] == "The dispute is granted: Login fails"


def test_a_refused_dispute_changes_no_fact():
    acme()
    one = opened(by=staff("opener"))
    answer_escalation(one.pk, "Here.", by=member(), at=MONDAY)
    dispute_escalation(one.pk, claimed=FRIDAY, reason="Sooner.", by=member(), at=MONDAY + HOUR)
    refuse_dispute(one.pk, reason="No trace.", by=staff("lead"), at=MONDAY + 2 * HOUR)
    assert Escalation.objects.get().answered_at == MONDAY
    assert len(stated()) == 2


def test_who_opened_an_escalation_does_not_decide_its_dispute():
    acme()
    opener = staff("opener")
    one = opened(by=opener)
    answer_escalation(one.pk, "Here.", by=member(), at=MONDAY)
    dispute_escalation(one.pk, claimed=FRIDAY, reason="Sooner.", by=member(), at=MONDAY + HOUR)
    with pytest.raises(Refused, match="you opened it yourself"):
        grant_dispute(one.pk, answered=FRIDAY, reason="Yes.", by=opener, at=MONDAY + HOUR)


@pytest.mark.parametrize(
    ("claimed", "words"),
    [
        (FRIDAY - HOUR, "is before the opening"),
        (MONDAY + 5 * HOUR, "is yet to come"),
        (MONDAY, "counts already"),
    ],
)
def test_a_dispute_claims_another_moment_between_opening_and_now(claimed, words):
    acme()
    one = opened()
    answer_escalation(one.pk, "Here.", by=member(), at=MONDAY)
    with pytest.raises(Refused, match=words):
        dispute_escalation(one.pk, claimed=claimed, reason="R", by=member(), at=MONDAY + HOUR)


def test_one_dispute_at_a_time():
    acme()
    one = opened()
    answer_escalation(one.pk, "Here.", by=member(), at=MONDAY)
    dispute_escalation(one.pk, claimed=FRIDAY, reason="R", by=member(), at=MONDAY + HOUR)
    with pytest.raises(Refused, match="is open"):
        dispute_escalation(one.pk, claimed=FRIDAY, reason="R", by=member(), at=MONDAY + HOUR)


@pytest.mark.parametrize(
    ("to", "app", "words"),
    [
        ("nobody", "", "is not known"),
        ("acme", "none", "is not an app of this partner"),
        ("empty", "", "has nobody on the portal who could answer"),
    ],
)
def test_what_cannot_be_escalated_is_refused(to, app, words):
    acme()
    partner("P2", "empty", name="Empty")
    asked = Asked(subject="S", text="T", customer="C", severity=Severity.LOW, app=app)
    with pytest.raises(Refused, match=words):
        open_escalation(to, asked, Way(source=Source.PAGE), at=FRIDAY)
    assert not Escalation.objects.exists()


def test_a_file_is_kept_as_it_was_sent_and_one_of_another_kind_is_refused():
    acme()
    open_escalation("acme", WORDS, Way(source=Source.PAGE), files=[note()], at=FRIDAY)
    kept = EscalationFile.objects.get()
    assert (kept.name, kept.size) == ("log.txt", 8)
    with attachments().open(kept.file) as file:
        assert file.read() == b"evidence"
    with pytest.raises(Refused, match="of a kind that cannot be attached"):
        open_escalation(
            "acme", WORDS, Way(source=Source.PAGE), files=[note(name="run.exe")], at=FRIDAY
        )
    assert Escalation.objects.count() == 1


def test_the_board_begins_with_what_breaches_next():
    acme()
    later = opened(at=MONDAY)
    sooner = opened(at=FRIDAY)
    rows = board("open", at=MONDAY + HOUR).rows
    assert [one.row.escalation_id for one in rows] == [sooner.pk, later.pk]
    answer_escalation(sooner.pk, "Here.", by=member(), at=MONDAY + HOUR)
    assert [one.row.key for one in board("open", at=MONDAY + HOUR).rows] == [later.key]
    assert [one.row.key for one in board("answered", at=MONDAY + HOUR).rows] == [sooner.key]


@pytest.mark.parametrize(
    ("shown", "rows"),
    [("", ["late", "open"]), ("overdue", ["late", "open"]), ("disputed", ["held"])],
)
def test_the_board_counts_all_whatever_it_shows(shown, rows):
    acme()
    one, two, three = opened(at=FRIDAY), opened(at=FRIDAY), opened(at=MONDAY + 48 * HOUR)
    answer_escalation(one.pk, "Here.", by=member(), at=MONDAY)
    dispute_escalation(one.pk, claimed=FRIDAY, reason="Sooner.", by=member(), at=MONDAY + HOUR)
    found = board(shown, at=MONDAY + 72 * HOUR)  # Thursday; what came on Friday was due on Tuesday
    named = {one.pk: "held", two.pk: "late", three.pk: "open"}
    assert [named[one.row.escalation_id] for one in found.rows] == rows
    assert (found.waiting, found.overdue, found.disputed) == (2, 1, 1)


def test_a_year_tells_the_slowest_and_the_share_in_time():
    of = acme()
    for hours in (16, 48, 47):
        one = opened(at=MONDAY)
        answer_escalation(one.pk, "Here.", by=member(), at=MONDAY + hours * HOUR)
    opened(at=MONDAY + 70 * HOUR)
    year = year_of_escalations(of.pk, at=MONDAY + 72 * HOUR)
    assert (year.in_time, year.judged, year.slowest.clock.hours) == (2, 3, "48")
    assert year.first_day == date(2025, 7, 1)  # July is measured up to its first day
    assert len(year.waiting) == 1


def test_without_a_time_zone_nobody_can_tell():
    of = acme()
    of.time_zone = ""
    of.save()
    one = opened()
    clock = one_escalation(one.pk, at=MONDAY).clock
    assert (clock.counted, clock.due_at, clock.in_time) == (None, None, None)
    assert warn_escalations(at=MONDAY + 72 * HOUR) == 0

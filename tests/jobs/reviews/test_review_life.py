"""A review opened, overridden, closed: by whom, when, and what is granted; worked out by hand."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from assay.core.issues import Refused
from assay.core.review_rules import Demotion
from assay.core.rights import Role, StaffRole
from assay.gateways.installation import Installation
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews import close_review as closing
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.grant_tiers import grant_tiers
from assay.jobs.reviews.open_review import abandon_review, ask_to_close, open_review
from assay.jobs.reviews.overrides import Wish, ask_override, decide_override, withdraw_override
from assay.jobs.reviews.pause_calendar import pause_calendar, resume_calendar
from assay.jobs.reviews.run_calendar import assess_now, run_calendar
from assay.store.models import (
    CalendarRun,
    Decision,
    Event,
    Grant,
    Heartbeat,
    Mail,
    Membership,
    Notice,
    Override,
    Partner,
    Person,
    Review,
    ReviewRecord,
)
from assay.store.queries.reviews.credited import credited_on, held_since
from tests.few_partners import PROGRAM
from tests.portal.reviewed import write_ledger

pytestmark = pytest.mark.django_db
JULY_2025 = date(2025, 7, 1)
OPENED = datetime(2025, 9, 2, 9, tzinfo=UTC)  # after the facts of these tests came
LATER = OPENED + timedelta(hours=1)
NEXT_YEAR = datetime(2026, 7, 20, 9, tzinfo=UTC)
TIERS_2025 = {"P1": "gold", "P2": "partner", "P3": "silver", "P4": "none", "P5": "partner"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_ledger(tmp_path_factory.mktemp("written"))


@pytest.fixture
def ledger(tmp_path, settings, written):
    shutil.copytree(written / "ledger", tmp_path / "ledger")
    settings.INSTALLATION = Installation.at(tmp_path)
    return settings.INSTALLATION.ledger


def staff(name, role=StaffRole.PROGRAM_MANAGER):
    return Person.objects.create_user(f"{name}@demo.example", joined_at=OPENED, staff_role=role)


@pytest.fixture
def ann():
    return staff("ann")


@pytest.fixture
def ben():
    return staff("ben", StaffRole.FINANCE)


def opened(ledger, on=JULY_2025, at=OPENED, by=None):
    return open_review(ledger, on=on, at=at, by=by)


def close(review, by=None, at=LATER, **more):
    return close_review(review.pk, by=by, at=at, settling_days=14, **more)


def decision(review, key):
    return Decision.objects.get(review=review, partner__key=key)


def credited(on):
    held = credited_on(on)
    return {
        partner.key: held[partner.pk].tier
        for partner in Partner.objects.order_by("key")
        if partner.pk in held
    }


def test_an_open_review_decides_and_grants_nothing(ledger, ann):
    review = opened(ledger, by=ann)
    assert (review.state, review.opened_by, review.known_at) == ("open", ann, OPENED)
    assert {d.partner.key: d.tier for d in review.decisions.all()} == TIERS_2025
    assert Grant.objects.count() == 0
    assert Notice.objects.filter(kind="review_waits").count() == 1


def test_closing_grants_records_and_tells_in_one_go(ledger, ann, ben):
    review = opened(ledger, by=ann)
    acme = Partner.objects.get(key="P1")
    owner = Person.objects.create_user("owner@acme.example", joined_at=OPENED)
    Membership.objects.create(partner=acme, person=owner, role=Role.OWNER, since=OPENED)
    closed = close(review, by=ben)
    assert (closed.state, closed.closed_by, closed.effective_on) == ("closed", ben, LATER.date())
    assert credited(date(2025, 9, 1)) == {}
    assert credited(date(2025, 9, 2)) == TIERS_2025
    assert ReviewRecord.objects.filter(review=review).count() == 1
    notice = Notice.objects.get(person=owner)
    assert notice.subject == "Acme: Gold instead of No tier"
    assert notice.body.startswith(
        "The review of 1 July 2025 credits Acme with: Gold, from 2 September 2025 on. "
        "Before: No tier."
    )
    assert Mail.objects.filter(notice=notice).count() == 1
    told = Event.objects.filter(act="tier_credited").order_by("partner__key")
    assert [event.partner.key for event in told] == ["P1", "P2", "P3", "P5"]


def test_who_opened_it_does_not_close_it(ledger, ann):
    review = opened(ledger, by=ann)
    with pytest.raises(Refused) as refused:
        close(review, by=ann)
    assert str(refused.value) == (
        "the review of 1 July 2025: is closed by a second person — ask a colleague who may close "
        "reviews"
    )
    assert Review.objects.get(pk=review.pk).state == "open"


def test_of_the_calendars_review_one_asks_and_another_closes(ledger, ann, ben):
    review = opened(ledger)
    with pytest.raises(Refused, match="opened by the calendar: one person asks"):
        close(review, by=ben)
    ask_to_close(review.pk, by=ann, at=OPENED)
    with pytest.raises(Refused, match="closed by a second person"):
        close(review, by=ann)
    assert close(review, by=ben).state == "closed"


def test_it_is_not_closed_before_the_settling_days_end(ledger, ann, ben):
    review = opened(ledger, by=ann)
    with pytest.raises(Refused, match="may be closed from 30 September 2025 on"):
        close_review(review.pk, by=ben, at=LATER, settling_days=91)
    at = datetime(2025, 9, 30, tzinfo=UTC)
    assert close_review(review.pk, by=ben, at=at, settling_days=91).state == "closed"


def test_a_closed_review_is_not_closed_again_nor_given_up(ledger, ann, ben):
    review = opened(ledger, by=ann)
    close(review, by=ben)
    for act in (lambda: close(review, by=ben), lambda: ask_to_close(review.pk, by=ann, at=LATER)):
        with pytest.raises(Refused, match="is closed already"):
            act()
    with pytest.raises(Refused, match="is closed already"):
        abandon_review(review.pk, why="A mistake", by=ann, at=LATER)


def test_a_review_given_up_is_opened_anew_on_newer_facts(ledger, ann, ben):
    first = opened(ledger, by=ann)
    with pytest.raises(Refused, match="is there already, and is open"):
        opened(ledger, by=ben)
    with pytest.raises(Refused, match="say why"):
        abandon_review(first.pk, why=" ", by=ann, at=LATER)
    abandon_review(first.pk, why="A report was missing", by=ann, at=LATER)
    again = opened(ledger, at=LATER, by=ann)
    assert again.supersedes == first
    assert again.known_at == LATER
    close(again, by=ben)
    with pytest.raises(Refused, match="is there already, and is closed"):
        opened(ledger, by=ann)


def test_a_day_that_is_no_review_day_or_has_not_come_is_refused(ledger):
    with pytest.raises(Refused, match="2 July 2025: is no review day"):
        opened(ledger, on=date(2025, 7, 2))
    with pytest.raises(Refused, match="the review of 1 July 2026: has not come yet"):
        opened(ledger, on=date(2026, 7, 1))


def waiver(tier="gold", until=date(2026, 1, 1)):
    return Wish(kind=Override.Kind.WAIVER, tier=tier, until_on=until, reason="Their report is late")


def test_a_waiver_needs_a_second_person_and_then_ends(ledger, ann, ben):
    review = opened(ledger, by=ann)
    cent = decision(review, "P3")
    asked = ask_override(cent.pk, waiver(), by=ann, at=OPENED)
    with pytest.raises(Refused, match="has 1 waivers or corrections that wait"):
        close(review, by=ben)
    with pytest.raises(Refused, match="is decided by a second person"):
        decide_override(asked.pk, approve=True, words="", by=ann, at=OPENED)
    decide_override(asked.pk, approve=True, words="Agreed", by=ben, at=OPENED)
    with pytest.raises(Refused, match="is approved already"):
        decide_override(asked.pk, approve=False, words="No", by=ben, at=OPENED)
    close(review, by=ben)
    assert decision(review, "P3").tier == "silver"
    assert credited(date(2025, 12, 31))["P3"] == "gold"
    assert credited(date(2026, 1, 1))["P3"] == "silver"
    grants = Grant.objects.filter(partner__key="P3").order_by("pk")
    assert [(g.tier, g.cause, g.override) for g in grants] == [
        ("gold", "waiver", Override.objects.get()),
        ("silver", "review", None),
    ]


def test_a_correction_holds_until_the_next_review(ledger, ann, ben):
    review = opened(ledger, by=ann)
    wish = Wish(kind=Override.Kind.CORRECTION, tier="silver", until_on=None, reason="Two accounts")
    asked = ask_override(decision(review, "P5").pk, wish, by=ann, at=OPENED)
    decide_override(asked.pk, approve=True, words="", by=ben, at=OPENED)
    close(review, by=ben)
    assert credited(date(2026, 7, 14))["P5"] == "silver"
    second = opened(ledger, on=date(2026, 7, 1), at=NEXT_YEAR, by=ann)
    close(second, by=ben, at=NEXT_YEAR)
    assert credited(date(2026, 7, 19))["P5"] == "silver"
    assert credited(NEXT_YEAR.date())["P5"] == "partner"


def test_a_refused_or_withdrawn_override_grants_nothing(ledger, ann, ben):
    review = opened(ledger, by=ann)
    cent, exact = decision(review, "P3"), decision(review, "P5")
    refused = ask_override(cent.pk, waiver(), by=ann, at=OPENED)
    with pytest.raises(Refused, match="say why it is refused"):
        decide_override(refused.pk, approve=False, words=" ", by=ben, at=OPENED)
    decide_override(refused.pk, approve=False, words="A cent is a cent", by=ben, at=OPENED)
    taken = ask_override(exact.pk, waiver("silver"), by=ann, at=OPENED)
    decide_override(taken.pk, approve=True, words="", by=ben, at=OPENED)
    withdraw_override(taken.pk, by=ann, at=OPENED)
    close(review, by=ben)
    assert credited(LATER.date()) == TIERS_2025


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (waiver("silver"), "is the one that was computed"),
        (waiver("bronze"), "is none of the program's"),
        (waiver(until=None), "a waiver has a last day"),
        (waiver(until=JULY_2025), "is after 1 July 2025"),
        (Wish(kind="correction", tier="gold", until_on=None, reason=" "), "say why"),
    ],
)
def test_what_cannot_be_granted_is_not_asked_for(ledger, ann, wish, said):
    review = opened(ledger, by=ann)
    with pytest.raises(Refused, match=said):
        ask_override(decision(review, "P3").pk, wish, by=ann, at=OPENED)


def test_one_override_a_decision(ledger, ann):
    review = opened(ledger, by=ann)
    cent = decision(review, "P3")
    ask_override(cent.pk, waiver(), by=ann, at=OPENED)
    with pytest.raises(Refused, match="has a waiver or correction already"):
        ask_override(cent.pk, waiver("platinum"), by=ann, at=OPENED)


def test_a_demotion_is_spared_for_the_grace_of_the_program(ledger):
    close(opened(ledger))
    second = opened(ledger, on=date(2026, 7, 1), at=NEXT_YEAR)
    on = date(2026, 7, 20)
    grant_tiers(second, effective_on=on, demotion=Demotion(days=30), at=NEXT_YEAR)
    assert credited(date(2026, 8, 18))["P1"] == "gold"
    assert credited(date(2026, 8, 19))["P1"] == "partner"
    causes = Grant.objects.filter(partner__key="P1", decision__review=second).order_by("pk")
    assert [(g.tier, g.cause, g.since_on, g.until_on) for g in causes] == [
        ("gold", "grace", on, date(2026, 8, 19)),
        ("partner", "review", date(2026, 8, 19), None),
    ]
    assert credited(on)["P2"] == "partner"
    assert held_since(Partner.objects.get(key="P1").pk, on) == LATER.date()


@pytest.mark.parametrize("point", ["grant_tiers", "record", "keep_record", "tell_grants"])
def test_a_crash_while_closing_leaves_nothing(ledger, ann, ben, monkeypatch, point):
    review = opened(ledger, by=ann)
    events = Event.objects.count()

    def crash(*_, **__):
        raise RuntimeError(point)

    with monkeypatch.context() as patched:
        patched.setattr(closing, point, crash)
        with pytest.raises(RuntimeError, match=point):
            close(review, by=ben)
    assert Review.objects.get(pk=review.pk).state == "open"
    assert (Grant.objects.count(), ReviewRecord.objects.count()) == (0, 0)
    assert Event.objects.count() == events
    assert close(review, by=ben).state == "closed"


def runs():
    return [(run.kind, run.on.isoformat(), run.words) for run in CalendarRun.objects.order_by("pk")]


def calendar(ledger, at, by=None):
    return run_calendar(ledger, at=at, settling_days=14, by=by)


def at_nine(year, month, day):
    return datetime(year, month, day, 9, tzinfo=UTC)


def test_the_calendar_begins_when_it_first_runs_and_then_does_what_falls_due(ledger, ann, ben):
    calendar(ledger, OPENED)
    assert runs() == [("begin", "2025-09-02", "The calendar begins")]
    calendar(ledger, at_nine(2025, 12, 1))
    calendar(ledger, at_nine(2025, 12, 1))
    assert runs()[1:] == [("assess", "2025-12-01", "0 of 5 partners below their credited tier")]
    calendar(ledger, at_nine(2026, 7, 2))
    assert runs()[2:] == [
        ("assess", "2026-03-01", "Missed, and overtaken by the assessment of 1 April 2026"),
        ("assess", "2026-04-01", "Missed, and overtaken by the assessment of 1 May 2026"),
        ("assess", "2026-05-01", "Missed, and overtaken by the assessment of 1 June 2026"),
        ("assess", "2026-06-01", "0 of 5 partners below their credited tier"),
        ("open", "2026-07-01", "Opened"),
    ]
    review = Review.objects.get(kind="review")
    assert (review.on, review.opened_by, review.state) == (date(2026, 7, 1), None, "open")
    calendar(ledger, at_nine(2026, 7, 29))
    assert runs()[7:] == [
        (
            "may_close",
            "2026-07-15",
            "Nothing came late; staff were told that it may be closed",
        ),
        ("remind", "2026-07-29", "Staff were told"),
    ]
    assert calendar(ledger, at_nine(2026, 7, 30)) == ()
    assert Notice.objects.filter(kind="review_waits", person=ben).count() == 3
    ask_to_close(review.pk, by=ann, at=at_nine(2026, 7, 31))
    close(review, by=ben, at=at_nine(2026, 7, 31))
    assert calendar(ledger, at_nine(2026, 8, 5)) == ()


def test_what_comes_late_in_the_settling_days_counts_and_waivers_are_carried_over(
    ledger, ann, ben, tmp_path
):
    calendar(ledger, at_nine(2026, 6, 2))
    calendar(ledger, at_nine(2026, 7, 1))
    first = Review.objects.get(kind="review")
    assert decision(first, "P3").tier == "partner"
    wish = waiver("silver", date(2027, 1, 1))
    asked = ask_override(decision(first, "P5").pk, wish, by=ann, at=at_nine(2026, 7, 2))
    decide_override(asked.pk, approve=True, words="", by=ben, at=at_nine(2026, 7, 2))
    late = tmp_path / "transactions.csv"
    late.write_text(
        "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,"
        "vendor_amount,currency\nt90,P3,a3,cloud,2026-06-30,new,100000,,USD\n",
        encoding="utf-8",
    )
    order = Order.under(PROGRAM, source="late", partner_id=None, as_of=None)
    import_reports(ledger, [late], order, imported_at=at_nine(2026, 7, 9))
    calendar(ledger, at_nine(2026, 7, 15))
    first.refresh_from_db()
    assert (first.state, first.abandoned_by) == ("abandoned", None)
    second = Review.objects.get(kind="review", state="open")
    assert second.supersedes == first
    assert decision(second, "P3").tier == "silver"
    assert runs()[-1][2].startswith("Opened anew on what came late")
    ask_to_close(second.pk, by=ann, at=at_nine(2026, 7, 16))
    close(second, by=ben, at=at_nine(2026, 7, 16))
    held = credited(date(2026, 7, 16))
    assert (held["P3"], held["P5"]) == ("silver", "silver")


def test_an_assessment_counts_who_performs_below_the_credited_tier(ledger, ann):
    close(opened(ledger))
    assert assess_now(ledger, at=at_nine(2026, 7, 2), by=ann).words == (
        "2 of 5 partners below their credited tier"
    )
    assert assess_now(ledger, at=at_nine(2026, 7, 2), by=ann) is None


def test_a_paused_calendar_does_nothing_by_itself_and_catches_up(ledger, ann):
    calendar(ledger, OPENED)
    pause_calendar(why="The reports are late", by=ann, at=OPENED)
    with pytest.raises(Refused, match="is paused already"):
        pause_calendar(why="Again", by=ann, at=OPENED)
    assert calendar(ledger, at_nine(2025, 12, 2)) == ()
    resume_calendar(by=ann, at=at_nine(2025, 12, 3))
    assert [run.on for run in calendar(ledger, at_nine(2025, 12, 3))] == [date(2025, 12, 1)]
    with pytest.raises(Refused, match="is not paused"):
        resume_calendar(by=ann, at=OPENED)


def test_what_refuses_is_the_calendars_trouble_and_is_tried_again(tmp_path, settings):
    settings.INSTALLATION = Installation.at(tmp_path)
    ledger = settings.INSTALLATION.ledger
    calendar(ledger, at_nine(2026, 6, 30))
    assert calendar(ledger, at_nine(2026, 7, 1)) == ()
    beat = Heartbeat.objects.get(part="review calendar")
    assert beat.words.startswith("1 July 2026: ")
    assert beat.words.endswith("no facts have come yet — import reports first")
    write_ledger(tmp_path)
    assert [run.words for run in calendar(ledger, at_nine(2026, 7, 2))] == ["Opened"]
    assert Heartbeat.objects.get(part="review calendar").words == ""


def together(count, act):
    """Do the same in so many threads at once; returns what each gave, or refused."""
    ready = Barrier(count)

    def one(number):
        try:
            ready.wait()
            return act(number)
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_ten_that_close_at_once_close_it_once(ledger, ann):
    review = opened(ledger, by=ann)
    people = [staff(f"closer-{number}", StaffRole.FINANCE) for number in range(10)]
    found = together(10, lambda number: close(review, by=people[number]).state)
    assert found.count("closed") == 1
    refused = "the review of 1 July 2025: is closed already — nothing is left to do here"
    assert found.count(refused) == 9
    assert Grant.objects.count() == 5
    assert ReviewRecord.objects.count() == 1
    assert Event.objects.filter(act="review_closed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_an_act_once(ledger):
    calendar(ledger, at_nine(2026, 5, 2))
    found = together(2, lambda _: [run.kind for run in calendar(ledger, at_nine(2026, 7, 2))])
    assert sorted(kind for kinds in found for kind in kinds) == ["assess", "open"]
    assert Review.objects.filter(kind="review").count() == 1
    assert Review.objects.filter(kind="assessment").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_open_at_once_open_it_once(ledger, ann, ben):
    found = together(2, lambda number: opened(ledger, by=(ann, ben)[number]).state)
    first, second = sorted(found)
    assert first == "open"
    assert "is there already, and is open" in second
    assert Review.objects.count() == 1

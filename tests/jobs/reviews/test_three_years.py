"""Three program years of the demo's marketplace, held against what was worked out by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test import override_settings
from typer.testing import CliRunner

from assay.cli.main import app
from assay.jobs.appeals.decide_appeal import ON_FACTS, Proposal, confirm, propose
from assay.jobs.appeals.look_again import look_again
from assay.jobs.appeals.state_appeal import state_appeal
from assay.jobs.badges.issue_badges import issue_badges
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.letters.write_letters import write_newest_letters
from assay.jobs.records.check_events import anchor_events, check_events
from assay.jobs.records.export_record import export_record
from assay.jobs.records.replay_review import replay_review
from assay.jobs.records.verify_file import verify_file
from assay.jobs.reviews.play_installation import play_installation
from assay.store.models import (
    Badge,
    CalendarRun,
    Grant,
    Notice,
    Override,
    Partner,
    Person,
    Review,
    ReviewRecord,
)
from assay.store.queries.benefits.benefits import held_by
from assay.store.queries.credits.credits import unbalanced, years_of
from assay.store.queries.reviews.credited import credited_on
from tests.few_partners import PROGRAM
from tests.three_years import (
    AS_OPENED,
    NAME,
    NEW,
    OLD,
    SALES,
    SETTLING_DAYS,
    TIERS,
    YEARS,
    at,
    crowd_tiers,
    seat_owners,
    seat_staff,
    tier_of,
    waive_oak,
)
from tests.untraced import untraced

SINCE, UNTIL = date(2023, 7, 1), date(2026, 7, 31)
TITLES = {"partner": "Marketplace Partner", "none": "No tier", "-": "No tier"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def years(three_years_of_demo, django_db_setup, django_db_blocker):  # noqa: ARG001 - the tables
    """The installation on which three years have passed, and what the play told of each day."""
    installation = three_years_of_demo
    settings = override_settings(INSTALLATION=installation, PROGRAM=PROGRAM)
    with django_db_blocker.unblock(), settings, transaction.atomic():
        seat_staff()
        with untraced():
            told = list(played())
        yield installation, told
        transaction.set_rollback(True)


def played():
    """Let the three years pass; yields what was done."""
    for on, words in play_installation(since=SINCE, until=UNTIL, settling_days=SETTLING_DAYS):
        yield f"{on} {words}"
        connection.check_constraints()  # chains the events, as a commit does
        if words == "open: Opened":
            seat_owners(at(on.year, on.month, on.day))
            if on == date(2025, 7, 1):
                waive_oak(at(2025, 7, 2))


def reviews(**wanted):
    return Review.objects.filter(kind="review", **wanted).order_by("on", "pk")


def computed(review, keys=tuple(TIERS)):
    rows = review.decisions.filter(partner__key__in=keys)
    return dict(rows.values_list("partner__key", "tier"))


def expected(year, *, opened=False):
    """Return the tiers of a year by hand, of who was there."""
    tiers = {key: tier_of(key, year) for key in TIERS if tier_of(key, year) != "-"}
    changed = {key: tier for (key, when), tier in AS_OPENED.items() if when == year}
    return tiers | changed if opened else tiers


def credited(on):
    held = credited_on(on)
    keys = dict(Partner.objects.filter(key__in=TIERS).values_list("pk", "key"))
    return {keys[partner]: one.tier for partner, one in held.items() if partner in keys}


@pytest.mark.parametrize("year", YEARS)
def test_each_review_closes_with_the_tiers_worked_out_by_hand(years, year):  # noqa: ARG001
    review = reviews(on=date(year, 7, 1)).get(state="closed")
    assert computed(review) == expected(year)
    assert review.effective_on == date(year, 7, 15)
    assert (review.closing_asked_by.name, review.closed_by.name) == ("Ann", "Ben")
    assert review.program == f"{NAME}@{NEW if year >= 2025 else OLD}"


@pytest.mark.parametrize("year", YEARS)
def test_each_review_closes_with_the_tiers_that_the_crowds_stories_tell(years, year):  # noqa: ARG001
    crowd = crowd_tiers(year)
    review = reviews(on=date(year, 7, 1)).get(state="closed")
    assert len(crowd) == (272 if year == 2023 else 300)  # 28 newcomers came in 2024
    assert computed(review, crowd) == crowd
    assert review.decisions.count() == len(crowd) + len(expected(year))


def test_late_rows_of_the_settling_days_count(years):
    anew = "Opened anew on what came late; staff were told that it may be closed"
    settled = {run.on.year: run.words for run in CalendarRun.objects.filter(kind="may_close")}
    assert settled == dict.fromkeys(YEARS, anew)
    given_up = {review.on.year: computed(review) for review in reviews(state="abandoned")}
    assert given_up == {year: expected(year, opened=True) for year in YEARS}
    assert [line for line in years[1] if " remind" in line] == []


def test_what_came_after_closing_changed_no_decision(years):
    installation, _ = years
    assert computed(reviews(on=date(2025, 7, 1)).get(state="closed"))["maple"] == "gold"
    assert credited(date(2026, 7, 14))["maple"] == "gold"
    known = by_command(installation, "--hindsight", since="2025-07-01", until="2025-07-15")
    assert known["2025-07-15"]["maple"] == "silver"  # 500,000 - 1 = 499,999


def by_command(installation, *more, since=str(SINCE), until=str(UNTIL)):
    """Play with `assay year`; returns the tiers held after each closing, by day."""
    program = installation.programs / NAME / OLD
    days = ("--from", since, "--to", until, "--settling-days", str(SETTLING_DAYS))
    asked = ("year", "--program", program, *days, "--ledger", installation.ledger, "--json", *more)
    done = CliRunner().invoke(app, [*map(str, asked)], catch_exceptions=False)
    held, found = {}, {}
    for act in json.loads(done.stdout):
        if act["act"] == "review closed":
            moved = {move["partner_id"]: move["tier"] for move in act["moved"]}
            held |= {key: tier for key, tier in moved.items() if key in TIERS}
            found[act["on"]] = dict(held)
    return found


def test_the_command_plays_the_same_years_on_the_ledger_alone(years):
    found = by_command(years[0])
    assert found == {f"{year}-07-15": expected(year) for year in YEARS}


def test_tiers_are_credited_from_the_closing_day_on(years):  # noqa: ARG001
    assert credited(date(2023, 7, 14)) == {}
    for year in YEARS:
        closed = expected(year) | ({"oak": "gold"} if year == 2025 else {})
        assert credited(date(year, 7, 15)) == closed
        if year > 2023:
            before = expected(year - 1)
            assert credited(date(year, 7, 14)) == before


def test_a_waiver_holds_until_its_day_and_the_decision_stays_as_computed(years):  # noqa: ARG001
    days = {date(2025, 12, 31): "gold", date(2026, 1, 1): "silver", date(2026, 7, 15): "gold"}
    assert {day: credited(day)["oak"] for day in days} == days
    grants = Grant.objects.filter(partner__key="oak", reviewed_on=date(2025, 7, 1)).order_by("pk")
    assert [(g.cause, g.tier, str(g.since_on), str(g.until_on)) for g in grants] == [
        ("waiver", "gold", "2025-07-15", "2026-01-01"),
        ("review", "silver", "2026-01-01", "None"),
    ]
    carried = Override.objects.get(decision__review__state="closed")
    assert (carried.asked_by.name, carried.decided_by.name) == ("Ann", "Ben")


def test_who_moves_is_told_once_a_year_and_nobody_else(years):  # noqa: ARG001
    """Moves compare what was credited the day before with what is credited on the day."""
    subjects = {key: [] for key in SALES}
    notices = Notice.objects.filter(kind="tier_credited").select_related("partner")
    assert {notice.partner.key for notice in notices} == set(SALES)  # who has an owner to tell
    for notice in notices.order_by("told_at"):
        subjects[notice.partner.key].append(notice.subject.partition(": ")[2])
    assert subjects == {key: by_hand(key) for key in SALES}
    assert subjects["cedar"] == [
        "Platinum instead of No tier",
        "Gold instead of Platinum",
        "Silver instead of Gold",
        "Marketplace Partner instead of Silver",
    ]
    assert subjects["oak"] == ["Gold instead of No tier", "Gold instead of Silver"]
    assert subjects["maple"] == ["Gold instead of No tier"]


def by_hand(key):
    """Write down the moves of a partner: oak's fall of 2025 was waived, and came without a move."""
    tiers = ["-", *TIERS[key].split()]
    moves = [(was, now) for was, now in pairwise(tiers) if was != now]
    moves = [move for move in moves if (key, *move) != ("oak", "gold", "silver")]
    title = {tier: TITLES.get(tier, tier.title()) for tier in (*tiers, "none")}
    return [f"{title[now]} instead of {title[was]}" for was, now in moves]


def test_every_act_of_the_calendar_was_done_on_its_day(years):  # noqa: ARG001
    runs = CalendarRun.objects.exclude(kind="begin")
    assert {run.done_at.date() - run.on for run in runs} == {timedelta(0)}
    kinds = sorted(runs.values_list("kind", flat=True))
    assert [(kind, kinds.count(kind)) for kind in sorted(set(kinds))] == [
        ("assess", 3),  # in June
        ("may_close", 4),
        ("open", 4),
    ]
    assert Review.objects.filter(kind="assessment").count() == 3


def test_every_review_replays_to_its_recorded_bytes(years, tmp_path):
    installation, _ = years
    for record in ReviewRecord.objects.select_related("review").order_by("pk"):
        again = replay_review(installation, record.review_id)
        there = len(expected(record.review.on.year)) + len(crowd_tiers(record.review.on.year))
        assert (again.on, again.decisions, again.difference) == (
            str(record.review.on),
            there,
            None,
        )
        file = tmp_path / f"{record.review_id}.assay"
        export_record(installation, record.review_id, file, at=at(2026, 8, 1))
        verify_file(file)
    assert ReviewRecord.objects.count() == 4


def test_the_record_of_who_did_what_is_sound(years):
    installation, _ = years
    assert anchor_events(installation, at=at(2026, 8, 1)).broken is None
    found = check_events(installation)
    assert (found.broken, found.checkpoints) == (None, 1)


def test_an_appeal_of_the_third_year_is_granted_on_a_corrected_fact(years, tmp_path):
    """Pine's cloud was a cent below 15% of 160,000; its report of 20 July puts the cent right."""
    review = reviews(on=date(2026, 7, 1)).get(state="closed")
    pine = review.decisions.select_related("partner").get(partner__key="pine")
    assert write_newest_letters(at=at(2026, 7, 16)) == review.decisions.count()
    owner, ann, ben = (
        Person.objects.get(email=email)
        for email in ("owner@pine.example", "ann@staff.example", "ben@staff.example")
    )
    case = state_appeal(
        pine.pk,
        "A sale of a cent is missing",
        by=owner,
        at=at(2026, 7, 17),
        partner_id=pine.partner_id,
    )
    look = look_again(review.pk, years[0].ledger, at=at(2026, 7, 21))
    assert [(one.partner.key, one.tier) for one in look.found.decisions.all()] == [
        ("pine", "silver")
    ]
    propose(case.pk, Proposal(tier=ON_FACTS, reason="It is"), by=ann, at=at(2026, 7, 22))
    confirm(case.pk, by=ben, at=at(2026, 7, 23))
    days = {date(2026, 7, 22): "partner", date(2026, 7, 23): "silver"}
    assert {day: credited(day)["pine"] for day in days} == days
    assert computed(review) == expected(2026)
    again = replay_review(years[0], review.pk)
    assert (again.cases, again.difference) == (1, None)
    export_record(years[0], review.pk, tmp_path / "record.jws", at=at(2026, 7, 24))
    assert "; cases decided since: 1; " in verify_file(tmp_path / "record.jws").words


BASE = {
    "communications": "yes",
    "ecosystem_council": "considered",
    "marketing_badge": "Marketplace Partner",
    "co_marketing": "considered",
    "event_sponsorship": "available",
    "event_tickets": "available",
    "credits": "2500",
    "security_tools": "yes",
    "code_hosting": "yes",
}
BENEFITS = {  # B1 to B14 as the page of 13 June 2024 has them
    "none": {},
    "partner": BASE,
    "silver": BASE
    | {"profile_badge": "yes", "marketing_badge": "Silver Marketplace Partner"}
    | {"campaign_roadmap": "yes", "co_marketing": "preferential", "credits": "20000"},
    "gold": BASE
    | {"profile_badge": "yes", "marketing_badge": "Gold Marketplace Partner"}
    | {"campaign_roadmap": "yes", "co_marketing": "preferential", "credits": "35000"}
    | {"event_sponsorship": "preferential", "event_tickets": "more"}
    | {"early_access": "preferential"},
    "platinum": BASE
    | {"profile_badge": "yes", "marketing_badge": "Platinum Marketplace Partner"}
    | {"campaign_roadmap": "yes", "co_marketing": "prioritized", "credits": "50000"}
    | {"event_sponsorship": "prioritized", "event_tickets": "most"}
    | {"early_access": "prioritized", "ecosystem_council": "prioritized"}
    | {"technical_partner_manager": "dedicated", "custom_analytics": "yes"},
}
CREDITED = {  # of ten partners in July 2024 and in July 2025, by hand from their sales
    "ash": ("gold", "gold"),
    "birch": ("silver", "gold"),
    "cedar": ("gold", "silver"),
    "fir": ("silver", "partner"),  # $150,000 from July 2025 on
    "hazel": ("silver", "silver"),
    "larch": ("silver", "gold"),
    "maple": ("gold", "gold"),
    "oak": ("gold", "gold"),  # waived
    "rowan": ("silver", "none"),
    "willow": ("partner", "silver"),
}


def test_benefits_before_and_after_a_review_of_ten_partners(years):  # noqa: ARG001 - played
    with transaction.atomic():
        before, after = ({}, {})
        for held, year in ((before, 2024), (after, 2025)):
            settle_benefits(PROGRAM, on=date(year, 7, 16), at=at(year, 7, 16))
            issue_badges(at=at(year, 7, 16))
            for key in CREDITED:
                of = Partner.objects.get(key=key)
                held[key] = {name: one.value for name, one in held_by(of.pk).items()}
        assert before == {key: BENEFITS[was] for key, (was, _) in CREDITED.items()}
        assert after == {key: BENEFITS[now] for key, (_, now) in CREDITED.items()}
        assert settle_benefits(PROGRAM, on=date(2025, 7, 16), at=at(2025, 7, 17)) == 0
        granted = {
            key: [
                year.balance.granted // 100
                for year in reversed(years_of(Partner.objects.get(key=key).pk))
            ]
            for key in ("birch", "cedar", "rowan")
        }
        assert granted == {"birch": [20000, 35000], "cedar": [35000, 20000], "rowan": [20000]}
        assert unbalanced() == ()
        badges = Badge.objects.filter(partner__key__in=CREDITED)
        revoked = badges.exclude(revoked_at=None).values_list("partner__key", "tier")
        assert dict(revoked) == {
            key: was for key, (was, now) in CREDITED.items() if was != now
        }  # six: three rose, three fell, rowan to nothing
        kept = badges.filter(revoked_at=None, since_on__year=2025)
        assert dict(kept.values_list("partner__key", "words")) == {
            key: BENEFITS[now]["marketing_badge"]
            for key, (_, now) in CREDITED.items()
            if now != "none"
        }
        cedar = badges.get(partner__key="cedar", tier="gold")
        assert cedar.revoked_why.startswith("Demoted: Silver instead of Gold")
        transaction.set_rollback(True)

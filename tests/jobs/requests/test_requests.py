"""Rounds: ranked by the tier's level, then by date; places, waiting lists, tickets by quota."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import close_old_connections, connection

from assay.core.issues import Refused
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.programs.programs import program_of
from assay.jobs.requests.ask import ask, withdraw
from assay.jobs.requests.decide import allot_tickets, grant, refuse
from assay.jobs.requests.rounds import RoundPlan, open_round
from assay.store.models import BenefitRequest, Notice, Person, Ticket
from assay.store.queries.requests.requests import ask_of, asked_in, round_of
from tests.few_partners import PROGRAM
from tests.grants import grant as credit
from tests.people_of_partners import AT, partner, person, seat

JULY = date(2026, 7, 1)
CLOSES = AT + timedelta(days=10)
PROGRAM_READ = program_of(PROGRAM)


def holding(slug, tier):
    made = partner(slug.upper(), slug, name=slug)
    seat(made, person(f"owner@{slug}.example"))
    credit(made, tier, JULY)
    settle_benefits(PROGRAM, on=JULY, at=AT)
    return made


def opened(benefit="co_marketing", capacity=2, **quotas):
    plan = RoundPlan(
        benefit=benefit,
        title="Guest blogs",
        description="",
        capacity=capacity,
        opens_at=AT,
        closes_at=CLOSES,
        quotas=quotas,
    )
    return open_round(plan, PROGRAM_READ, by=staff(), at=AT)


def staff():
    found = Person.objects.filter(email="lead@staff.example").first()
    return found or person("lead@staff.example", staff="program_manager")


def asked(where, of, minutes=0, wanted=1):
    owner = of.memberships.get().person
    at = AT + timedelta(minutes=minutes)
    return ask(where.pk, of.pk, text="We would like to", wanted=wanted, by=owner, at=at)


def order(where):
    return [(one.slug, one.state, one.place) for one in asked_in(where.pk, PROGRAM_READ)]


def granted(made):
    return grant(made.pk, PROGRAM_READ, reason="", by=staff(), at=AT)


@pytest.mark.django_db
def test_a_higher_level_goes_first_then_who_asked_first():
    where = opened()
    for minutes, (slug, tier) in enumerate(
        [("base", "partner"), ("gold", "gold"), ("silver", "silver"), ("plat", "platinum")]
    ):
        asked(where, holding(slug, tier), minutes)
    assert order(where) == [
        ("plat", "asked", 1),  # prioritized
        ("gold", "asked", 2),  # preferential, as Silver, and earlier
        ("silver", "asked", 3),
        ("base", "asked", 4),  # considered
    ]
    first = asked_in(where.pk, PROGRAM_READ)[0]
    assert first.rank_words == "Prioritized (B7), asked 1 July 2026, 09:03 UTC"


@pytest.mark.django_db
def test_who_is_granted_above_the_capacity_waits_and_moves_up():
    where = opened(capacity=1)
    first, second, third = (
        asked(where, holding(slug, tier))
        for slug, tier in [("gold", "gold"), ("base", "partner"), ("plat", "platinum")]
    )
    assert [granted(made).state for made in (first, second, third)] == [
        "granted",
        "waiting",
        "waiting",
    ]
    withdraw(first.pk, PROGRAM_READ, by=first.asked_by, at=AT)
    states = {one.slug: one.state for one in asked_in(where.pk, PROGRAM_READ)}
    assert states == {"gold": "withdrawn", "base": "waiting", "plat": "granted"}
    told = Notice.objects.filter(person=third.asked_by, kind="benefit_decided")
    assert [notice.subject for notice in told.order_by("pk")] == [
        "Guest blogs: on the waiting list",
        "Guest blogs: granted",
    ]


@pytest.mark.django_db
def test_who_may_ask_and_when():
    where = opened("early_access")
    silver, gold = holding("silver", "silver"), holding("gold", "gold")
    with pytest.raises(Refused, match="your tier does not get this benefit"):
        asked(where, silver)
    with pytest.raises(Refused, match="the round is not open"):
        asked(where, gold, minutes=10 * 24 * 60)
    made = asked(where, gold)
    with pytest.raises(Refused, match="asked in this round already"):
        asked(where, gold)
    withdraw(made.pk, PROGRAM_READ, by=made.asked_by, at=AT)
    assert asked(where, gold).state == "asked"


@pytest.mark.django_db
def test_a_refusal_has_a_reason_and_is_final():
    where = opened()
    made = asked(where, holding("gold", "gold"))
    with pytest.raises(Refused, match="say why"):
        refuse(made.pk, PROGRAM_READ, reason=" ", by=staff(), at=AT)
    refuse(made.pk, PROGRAM_READ, reason="Not this time", by=staff(), at=AT)
    with pytest.raises(Refused, match="refused already"):
        granted(made)
    assert ask_of(made.pk, PROGRAM_READ).reason == "Not this time"


@pytest.mark.django_db
def test_tickets_are_allotted_by_rank_up_to_the_tiers_quota():
    where = opened("event_tickets", 7, partner=1, silver=2, gold=4, platinum=6)
    for minutes, (slug, tier, wanted) in enumerate(
        [("base", "partner", 1), ("silver", "silver", 5), ("gold", "gold", 4)]
    ):
        asked(where, holding(slug, tier), minutes, wanted)
    with pytest.raises(Refused, match="open still"):
        allot_tickets(where.pk, PROGRAM_READ, by=staff(), at=AT)
    assert allot_tickets(where.pk, PROGRAM_READ, by=staff(), at=CLOSES) == 7
    told = {one.slug: (one.state, one.tickets) for one in asked_in(where.pk, PROGRAM_READ)}
    assert told == {
        "gold": ("granted", (1, 2, 3, 4)),  # more
        "base": ("granted", (5,)),  # available, and asked before Silver
        "silver": ("granted", (6, 7)),  # available; its quota is two
    }
    with pytest.raises(Refused, match="nothing to allot"):
        allot_tickets(where.pk, PROGRAM_READ, by=staff(), at=CLOSES)
    assert round_of(where.pk, at=CLOSES).left == 0


@pytest.mark.django_db
def test_tickets_that_come_back_go_to_who_waits():
    where = opened("event_tickets", 2, gold=2)
    first, second = holding("gold", "gold"), holding("bold", "gold")
    one = asked(where, first, 0, 2)
    other = asked(where, second, 1, 2)
    allot_tickets(where.pk, PROGRAM_READ, by=staff(), at=CLOSES)
    assert BenefitRequest.objects.get(pk=other.pk).state == "waiting"
    withdraw(one.pk, PROGRAM_READ, by=one.asked_by, at=CLOSES)
    assert ask_of(other.pk, PROGRAM_READ).tickets == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_who_allot_at_once_give_every_ticket_once():
    where = opened("event_tickets", 3, gold=2)
    for minutes, slug in enumerate(("one", "two")):
        asked(where, holding(slug, "gold"), minutes, 2)
    lead, together = staff(), Barrier(8)

    def allot(_):
        close_old_connections()
        connection.ensure_connection()
        together.wait()
        try:
            return allot_tickets(where.pk, PROGRAM_READ, by=lead, at=CLOSES)
        except Refused:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(allot, range(8))) == [0, 0, 0, 0, 0, 0, 0, 3]
    given = Ticket.objects.exclude(request=None).values_list("number", "request__partner__slug")
    assert sorted(given) == [(1, "one"), (2, "one"), (3, "two")]


@pytest.mark.django_db(transaction=True)
def test_six_who_give_back_at_once_and_each_ticket_has_one_holder():
    where = opened("event_tickets", 12, gold=2)
    holders = [holding(f"holder{number}", "gold") for number in range(6)]
    made = [asked(where, of, number, 2) for number, of in enumerate(holders)]
    waiting = [asked(where, holding(f"late{number}", "gold"), 60, 2) for number in range(4)]
    assert allot_tickets(where.pk, PROGRAM_READ, by=staff(), at=CLOSES) == 12
    together = Barrier(6)

    def give_back(one):
        close_old_connections()
        connection.ensure_connection()
        together.wait()
        try:
            return withdraw(one.pk, PROGRAM_READ, by=one.asked_by, at=CLOSES).state
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert [*pool.map(give_back, made)] == ["withdrawn"] * 6
    given = [ask_of(one.pk, PROGRAM_READ).tickets for one in waiting]
    assert [len(tickets) for tickets in given] == [2, 2, 2, 2]
    assert len({number for tickets in given for number in tickets}) == 8
    assert Ticket.objects.filter(request=None).count() == 4


@pytest.mark.django_db(transaction=True)
def test_ten_who_grant_at_once_give_no_more_places_than_there_are():
    where, lead = opened(capacity=3), staff()
    made = [asked(where, holding(f"p{number}", "gold"), number) for number in range(10)]
    together = Barrier(10)

    def decide(one):
        close_old_connections()
        connection.ensure_connection()
        together.wait()
        try:
            return grant(one.pk, PROGRAM_READ, reason="", by=lead, at=AT).state
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        states = sorted(pool.map(decide, made))
    assert states == ["granted"] * 3 + ["waiting"] * 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"benefit": "credits"}, "choose a benefit"),
        ({"benefit": "nothing"}, "choose a benefit"),
        ({"closes_at": AT}, "closes after it opens"),
        ({"capacity": 0}, "give 1 to"),
        ({"quotas": {"bronze": 1}}, "no tier bronze"),
    ],
)
def test_a_round_that_cannot_be_is_refused(changes, words):
    cells = {
        "benefit": "co_marketing",
        "title": "T",
        "description": "",
        "capacity": 1,
        "opens_at": AT,
        "closes_at": CLOSES,
        "quotas": {},
    }
    with pytest.raises(Refused, match=words):
        open_round(RoundPlan(**(cells | changes)), PROGRAM_READ, by=staff(), at=AT)

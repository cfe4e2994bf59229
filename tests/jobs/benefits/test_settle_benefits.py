"""A closed review changes what partners have: granted, changed, ended, each dated, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from assay.core.credits import Balance
from assay.core.issues import Refused
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.credits.orders import approve_order, place_order
from assay.jobs.programs.programs import program_of
from assay.store.models import BenefitChange, CreditEntry, Event, Mail, Notice
from assay.store.queries.benefits.benefits import changes_of, held_by
from assay.store.queries.credits.credits import unbalanced, years_of
from tests.few_partners import PROGRAM
from tests.grants import grant
from tests.people_of_partners import AT, LATER, partner, person, seat

JULY_25, JULY_26 = date(2025, 7, 1), date(2026, 7, 1)
SILVER = {  # the benefits table of 13 June 2024, B1 to B14
    "communications": "yes",
    "ecosystem_council": "considered",
    "profile_badge": "yes",
    "marketing_badge": "Silver Marketplace Partner",
    "campaign_roadmap": "yes",
    "co_marketing": "preferential",
    "event_sponsorship": "available",
    "event_tickets": "available",
    "credits": "20000",
    "security_tools": "yes",
    "code_hosting": "yes",
}


@pytest.fixture
def acme(db):  # noqa: ARG001 - the tables
    made = partner()
    seat(made, person("owner@acme.example"))
    return made


def have(of):
    return {key: one.value for key, one in held_by(of.pk).items()}


def settle(on=JULY_25, at=AT):
    return settle_benefits(PROGRAM, on=on, at=at)


def test_silver_gets_what_the_table_gives_silver(acme):
    grant(acme, "silver", JULY_25)
    assert settle() == 11
    assert have(acme) == SILVER
    assert years_of(acme.pk)[0].balance == Balance(granted=2_000_000, available=2_000_000)


def test_settled_again_nothing_changes(acme):
    grant(acme, "silver", JULY_25)
    settle()
    assert settle(at=LATER) == 0
    assert BenefitChange.objects.count() == 11
    assert Notice.objects.filter(kind="benefits_changed").count() == 1
    assert Event.objects.filter(act="benefits_changed").count() == 1


def test_from_silver_to_gold_each_change_is_dated_and_explained(acme):
    grant(acme, "silver", JULY_25)
    settle()
    grant(acme, "gold", JULY_26)
    assert settle(JULY_26, LATER) == 5
    assert {(one.key, one.act, one.before, one.after) for one in changes_of(acme.pk)[:5]} == {
        ("marketing_badge", "changed", "Silver Marketplace Partner", "Gold Marketplace Partner"),
        ("event_sponsorship", "changed", "available", "preferential"),
        ("event_tickets", "changed", "available", "more"),
        ("credits", "changed", "20000", "35000"),
        ("early_access", "granted", "", "preferential"),
    }


def test_a_fall_ends_what_the_lower_tier_does_not_get_and_takes_nothing_used(acme):
    grant(acme, "platinum", JULY_25)
    settle()
    order = place_order(
        acme.pk, JULY_25, what="Licences", amount=Decimal(4000), by=person("f@x.example"), at=AT
    )
    approve_order(order.pk, limit=10**9, by=person("s@x.example"), at=AT)
    grant(acme, "partner", JULY_26)
    settle(JULY_26, LATER)
    ended = {one.key for one in changes_of(acme.pk) if one.act == "ended"}
    assert ended == {
        "technical_partner_manager",
        "profile_badge",
        "campaign_roadmap",
        "custom_analytics",
        "early_access",
    }
    this, last = years_of(acme.pk)
    assert this.balance == Balance(granted=250_000, available=250_000)
    assert last.balance == Balance(granted=5_000_000, available=4_600_000, spent=400_000)


def test_a_waiver_that_ran_out_gives_way_to_the_grant_before(acme):
    grant(acme, "partner", JULY_25)
    grant(acme, "silver", JULY_25, until=date(2025, 10, 1))
    settle()
    assert have(acme) == SILVER
    settle(date(2025, 10, 1), LATER)
    assert have(acme)["marketing_badge"] == "Marketplace Partner"


def test_who_has_no_tier_any_more_has_no_benefit(acme):
    grant(acme, "silver", JULY_25, until=date(2025, 10, 1))
    settle()
    assert settle(date(2025, 10, 1), LATER) == 11
    assert have(acme) == {}


def test_an_appeal_within_the_year_grants_what_is_missing(acme):
    grant(acme, "silver", JULY_25)
    settle()
    grant(acme, "gold", date(2025, 9, 1), review_on=JULY_25)
    settle(date(2025, 9, 1), LATER)
    assert years_of(acme.pk)[0].balance == Balance(granted=3_500_000, available=3_500_000)


def test_the_change_says_what_and_why(acme):
    grant(acme, "silver", JULY_25)
    settle()
    words = held_by(acme.pk)["credits"].words
    assert words == (
        "Credits for the platform's products, for internal use (B11): granted, $20,000. "
        "Since 1 July 2025, by Silver."
    )


def several(number, tier="silver"):
    """Make partners with an owner each, all credited with a tier."""
    made = []
    for each in range(number):
        made.append(partner(f"M{tier}{each}", f"{tier}-{each}", name=f"Made up {each}"))
        seat(made[-1], person(f"owner@{tier}-{each}.example"))
        grant(made[-1], tier, JULY_25)
    return made


@pytest.mark.django_db
def test_forty_partners_take_as_many_statements_as_four():
    counts = []
    for number, tier in ((4, "silver"), (40, "gold")):
        several(number, tier)
        with CaptureQueriesContext(connection) as asked:
            settle()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert BenefitChange.objects.count() == 4 * 11 + 40 * 12
    assert CreditEntry.objects.count() == Event.objects.filter(act="benefits_changed").count() == 44
    assert Notice.objects.count() == Mail.objects.count() == 44


@pytest.mark.django_db(transaction=True)
def test_two_that_settle_at_once_and_partners_who_spend_meanwhile():
    program_of(PROGRAM)  # read before anybody runs
    made = several(30)
    settle(date(2025, 7, 1))
    for each in made:
        grant(each, "gold", date(2025, 9, 1), review_on=JULY_25)

    def do(work):
        close_old_connections()
        try:
            return work()
        finally:
            connection.close()

    def spend(of, who):
        try:
            order = place_order(
                of.pk, JULY_25, what="Licences", amount=Decimal(20000), by=who, at=AT
            )
            approve_order(order.pk, limit=10**9, by=staff, at=AT)
        except Refused:  # pragma: no cover - nobody is refused
            return 0
        return 1

    staff, buyer = person("staff@x.example"), person("buyer@x.example")
    works = [lambda: settle(date(2025, 9, 1), LATER) for _ in range(2)]
    works += [lambda each=each: spend(each, buyer) for each in made]
    with ThreadPoolExecutor(8) as pool:
        changed = list(pool.map(do, works))
    assert sorted(changed[:2]) == [0, 30 * 5]
    assert sum(changed[2:]) == 30
    assert {years_of(each.pk)[0].balance for each in made} == {
        Balance(granted=3_500_000, available=1_500_000, spent=2_000_000)
    }
    assert unbalanced() == ()

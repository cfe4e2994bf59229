from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from assay.jobs.access.end_access import end_access
from assay.jobs.access.keep_domain import drop_domain, keep_domain
from assay.store.models import AccessEnding, Event, Invitation, Membership, Notice
from tests.access import AT, decided, paid_app
from tests.people import account, partner, roles, seat

pytestmark = pytest.mark.django_db
PERIOD = 30


def day(number):
    """Return the moment that many days after the first look."""
    return AT + timedelta(days=number)


def look(*days, period=PERIOD):
    for number in days:
        end_access(after_days=period, at=day(number))


@pytest.fixture
def support():
    return account("support@platform.example", staff_role="support")


@pytest.fixture
def acme(support):
    made = partner("acme", olga="owner", vera="viewer")
    keep_domain("example", allowed=True, reason="Tests", by=support, at=AT)
    decided(made)
    return made


def states():
    found = AccessEnding.objects.order_by("pk")
    return [(one.person.email.partition("@")[0], one.condition, one.state) for one in found]


def told(name):
    found = Notice.objects.filter(person__email__startswith=name, kind="access_ends")
    return [notice.subject for notice in found.order_by("pk")]


def test_where_the_conditions_hold_nothing_happens(acme):
    paid_app(acme)
    look(0, 1, 40)
    assert states() == []
    assert roles() == {"olga": "owner", "vera": "viewer"}


def test_a_partner_on_its_way_to_its_first_app_is_left_alone():
    made = partner("fresh", fred="owner")
    look(0, 40)
    assert states() == []
    assert made.memberships.count() == 1


def test_members_are_told_once_then_a_week_before_and_lose_access_on_the_day(acme):
    look(0, 0, 1)
    assert states() == [("olga", "paid_app", "open"), ("vera", "paid_app", "open")]
    first = "Your access to Acme is to end on 31 July 2026"
    assert told("vera") == [first]
    look(22)
    assert told("vera") == [first]
    look(23, 23, 24)
    second = "Your access to Acme ends in a week, on 31 July 2026"
    assert told("vera") == [first, second]
    look(29)
    assert roles() == {"olga": "owner", "vera": "viewer"}
    look(30, 31)
    assert roles() == {}
    assert told("vera") == [first, second, "Your access to Acme has ended"]
    acts = Event.objects.filter(partner=acme, act__startswith="access").values_list(
        "act", flat=True
    )
    assert sorted(acts) == ["access_ended"] * 2 + ["access_ending"] * 2


@pytest.mark.usefixtures("acme")
def test_staff_are_told_of_an_owner_and_not_of_others(support):
    look(0, 30)
    (notice,) = Notice.objects.filter(kind="owner_lost")
    assert (notice.person, notice.subject) == (
        support,
        "Olga, an owner of Acme, has no access any more",
    )
    assert "Owners left: 0." in notice.body


def test_a_worker_that_slept_warns_late_and_ends_at_the_next_look(acme):
    look(0, 27)
    assert told("vera")[-1] == "Your access to Acme ends on 31 July 2026"
    look(60)
    assert roles() == {}
    assert acme.access_endings.filter(state="ended").count() == 2


def test_an_app_listed_again_on_the_last_day_keeps_everybody(acme):
    look(0, 23, 29)
    paid_app(acme)
    look(30)
    assert {state for *_, state in states()} == {"cancelled"}
    assert told("olga")[-1] == "Your access to Acme stays"
    assert roles() == {"olga": "owner", "vera": "viewer"}


def test_conditions_that_end_again_begin_a_whole_new_period(acme):
    listing = paid_app(acme)
    listing.retired_on = AT.date()
    listing.save()
    look(0)
    listing.retired_on = None
    listing.save()
    look(10)
    listing.retired_on = day(11).date()
    listing.save()
    look(11, 30, 40)
    assert roles() == {"olga": "owner", "vera": "viewer"}
    look(41)
    assert roles() == {}


@pytest.mark.parametrize(("field", "value"), [("payment", "partner"), ("payment", "free")])
def test_an_app_paid_otherwise_is_none(acme, field, value):
    listing = paid_app(acme)
    setattr(listing, field, value)
    listing.save()
    look(0)
    assert [condition for _, condition, _ in states()] == ["paid_app", "paid_app"]


def test_a_private_app_keeps_access(acme):
    paid_app(acme, public=False)
    look(0)
    assert states() == []


def test_a_domain_that_the_operator_refuses_ends_the_access_of_its_members_alone(acme, support):
    paid_app(acme)
    rival = account("rob@rival.example")
    Membership.objects.create(partner=acme, person=rival, role="finance", since=AT)
    kept = keep_domain("rival.example", allowed=False, reason="A rival", by=support, at=AT)
    look(0)
    assert states() == [("rob", "address", "open")]
    drop_domain(kept.pk, by=support, at=AT)
    look(1)
    assert states() == [("rob", "address", "cancelled")]
    keep_domain("rival.example", allowed=False, reason="A rival", by=support, at=AT)
    look(2, 32)
    assert roles() == {"olga": "owner", "vera": "viewer"}


def test_another_confirmed_address_at_a_private_domain_is_enough(acme):
    paid_app(acme)
    public = account("gil@gmail.com")
    Membership.objects.create(partner=acme, person=public, role="viewer", since=AT)
    own = EmailAddress.objects.create(user=public, email="gil@acme-tools.com", verified=False)
    look(0)
    assert states() == [("gil", "address", "open")]
    own.verified = True
    own.save()
    look(1)
    assert states() == [("gil", "address", "cancelled")]


def test_who_left_is_not_told_any_more(acme):
    look(0)
    Membership.objects.filter(pk=seat("vera").pk).delete()
    look(23, 30)
    assert ("vera", "paid_app", "cancelled") in states()
    assert told("vera") == ["Your access to Acme is to end on 31 July 2026"]
    assert not acme.memberships.exists()


def test_invitations_of_an_owner_whose_access_ended_are_withdrawn(acme):
    owner = seat("olga").person
    Invitation.objects.create(
        partner=acme,
        email="new@acme-tools.com",
        role="viewer",
        digest="d",
        invited_by=owner,
        invited_at=AT,
        expires_at=day(90),
    )
    look(0, 30)
    assert Invitation.objects.get().withdrawn_at == day(30)


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(("period", "ends"), [(1, 1), (7, 7), (8, 8)])
def test_the_operator_sets_the_period(period, ends):
    look(0, ends - 1, period=period)
    assert len(roles()) == 2
    look(ends, period=period)
    assert roles() == {}
    warned = [subject for subject in told("vera") if "ends" in subject]
    assert len(warned) == (period > 7)

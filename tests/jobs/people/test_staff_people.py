from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from assay.core.issues import Refused
from assay.core.rights import StaffRole
from assay.jobs.people.join import join, look_at
from assay.jobs.people.staff_people import (
    give_staff_role,
    invite_staff,
    invite_staff_again,
    withdraw_staff_invitation,
)
from assay.store.models import Event, Person, StaffInvitation
from tests.people import AT, account, link_in, newest_mail

pytestmark = pytest.mark.django_db
ADMINISTRATOR, SUPPORT = StaffRole.ADMINISTRATOR, StaffRole.SUPPORT


@pytest.fixture
def ada():
    return account("ada@program.example", name="Ada", staff_role=ADMINISTRATOR)


def invited(by, email="dan@program.example", role=SUPPORT):
    made = invite_staff(email=email, role=role, by=by, at=AT)
    return made, link_in(newest_mail(), "invitations/").split("/")[2]


def role_of(person):
    return Person.objects.get(pk=person.pk).staff_role


def test_who_is_invited_joins_with_the_role(ada):
    _, secret = invited(ada)
    assert look_at(secret, at=AT).partner == ""
    dan = account("dan@program.example", name="Dan")
    join(secret, person=dan, at=AT)
    assert role_of(dan) == "support"
    assert [event.words for event in Event.objects.order_by("pk")] == [
        "Ada invited dan@program.example to the program team as support",
        "Dan joined the program team as support, invited by Ada",
    ]
    with pytest.raises(Refused, match="accepted already"):
        join(secret, person=dan, at=AT)


def test_another_address_does_not_join(ada):
    _, secret = invited(ada)
    eve = account("eve@evil.example")
    with pytest.raises(Refused, match="for dan@program"):
        join(secret, person=eve, at=AT)
    assert role_of(eve) == ""


@pytest.mark.parametrize("role", [role for role in StaffRole if role != ADMINISTRATOR])
@pytest.mark.usefixtures("ada")
def test_only_administrators_invite_and_give_roles(role):
    other = account("o@program.example", staff_role=role)
    with pytest.raises(Refused):
        invite_staff(email="dan@program.example", role=SUPPORT, by=other, at=AT)
    with pytest.raises(Refused):
        give_staff_role(other.pk, role=ADMINISTRATOR, by=other, at=AT)
    assert role_of(other) == role


def test_the_last_administrator_stays(ada):
    for role in (SUPPORT, None):
        with pytest.raises(Refused, match="always has an administrator"):
            give_staff_role(ada.pk, role=role, by=ada, at=AT)
    assert role_of(ada) == "administrator"


def test_a_role_is_changed_and_taken_away(ada):
    sam = account("sam@program.example", name="Sam", staff_role=SUPPORT)
    give_staff_role(sam.pk, role=StaffRole.FINANCE, by=ada, at=AT)
    assert role_of(sam) == "finance"
    give_staff_role(sam.pk, role=None, by=ada, at=AT)
    assert role_of(sam) == ""
    assert [event.words for event in Event.objects.order_by("pk")] == [
        "Ada made Sam finance, who was support",
        "Ada took Sam out of the team, who was finance",
    ]


def test_who_is_no_staff_gets_no_role_this_way(ada):
    bo = account("bo@new.example")
    with pytest.raises(Refused, match="not in the program team"):
        give_staff_role(bo.pk, role=ADMINISTRATOR, by=ada, at=AT)
    assert role_of(bo) == ""


def test_invitations_of_a_former_administrator_do_not_survive(ada):
    bea = account("bea@program.example", staff_role=ADMINISTRATOR)
    made, secret = invited(bea, role=ADMINISTRATOR)
    give_staff_role(bea.pk, role=SUPPORT, by=ada, at=AT)
    with pytest.raises(Refused, match="does not work"):
        look_at(secret, at=AT)
    StaffInvitation.objects.filter(pk=made.pk).update(withdrawn_at=None)
    with pytest.raises(Refused, match="does not work"):
        join(secret, person=account("dan@program.example"), at=AT)


def test_an_invitation_is_sent_again_withdrawn_and_expires(ada):
    made, old = invited(ada)
    later = AT + timedelta(days=6)
    invite_staff_again(made.pk, by=ada, at=later)
    fresh = link_in(newest_mail(), "invitations/").split("/")[2]
    with pytest.raises(Refused):
        look_at(old, at=later)
    assert look_at(fresh, at=later).expires_at == later + timedelta(days=7)
    with pytest.raises(Refused):
        look_at(fresh, at=later + timedelta(days=7))
    withdraw_staff_invitation(made.pk, by=ada, at=later)
    with pytest.raises(Refused):
        look_at(fresh, at=later)


def test_staff_and_the_invited_are_not_invited_again(ada):
    invited(ada)
    with pytest.raises(Refused, match="invited already"):
        invited(ada)
    with pytest.raises(Refused, match="in the program team already"):
        invited(ada, "ada@program.example")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_other_out_at_once_leave_one():
    pair = [account(f"{name}@program.example", staff_role=ADMINISTRATOR) for name in ("ada", "bea")]
    barrier = Barrier(2)

    def take(number):
        try:
            barrier.wait()
            give_staff_role(pair[1 - number].pk, role=None, by=pair[number], at=AT)
        except Refused as refused:
            return refused.issues[0].message
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(take, (0, 1)))
    assert said == ["Your role does not reach this any more.", "done"]
    assert sorted(role_of(one) for one in pair) == ["", "administrator"]

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assay.core.issues import Refused
from assay.core.rights import Role
from assay.jobs.people.invitations import invite
from assay.jobs.people.team import change_role, leave, remove_member, transfer_ownership
from assay.store.models import Event, Invitation, Notice
from tests.people import AT, partner, person, roles, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return partner("acme", ann="owner", bob="finance", cleo="viewer")


def test_an_owner_gives_a_role_and_it_is_recorded_and_told(acme):
    change_role(acme.pk, seat("bob").pk, role=Role.SECURITY, by=person("ann"), at=AT)
    assert roles() == {"ann": "owner", "bob": "security", "cleo": "viewer"}
    event = Event.objects.get()
    assert (event.act, event.words, event.by, event.partner) == (
        "role_changed",
        "Ann made Bob security, who was finance",
        person("ann"),
        acme,
    )
    assert [(one.person, one.subject) for one in Notice.objects.all()] == [
        (person("bob"), "Your role in Acme is now security")
    ]


@pytest.mark.parametrize("name", ["bob", "cleo"])
@pytest.mark.parametrize("role", [Role.OWNER, Role.VIEWER])
def test_only_owners_give_roles(acme, name, role):
    with pytest.raises(Refused):
        change_role(acme.pk, seat("cleo").pk, role=role, by=person(name), at=AT)
    assert roles() == {"ann": "owner", "bob": "finance", "cleo": "viewer"}


def test_the_last_owner_is_not_demoted_removed_or_gone(acme):
    ann = person("ann")
    with pytest.raises(Refused, match="always has an owner"):
        change_role(acme.pk, seat("ann").pk, role=Role.VIEWER, by=ann, at=AT)
    with pytest.raises(Refused, match="always has an owner"):
        leave(acme.pk, person=ann, at=AT)
    with pytest.raises(Refused, match="Leave"):
        remove_member(acme.pk, seat("ann").pk, by=ann, at=AT)
    assert roles() == {"ann": "owner", "bob": "finance", "cleo": "viewer"}
    assert Event.objects.count() == 0


def test_an_owner_leaves_where_another_stays(acme):
    change_role(acme.pk, seat("bob").pk, role=Role.OWNER, by=person("ann"), at=AT)
    leave(acme.pk, person=person("ann"), at=AT)
    assert roles() == {"bob": "owner", "cleo": "viewer"}


def test_a_member_of_another_partner_does_not_exist(acme):
    partner("other", olga="owner", omar="viewer")
    for act in (
        lambda key: change_role(acme.pk, key, role=Role.VIEWER, by=person("ann"), at=AT),
        lambda key: remove_member(acme.pk, key, by=person("ann"), at=AT),
        lambda key: transfer_ownership(acme.pk, key, own_role=None, by=person("ann"), at=AT),
    ):
        with pytest.raises(Refused, match="not in the team"):
            act(seat("omar", "other").pk)
    assert roles("other") == {"olga": "owner", "omar": "viewer"}


def test_ownership_is_handed_over_and_one_becomes_what_one_chose(acme):
    transfer_ownership(acme.pk, seat("bob").pk, own_role=Role.SUPPORT, by=person("ann"), at=AT)
    assert roles() == {"ann": "support", "bob": "owner", "cleo": "viewer"}
    assert Event.objects.get().words == "Ann handed ownership to Bob and is now support"


def test_ownership_is_handed_over_and_one_leaves(acme):
    transfer_ownership(acme.pk, seat("bob").pk, own_role=None, by=person("ann"), at=AT)
    assert roles() == {"bob": "owner", "cleo": "viewer"}


def test_who_is_no_owner_hands_nothing_over(acme):
    with pytest.raises(Refused):
        transfer_ownership(acme.pk, seat("cleo").pk, own_role=None, by=person("bob"), at=AT)


@pytest.mark.parametrize("own_role", [Role.OWNER])
def test_handing_over_is_not_sharing(acme, own_role):
    with pytest.raises(Refused, match="two owners"):
        transfer_ownership(acme.pk, seat("bob").pk, own_role=own_role, by=person("ann"), at=AT)


def open_invitations():
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None).count()


def test_invitations_of_a_former_owner_do_not_survive_a_transfer(acme):
    invite(acme.pk, email="dan@new.example", role=Role.OWNER, by=person("ann"), at=AT)
    transfer_ownership(acme.pk, seat("bob").pk, own_role=Role.VIEWER, by=person("ann"), at=AT)
    assert open_invitations() == 0


def test_invitations_of_a_removed_owner_do_not_survive(acme):
    change_role(acme.pk, seat("bob").pk, role=Role.OWNER, by=person("ann"), at=AT)
    invite(acme.pk, email="dan@new.example", role=Role.VIEWER, by=person("bob"), at=AT)
    remove_member(acme.pk, seat("bob").pk, by=person("ann"), at=AT)
    assert open_invitations() == 0


def test_invitations_of_an_owner_who_leaves_or_is_demoted_do_not_survive(acme):
    change_role(acme.pk, seat("bob").pk, role=Role.OWNER, by=person("ann"), at=AT)
    invite(acme.pk, email="dan@new.example", role=Role.VIEWER, by=person("bob"), at=AT)
    change_role(acme.pk, seat("bob").pk, role=Role.FINANCE, by=person("ann"), at=AT)
    assert open_invitations() == 0


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one():
    acme = partner("acme", ann="owner", bob="owner")
    ann, bob = person("ann"), person("bob")
    targets = {ann: seat("bob").pk, bob: seat("ann").pk}
    barrier = Barrier(2)

    def demote(by):
        try:
            barrier.wait()
            change_role(acme.pk, targets[by], role=Role.VIEWER, by=by, at=AT)
        except Refused as refused:
            return refused.issues[0].message
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(demote, (ann, bob)))
    assert said == ["Your role in this partner does not reach this any more.", "done"]
    assert sorted(roles().values()) == ["owner", "viewer"]


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one():
    acme = partner("acme", ann="owner", bob="owner")
    people = (person("ann"), person("bob"))
    barrier = Barrier(2)

    def go(one):
        try:
            barrier.wait()
            leave(acme.pk, person=one, at=AT)
        except Refused as refused:
            return refused.issues[0].message
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(go, people))
    assert said == ["A partner always has an owner.", "done"]
    assert list(roles().values()) == ["owner"]

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from assay.core.issues import Refused
from assay.core.rights import Role
from assay.jobs.people.invitations import invite, invite_again, withdraw
from assay.jobs.people.join import join, look_at
from assay.jobs.people.open_invitations import MOST_OPEN
from assay.jobs.people.team import change_role
from assay.store.models import Event, Invitation, Membership, Notice
from tests.people import AT, account, link_in, newest_mail, partner, person, roles, seat

DAYS_6, DAYS_7 = AT + timedelta(days=6), AT + timedelta(days=7)
pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return partner("acme", ann="owner", bob="finance")


def asked(acme, email="dan@new.example", role=Role.VIEWER):
    """Invite an address and return the invitation with the secret of its link."""
    made = invite(acme.pk, email=email, role=role, by=person("ann"), at=AT)
    return made, link_in(newest_mail(), "invitations/").split("/")[2]


def test_an_invitation_goes_to_the_address_and_holds_no_readable_secret(acme):
    made, secret = asked(acme)
    mail = newest_mail()
    assert (mail.to, mail.subject) == (
        "dan@new.example",
        "Join Acme in the Marketplace Partner Program",
    )
    assert (made.role, made.expires_at) == ("viewer", DAYS_7)
    assert secret not in made.digest
    assert Event.objects.get().words == "Ann invited dan@new.example as viewer"


def test_whose_address_is_invited_joins(acme):
    _, secret = asked(acme)
    dan = account("dan@new.example", name="Dan")
    assert look_at(secret, at=DAYS_6).partner == "Acme"
    join(secret, person=dan, at=DAYS_6)
    joined = Membership.objects.get(person=dan)
    assert (joined.partner, joined.role, joined.since) == (acme, "viewer", DAYS_6)
    assert [(one.person, one.subject) for one in Notice.objects.all()] == [
        (person("ann"), "Dan joined Acme as viewer")
    ]


def test_a_second_address_of_an_account_joins_once_it_is_confirmed(acme):
    _, secret = asked(acme)
    dan = account("dan@home.example")
    address = EmailAddress.objects.create(user=dan, email="dan@new.example", verified=False)
    with pytest.raises(Refused, match="for dan@new"):
        join(secret, person=dan, at=AT)
    address.verified = True
    address.save()
    join(secret, person=dan, at=AT)
    assert Membership.objects.filter(person=dan).count() == 1


def test_another_account_with_the_link_does_not_join(acme):
    _, secret = asked(acme)
    with pytest.raises(Refused, match="for dan@new"):
        join(secret, person=account("eve@evil.example"), at=AT)
    assert roles() == {"ann": "owner", "bob": "finance"}


def test_an_invitation_works_once(acme):
    _, secret = asked(acme)
    dan = account("dan@new.example")
    join(secret, person=dan, at=AT)
    Membership.objects.filter(person=dan).delete()
    with pytest.raises(Refused, match="accepted already"):
        join(secret, person=dan, at=AT)


def test_an_invitation_is_over_after_seven_days(acme):
    _, secret = asked(acme)
    dan = account("dan@new.example")
    with pytest.raises(Refused, match="does not work"):
        join(secret, person=dan, at=DAYS_7)


def test_sent_again_it_has_a_new_link_and_seven_more_days(acme):
    made, old = asked(acme)
    invite_again(acme.pk, made.pk, by=person("ann"), at=DAYS_6)
    fresh = link_in(newest_mail(), "invitations/").split("/")[2]
    with pytest.raises(Refused, match="does not work"):
        look_at(old, at=DAYS_6)
    assert look_at(fresh, at=DAYS_6).expires_at == DAYS_6 + timedelta(days=7)


def test_withdrawn_it_does_not_work(acme):
    made, secret = asked(acme)
    withdraw(acme.pk, made.pk, by=person("ann"), at=AT)
    with pytest.raises(Refused, match="does not work"):
        look_at(secret, at=AT)
    with pytest.raises(Refused, match="not open"):
        invite_again(acme.pk, made.pk, by=person("ann"), at=AT)


def test_an_address_is_invited_once_and_members_not_at_all(acme):
    asked(acme)
    with pytest.raises(Refused, match="invited already"):
        asked(acme, "DAN@new.example")
    with pytest.raises(Refused, match="in the team already"):
        asked(acme, "bob@acme.example")


def test_an_expired_invitation_makes_room_for_another(acme):
    asked(acme)
    invite(acme.pk, email="dan@new.example", role=Role.VIEWER, by=person("ann"), at=DAYS_7)
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OWNER])
def test_only_owners_invite(acme, role):
    with pytest.raises(Refused):
        invite(acme.pk, email="dan@new.example", role=role, by=person("bob"), at=AT)
    assert Invitation.objects.count() == 0


def test_an_owner_of_another_partner_does_not_invite_resend_or_withdraw(acme):
    partner("other", olga="owner")
    made, _ = asked(acme)
    olga = person("olga", "other")
    for act in (invite_again, withdraw):
        with pytest.raises(Refused):
            act(acme.pk, made.pk, by=olga, at=AT)
    other = olga.memberships.get().partner
    for act in (invite_again, withdraw):
        with pytest.raises(Refused, match="not open"):
            act(other.pk, made.pk, by=olga, at=AT)


def test_who_was_invited_by_somebody_without_the_right_does_not_join(acme):
    """As a last resort: such invitations are withdrawn when the right is taken away."""
    made, secret = asked(acme, role=Role.OWNER)
    change_role(acme.pk, seat("bob").pk, role=Role.OWNER, by=person("ann"), at=AT)
    change_role(acme.pk, seat("ann").pk, role=Role.VIEWER, by=person("bob"), at=AT)
    Invitation.objects.filter(pk=made.pk).update(withdrawn_at=None)
    with pytest.raises(Refused, match="does not work"):
        join(secret, person=account("dan@new.example"), at=AT)


def test_fifty_invitations_are_enough(acme):
    Invitation.objects.bulk_create(
        Invitation(
            partner=acme,
            email=f"{number}@new.example",
            role="viewer",
            digest=str(number),
            invited_by=person("ann"),
            invited_at=AT,
            expires_at=DAYS_7,
        )
        for number in range(MOST_OPEN)
    )
    with pytest.raises(Refused, match="50 invitations are open"):
        asked(acme)

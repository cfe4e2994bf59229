from __future__ import annotations

import pytest
from django.test import Client

from assay.core.rights import Role
from assay.jobs.people.invitations import invite
from assay.store.models import Event, Invitation, Membership, Person
from tests.people import AT, account, link_in, newest_mail, partner, person, roles, seat, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return partner("acme", ann="owner", bob="finance", cleo="viewer")


@pytest.fixture
def other():
    return partner("other", olga="owner", omar="viewer")


@pytest.fixture
def owner(client, acme):  # noqa: ARG001 - the owner is in its team
    sign_in(client, "ann@acme.example")
    return client


def test_the_page_tells_who_has_access_and_who_is_invited(owner, acme):
    invite(acme.pk, email="dan@new.example", role=Role.VIEWER, by=person("ann"), at=AT)
    page = owner.get("/portal/acme/team/").content.decode()
    for words in ("3 people have access", "bob@acme.example", "Finance", "dan@new.example"):
        assert words in page
    assert "expired" in page


@pytest.mark.usefixtures("acme")
def test_a_viewer_sees_the_team_and_no_way_to_change_it(client):
    sign_in(client, "cleo@acme.example")
    page = client.get("/portal/acme/team/").content.decode()
    assert "bob@acme.example" in page
    assert "/portal/acme/team/invite/" not in page


@pytest.mark.usefixtures("acme")
def test_an_owner_invites_and_the_invited_newcomer_joins(owner):
    form = {"email": "dan@new.example", "role": "viewer"}
    assert owner.post("/portal/acme/team/invite/", form)["Location"] == "/portal/acme/team/"
    link = link_in(newest_mail(), "invitations/")
    newcomer = Client()
    page = newcomer.get(link).content.decode()
    assert "Join Acme" in page
    assert f"/sign-up/?email=dan%40new.example&amp;next={link}" in page
    newcomer.post(
        "/sign-up/",
        {"name": "Dan", "email": "dan@new.example", "password1": "five of them here", "next": link},
    )
    assert newcomer.post(link_in(newest_mail(), "sign-up/"))["Location"] == link
    assert b"Join</button>" in newcomer.get(link).content
    assert newcomer.post(link)["Location"] == "/portal/acme/"
    assert roles() == {"ann": "owner", "bob": "finance", "cleo": "viewer", "dan": "viewer"}
    assert newcomer.get("/portal/acme/team/").status_code == 200
    assert newcomer.get(link).status_code == 410


@pytest.mark.usefixtures("acme")
def test_another_account_sees_that_the_invitation_is_not_its(owner):
    owner.post("/portal/acme/team/invite/", {"email": "dan@new.example", "role": "viewer"})
    link = link_in(newest_mail(), "invitations/")
    account("eve@evil.example")
    eve = Client()
    sign_in(eve, "eve@evil.example")
    assert b"is not a confirmed address of your account" in eve.get(link).content
    assert eve.post(link)["Location"] == link
    assert "dan" not in roles()
    assert "eve" not in roles()


@pytest.mark.usefixtures("acme")
def test_who_is_not_signed_in_does_not_join_by_posting(owner):
    owner.post("/portal/acme/team/invite/", {"email": "dan@new.example", "role": "viewer"})
    assert Client().post(link_in(newest_mail(), "invitations/")).status_code == 200
    assert len(roles()) == 3


def test_a_refusal_is_said_beside_the_form(owner):
    form = {"email": "bob@acme.example", "role": "viewer"}
    assert b"in the team already" in owner.post("/portal/acme/team/invite/", form).content


PAGES = [
    ("invite/", {"email": "dan@new.example", "role": "owner"}),
    ("{bob}/", {"role": "owner"}),
    ("{bob}/remove/", {}),
    ("transfer/", {"member": "{bob}", "own_role": "viewer"}),
    ("invited/{open}/again/", {}),
    ("invited/{open}/withdraw/", {}),
]


def filled(text, acme):
    known = {"bob": seat("bob").pk, "open": Invitation.objects.get(partner=acme).pk}
    return text.format(**known)


@pytest.mark.parametrize(("path", "form"), PAGES)
@pytest.mark.parametrize("name", ["bob", "cleo"])
def test_who_is_no_owner_changes_nothing(client, acme, path, form, name):
    invite(acme.pk, email="dee@new.example", role=Role.VIEWER, by=person("ann"), at=AT)
    sign_in(client, f"{name}@acme.example")
    body = {key: filled(value, acme) for key, value in form.items()}
    assert client.post(f"/portal/acme/team/{filled(path, acme)}", body).status_code == 403
    assert roles() == {"ann": "owner", "bob": "finance", "cleo": "viewer"}
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.parametrize(("path", "form"), PAGES)
@pytest.mark.usefixtures("other")
def test_an_owner_of_another_partner_finds_nothing_here(client, acme, path, form):
    invite(acme.pk, email="dee@new.example", role=Role.VIEWER, by=person("ann"), at=AT)
    sign_in(client, "olga@other.example")
    body = {key: filled(value, acme) for key, value in form.items()}
    assert client.post(f"/portal/acme/team/{filled(path, acme)}", body).status_code == 404
    assert roles() == {"ann": "owner", "bob": "finance", "cleo": "viewer"}


@pytest.mark.usefixtures("other")
def test_members_and_invitations_of_another_partner_are_not_reached_through_ones_own(client, acme):
    made = invite(acme.pk, email="dee@new.example", role=Role.VIEWER, by=person("ann"), at=AT)
    sign_in(client, "olga@other.example")
    bob = seat("bob").pk
    assert client.get(f"/portal/other/team/{bob}/").status_code == 404
    assert client.post(f"/portal/other/team/{bob}/", {"role": "viewer"}).status_code == 404
    assert client.post(f"/portal/other/team/{bob}/remove/").status_code == 404
    for act in ("again", "withdraw"):
        client.post(f"/portal/other/team/invited/{made.pk}/{act}/")
    body = {"member": bob, "own_role": "viewer"}
    assert client.post("/portal/other/team/transfer/", body).status_code == 200
    assert roles() == {"ann": "owner", "bob": "finance", "cleo": "viewer"}
    assert roles("other") == {"olga": "owner", "omar": "viewer"}
    made.refresh_from_db()
    assert (made.withdrawn_at, made.digest) == (None, Invitation.objects.get().digest)


def test_what_the_form_does_not_ask_is_not_taken(owner, acme, other):
    form = {
        "email": "dan@new.example",
        "role": "viewer",
        "partner": other.pk,
        "partner_id": other.pk,
        "tier": "platinum",
        "is_staff": "true",
        "staff_role": "administrator",
        "accepted_at": "2026-01-01",
    }
    owner.post("/portal/acme/team/invite/", form)
    made = Invitation.objects.get()
    assert (made.partner, made.role, made.accepted_at) == (acme, "viewer", None)
    owner.post(f"/portal/acme/team/{seat('bob').pk}/", {**form, "person": person("cleo").pk})
    assert (seat("bob").role, seat("bob").person.staff_role) == ("viewer", "")
    assert set(Person.objects.values_list("staff_role", flat=True)) == {""}


@pytest.mark.parametrize("role", ["administrator", "", "OWNER", "owner;--"])
def test_a_role_that_there_is_not_is_refused(owner, role):
    owner.post(f"/portal/acme/team/{seat('bob').pk}/", {"role": role})
    assert seat("bob").role == "finance"


@pytest.mark.usefixtures("acme")
def test_a_demoted_owner_is_refused_at_the_next_request(owner):
    assert owner.get("/portal/acme/team/invite/").status_code == 200
    Membership.objects.filter(person=person("ann")).update(role="viewer")
    assert owner.get("/portal/acme/team/invite/").status_code == 403


@pytest.mark.usefixtures("acme")
def test_a_removed_member_is_out_at_the_next_request(owner):
    bob = Client()
    sign_in(bob, "bob@acme.example")
    assert bob.get("/portal/acme/team/").status_code == 200
    owner.post(f"/portal/acme/team/{seat('bob').pk}/remove/")
    assert bob.get("/portal/acme/team/").status_code == 404


@pytest.mark.usefixtures("acme")
def test_ownership_is_handed_over_and_the_former_owner_is_shut_out_at_once(owner):
    body = {"member": seat("bob").pk, "own_role": "support"}
    assert owner.post("/portal/acme/team/transfer/", body)["Location"] == "/portal/acme/team/"
    assert roles() == {"ann": "support", "bob": "owner", "cleo": "viewer"}
    assert owner.get("/portal/acme/team/transfer/").status_code == 403
    assert owner.post("/portal/acme/team/transfer/", body).status_code == 403
    assert Event.objects.filter(act="ownership_transferred").count() == 1


@pytest.mark.usefixtures("acme")
def test_handing_over_asks_again_who_it_is_after_a_quarter_of_an_hour(owner):
    session = owner.session
    session["signed_in_at"] -= 901
    for entry in session["account_authentication_methods"]:
        entry["at"] -= 901
    session.save()
    body = {"member": seat("bob").pk, "own_role": "leave"}
    asked = owner.post("/portal/acme/team/transfer/", body)
    assert asked["Location"] == "/account/confirm/?next=%2Fportal%2Facme%2Fteam%2Ftransfer%2F"
    assert roles()["ann"] == "owner"
    confirmed = {"password": "four words nobody guesses", "next": "/portal/acme/team/transfer/"}
    assert owner.post("/account/confirm/", confirmed)["Location"] == "/portal/"
    assert roles() == {"bob": "owner", "cleo": "viewer"}


def test_the_last_owner_does_not_leave(owner):
    assert owner.post("/account/leave/acme/")["Location"] == "/account/leave/acme/"
    assert b"always has an owner" in owner.get("/account/leave/acme/").content
    assert roles()["ann"] == "owner"


@pytest.mark.usefixtures("acme")
def test_a_member_leaves(client):
    sign_in(client, "cleo@acme.example")
    assert b"Leave Acme?" in client.get("/account/leave/acme/").content
    client.post("/account/leave/acme/")
    assert roles() == {"ann": "owner", "bob": "finance"}
    assert client.get("/account/leave/acme/").status_code == 404

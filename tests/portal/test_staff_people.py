from __future__ import annotations

import pytest
from django.test import Client

from assay.core.rights import StaffRole
from assay.jobs.people.staff_people import invite_staff
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Event, Person, StaffInvitation
from tests.people import AT, account, link_in, newest_mail, partner, sign_in

pytestmark = pytest.mark.django_db


def staff(client, name, role):
    found = account(f"{name}@program.example", name=name.title(), staff_role=role)
    sign_in(client, found.email)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return found


@pytest.fixture
def ada(client):
    return staff(client, "ada", StaffRole.ADMINISTRATOR)


@pytest.mark.usefixtures("ada")
def test_the_page_tells_who_is_staff_and_who_has_no_second_factor(client):
    account("sam@program.example", name="Sam", staff_role="support")
    page = client.get("/staff/people/").content.decode()
    for words in ("2 people are in the program team", "Sam", "Support", "Not set"):
        assert words in page


@pytest.mark.usefixtures("ada")
def test_an_administrator_invites_and_the_invited_joins(client):
    form = {"email": "dan@program.example", "role": "auditor"}
    assert client.post("/staff/people/invite/", form)["Location"] == "/staff/people/"
    link = link_in(newest_mail(), "invitations/")
    account("dan@program.example")
    dan = Client()
    sign_in(dan, "dan@program.example")
    assert b"Join the program team" in dan.get(link).content
    assert dan.post(link)["Location"] == "/staff/"
    assert dan.get("/staff/people/")["Location"] == "/account/second-factor/"


@pytest.mark.usefixtures("ada")
def test_an_administrator_changes_and_takes_roles(client):
    sam = account("sam@program.example", name="Sam", staff_role="support")
    assert client.post(f"/staff/people/{sam.pk}/", {"role": "finance"}).status_code == 302
    assert Person.objects.get(pk=sam.pk).staff_role == "finance"
    client.post(f"/staff/people/{sam.pk}/remove/")
    assert Person.objects.get(pk=sam.pk).staff_role == ""


@pytest.mark.usefixtures("ada")
def test_staff_are_out_at_the_next_request_once_the_role_is_taken(client):
    other = Client()
    sam = staff(other, "sam", StaffRole.SUPPORT)
    assert other.get("/staff/people/").status_code == 200
    client.post(f"/staff/people/{sam.pk}/remove/")
    assert other.get("/staff/people/").status_code == 404


def test_the_last_administrator_is_told_why_not(client, ada):
    answer = client.post(f"/staff/people/{ada.pk}/", {"role": "support"})
    assert b"always has an administrator" in answer.content
    assert Person.objects.get(pk=ada.pk).staff_role == "administrator"


@pytest.mark.usefixtures("ada")
def test_a_member_is_not_made_staff_by_number(client):
    partner("acme", ann="owner")
    ann = Person.objects.get(email="ann@acme.example")
    assert client.post(f"/staff/people/{ann.pk}/", {"role": "administrator"}).status_code == 404
    assert Person.objects.get(pk=ann.pk).staff_role == ""


@pytest.mark.parametrize("role", [role for role in StaffRole if role != "administrator"])
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("invite/", {"email": "eve@evil.example", "role": "administrator"}),
        ("{self}/", {"role": "administrator"}),
        ("{self}/remove/", {}),
        ("invited/{open}/again/", {}),
        ("invited/{open}/withdraw/", {}),
    ],
)
def test_other_staff_change_nobody(client, role, path, form):
    ada = account("ada@program.example", staff_role="administrator")
    made = invite_staff(email="dan@program.example", role=StaffRole.SUPPORT, by=ada, at=AT)
    one = staff(client, "one", role)
    path = path.format(self=one.pk, open=made.pk)
    assert client.post(f"/staff/people/{path}", form).status_code == 403
    assert Person.objects.get(pk=one.pk).staff_role == role
    assert StaffInvitation.objects.filter(withdrawn_at=None).get() == made


def test_members_find_no_staff_pages(client):
    partner("acme", ann="owner")
    sign_in(client, "ann@acme.example")
    for path in ("people/", "people/invite/", "record/", "view-as/acme/"):
        assert client.post(f"/staff/{path}").status_code in {404, 405}
        assert client.get(f"/staff/{path}").status_code in {404, 405}


def test_viewing_needs_a_reason_and_every_page_is_recorded(client):
    partner("acme", ann="owner")
    sam = staff(client, "sam", StaffRole.SUPPORT)
    assert client.get("/portal/acme/team/").status_code == 404
    client.post("/staff/view-as/acme/", {"reason": "  "})
    assert client.get("/portal/acme/team/").status_code == 404
    client.post("/staff/view-as/acme/", {"reason": "Ann called: cannot invite"})
    assert b"Everything you open is recorded" in client.get("/portal/acme/team/").content
    client.post("/staff/stop-viewing/")
    assert client.get("/portal/acme/team/").status_code == 404
    assert [
        (event.act, event.words, event.by, event.as_partner)
        for event in Event.objects.exclude(act="signed_in").order_by("pk")
    ] == [
        (
            "viewing_began",
            "Sam began to view the portal as Acme: Ann called: cannot invite",
            sam,
            True,
        ),
        ("page_viewed", "Sam opened /portal/acme/team/ as Acme", sam, True),
        ("viewing_stopped", "Sam stopped viewing the portal as Acme", sam, True),
    ]


def test_viewing_changes_nothing_and_reaches_one_partner(client):
    acme = partner("acme", ann="owner")
    partner("other", olga="owner")
    staff(client, "sam", StaffRole.SUPPORT)
    client.post("/staff/view-as/acme/", {"reason": "a question"})
    seat = acme.memberships.get()
    for path in ("invite/", f"{seat.pk}/", f"{seat.pk}/remove/", "transfer/"):
        assert client.post(f"/portal/acme/team/{path}", {"role": "viewer"}).status_code == 403
    assert client.get("/portal/other/team/").status_code == 404
    page = client.get("/portal/acme/team/").content.decode()
    assert "/portal/acme/team/invite/" not in page
    assert acme.memberships.get().role == "owner"


def test_viewing_ends_with_the_role(client):
    partner("acme", ann="owner")
    sam = staff(client, "sam", StaffRole.SUPPORT)
    client.post("/staff/view-as/acme/", {"reason": "a question"})
    Person.objects.filter(pk=sam.pk).update(staff_role="")
    assert client.get("/portal/acme/team/").status_code == 404


def test_a_partner_that_there_is_not_cannot_be_viewed(client):
    staff(client, "sam", StaffRole.SUPPORT)
    assert client.post("/staff/view-as/nobody/", {"reason": "why"}).status_code == 404

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assay.core.rights import Role
from assay.store.models import Membership, Partner, Person

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return Partner.objects.create(key="P1", slug="acme", name="Acme Demo", created_at=AT)


@pytest.fixture
def member(acme):
    person = Person.objects.create_user("ann@acme.example", joined_at=AT)
    Membership.objects.create(partner=acme, person=person, role=Role.VIEWER, since=AT)
    return person


def test_a_member_opens_the_home_of_the_partner(client, member):
    client.force_login(member)
    assert client.get("/portal/acme/").status_code == 200


def test_another_partner_does_not_exist(client, member):
    Partner.objects.create(key="P2", slug="other", name="Other Demo", created_at=AT)
    client.force_login(member)
    assert client.get("/portal/other/").status_code == 404


def test_a_removed_member_is_out_at_the_next_click(client, member):
    client.force_login(member)
    client.get("/portal/acme/")
    Membership.objects.all().delete()
    assert client.get("/portal/acme/").status_code == 404


def test_staff_pages_do_not_exist_for_members(client, member):
    client.force_login(member)
    assert client.get("/staff/").status_code == 404


def test_staff_without_a_second_factor_are_asked_for_one(client):
    client.force_login(
        Person.objects.create_user("s@demo.example", joined_at=AT, staff_role="support")
    )
    assert client.get("/staff/")["Location"] == "/account/second-factor/"


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get("/portal/acme/")["Location"] == "/sign-in/?next=/portal/acme/"
